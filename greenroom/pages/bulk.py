"""What is done to many creators at once, and what became of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404

from greenroom.core.models import Workspace
from greenroom.creators import actions as creators
from greenroom.creators import labels, lists
from greenroom.creators.models import Account, Creator, Label, List
from greenroom.pages.roster import Roster

MOST = 2_000  # rows of one action
MOST_ASKED = 200  # each is a mail


@dataclass(frozen=True)
class Outcome:
    """What became of one row. `link` is for sending by hand, where nothing was mailed."""

    account: Account
    words: str
    done: bool = True
    link: str = ""


@dataclass(frozen=True)
class Result:
    """What became of all, in a sentence and row by row."""

    words: str
    outcomes: list[Outcome]

    @property
    def needs_reading(self) -> bool:
        """Is there more to know than the sentence says?"""
        return any(one.link or not one.done for one in self.outcomes)


def chosen(roster: Roster, rows: list[str], *, everything: bool) -> list[Account]:
    """The ticked accounts, or all that fit the list's filters."""
    wanted = roster.ids if everything else [int(row) for row in rows if row.isdecimal()]
    mine = Account.objects.within(roster.workspace).select_related("creator", "workspace")
    return list(mine.filter(pk__in=wanted[:MOST]).order_by("handle", "pk"))


def named(do: str, *, label: str, group: str) -> tuple[str, str]:
    """The action and the name it makes something under. Enter in an input says only `new`: which one is filled in?"""
    if do == "new":
        do = "label:new" if label.strip() else "list:new"
    return do, group if do.startswith("list") else label


def run(workspace: Workspace, do: str, accounts: list[Account], *, name: str, by: str, at: datetime) -> Result:
    """Do `verb:id` to these accounts; `name` is of a label or list made on the way (`label:new`).

    Raises KeyError for an unknown verb, Http404 for an unknown label or list, naming.Unfit for an unfit name.
    """
    verb, _, key = do.partition(":")
    return VERBS[verb](workspace, accounts, key, name, by, at)


def _label(
    workspace: Workspace, accounts: list[Account], key: str, name: str, by: str, at: datetime, *, off: bool = False
) -> Result:
    if key == "new":
        label = labels.make(workspace, name=name, hue=_next_hue(workspace), by=by, at=at)
    else:
        label = get_object_or_404(Label.objects.within(workspace), pk=_number(key))
    people = [one.creator for one in accounts]
    changed = (labels.take if off else labels.put)(label, people, by=by, at=at)
    words = ("unlabelled", "did not have it") if off else ("labelled", "had it already")
    return _told(accounts, changed, label.name, *words)


def _list(
    workspace: Workspace, accounts: list[Account], key: str, name: str, by: str, at: datetime, *, off: bool = False
) -> Result:
    if key == "new":
        group = lists.make(workspace, name=name, by=by, at=at)
    else:
        group = get_object_or_404(List.objects.within(workspace), pk=_number(key))
    people = [one.creator for one in accounts]
    changed = (lists.drop if off else lists.add)(group, people, by=by, at=at)
    words = ("taken off the list", "were not on it") if off else ("put on the list", "were on it already")
    return _told(accounts, changed, group.name, *words)


def _ask(workspace: Workspace, accounts: list[Account], key: str, name: str, by: str, at: datetime) -> Result:
    outcomes = []
    for number, one in enumerate(accounts):
        if one.purpose == Account.Purpose.BRAND:
            outcomes.append(Outcome(one, "Brand-owned: it is connected on the Connections page.", done=False))
        elif one.authenticated:
            outcomes.append(Outcome(one, "Authenticated already.", done=False))
        elif number >= MOST_ASKED:
            outcomes.append(Outcome(one, f"Not asked: at most {MOST_ASKED} at once.", done=False))
        else:
            sent = creators.request_authentication(one, by=by, at=at)
            words = f"Mailed to {sent.sent_to}." if sent.sent_to else "No mail went out: send the link yourself."
            outcomes.append(Outcome(one, words, link="" if sent.sent_to else sent.link))
    asked = sum(one.done for one in outcomes)
    return Result(f"{asked} of {len(accounts)} asked to authenticate.", outcomes)


def _told(accounts: list[Account], changed: list[Creator], name: str, did: str, did_not: str) -> Result:
    new = {one.pk for one in changed}
    people = {one.creator_id for one in accounts}
    words = f"{len(new)} creator{'' if len(new) == 1 else 's'} {did}: {name}."
    if left := len(people) - len(new):
        words += f" {left} {did_not}."
    return Result(words, [Outcome(one, did if one.creator_id in new else did_not) for one in accounts])


def _next_hue(workspace: Workspace) -> int:
    return Label.objects.within(workspace).count() % len(Label.HUES) + 1


def _number(key: str) -> int:
    return int(key) if key.isdecimal() else 0


def _off(verb: Callable[..., Result]) -> Callable[..., Result]:
    return lambda *told: verb(*told, off=True)


VERBS: Mapping[str, Callable[..., Result]] = {
    "label": _label,
    "unlabel": _off(_label),
    "list": _list,
    "unlist": _off(_list),
    "ask": _ask,
}
