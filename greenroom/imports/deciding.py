"""What becomes of each row, given what there is already: made, changed, read, known or repeated. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from greenroom.imports.known import Known, KnownAccount, KnownPost, Told
from greenroom.imports.records import Record

REPEATED = {
    "creators": "A creator stands in the file again, for the same time with other values; the row further up is kept",
    "posts": "A post stands in the file again, for the same time with other values; the row further up is kept",
    "account_days": "A day stands in the file again with other values; the row further up is kept",
}
BASIS = "manual"
MOST_LABELS = 500
TOO_MANY = f"Labels that would be new are left out: with more than {MOST_LABELS} nobody finds any"


class NewAccount(NamedTuple):
    """An account to be made, with its creator."""

    handle: str
    facts: dict[str, str]


class NewPost(NamedTuple):
    """A post to be made."""

    handle: str  # small letters
    item_id: str
    posted_at: datetime
    facts: dict[str, Any]


class NewValue(NamedTuple):
    """A value to be replaced on a creator or a post."""

    noun: str
    row: int
    field: str
    before: Any
    after: Any


class NewLabel(NamedTuple):
    """A label to be put on the creator of an account."""

    handle: str  # small letters
    label: str


class NewReading(NamedTuple):
    """Figures to be kept: of the post, or else of the account."""

    handle: str  # small letters
    item_id: str
    observed_at: datetime
    posted_at: datetime | None
    basis: str | None
    figures: dict[str, Any]


@dataclass
class Decided:
    """What is to be done about some rows, and how they count."""

    accounts: list[NewAccount] = field(default_factory=list)
    posts: list[NewPost] = field(default_factory=list)
    changes: list[NewValue] = field(default_factory=list)
    readings: list[NewReading] = field(default_factory=list)
    labels: list[NewLabel] = field(default_factory=list)
    again: list[int] = field(default_factory=list)  # keys of rows that were there already
    fingerprints: list[tuple[int, Told]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, list[int]] = field(default_factory=dict)  # words -> [rows, first line]

    def count(self, outcome: str) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    def warn(self, words: str, line: int) -> None:
        seen = self.warnings.setdefault(words, [0, line])
        seen[0] += 1


def decide(kind: str, records: Sequence[Record], known: Known, *, of: int) -> Decided:
    """What becomes of these rows of import `of`, in their order. `known` learns from each for those after it."""
    decided = Decided()
    for record in records:
        decided.count(_decide(kind, record, known, decided, of))
        for words in record.warnings:
            decided.warn(words, record.line)
    return decided


def _decide(kind: str, record: Record, known: Known, decided: Decided, of: int) -> str:
    handle, key, digest = record.handle.lower(), record.key, record.digest
    before = known.told.get(key)
    there = handle in known.accounts and (not record.item_id or (handle, record.item_id) in known.posts)
    if before and (before.of == of or key in known.again):
        if before.digest != digest:
            decided.warn(REPEATED[kind], record.line)
        return "repeated"
    if before and before.digest == digest and there:
        known.again.add(key)
        decided.again.append(key)
        return "known"
    made, changed = not there, False
    account = known.accounts.get(handle) or _new_account(record, handle, known, decided)
    if kind == "creators":
        changed = _facts_of_creator(record, account, known, decided)
    post = None
    if record.item_id:
        post, changed = _post(record, handle, known, decided)
    told = Told(digest, of, record.line, before.nth + 1 if before else 0)
    if record.figures:
        _reading(record, handle, post, told.nth, decided)
    known.told[key] = told
    decided.fingerprints.append((key, told))
    if made or (kind == "account_days" and before is None):
        return "new"
    return "updated" if record.figures or changed else "known"


def _new_account(record: Record, handle: str, known: Known, decided: Decided) -> KnownAccount:
    facts: dict[str, str] = {}
    decided.accounts.append(NewAccount(record.handle, facts))
    made = known.accounts[handle] = KnownAccount(0, record.handle, 0, facts, set())
    return made


def _facts_of_creator(record: Record, account: KnownAccount, known: Known, decided: Decided) -> bool:
    """What the file says replaces what is kept; what it leaves out stays. True when anything is new."""
    changed = _labels(record, account, known, decided)
    for name, after in record.facts.items():
        before = account.facts.get(name, "")
        if name != "labels" and after and after != before:
            account.facts[name] = after
            changed = True
            if account.pk:
                decided.changes.append(NewValue("creator", account.creator, name, before, after))
    return changed


def _labels(record: Record, account: KnownAccount, known: Known, decided: Decided) -> bool:
    """Labels are put on beside those that are there; True when one is."""
    changed = False
    for name in record.facts.get("labels", ()):
        low = name.lower()
        if low not in known.labels and len(known.labels) >= MOST_LABELS:
            decided.warn(TOO_MANY, record.line)
        elif low not in account.labels:
            account.labels.add(low)
            decided.labels.append(NewLabel(account.handle.lower(), known.labels.setdefault(low, name)))
            changed = True
    return changed


def _post(record: Record, handle: str, known: Known, decided: Decided) -> tuple[KnownPost, bool]:
    """The post of a row, and whether anything of it is new. What TikTok told stands; a file only adds to it."""
    facts = dict(record.facts)
    posted_at: datetime = facts.pop("posted_at")
    place = handle, record.item_id
    if place not in known.posts:
        decided.posts.append(NewPost(handle, record.item_id, posted_at, facts))
        known.posts[place] = KnownPost(0, handle, posted_at, BASIS, False, facts)
        return known.posts[place], True
    post, changed = known.posts[place], False
    for name, after in facts.items():
        before = post.facts.get(name)
        if after != before and not (post.official and before not in (None, "")):
            post.facts[name] = after
            changed = True
            if post.pk:
                decided.changes.append(NewValue("post", post.pk, name, before, after))
    return post, changed


def _reading(record: Record, handle: str, post: KnownPost | None, nth: int, decided: Decided) -> None:
    at = record.observed_at
    if record.dated and nth and "date" not in record.figures:
        at += timedelta(microseconds=nth)  # a correction is the newer one of two for the same time
    decided.readings.append(
        NewReading(
            handle,
            record.item_id,
            at,
            post.posted_at if post else None,
            post.basis if post else None,
            record.figures,
        )
    )
