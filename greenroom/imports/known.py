"""What there is already: accounts, posts and what earlier imports told, looked up for a few thousand rows at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Lower

from greenroom.creators.models import Account, Label, Post
from greenroom.imports.models import Fingerprint, Seen
from greenroom.imports.records import Record

_AT_ONCE = 900  # SQLite's oldest limit on placeholders is 999
FACTS = ("name", "email", "country", "about")
POST_FACTS = ("caption", "share_url", "duration_s")


class KnownAccount(NamedTuple):
    """An account and what is kept of its creator. `pk` is 0 while it is only about to be made."""

    pk: int
    handle: str
    creator: int
    facts: dict[str, str]
    labels: set[str]  # in small letters


class KnownPost(NamedTuple):
    """A post; `official` when TikTok told of it, whose word then stands. `pk` is 0 while it is about to be made."""

    pk: int
    account: str  # handle, small letters
    posted_at: datetime
    basis: str
    official: bool
    facts: dict[str, Any]


class Told(NamedTuple):
    """What was last taken in under a key: by which import, in which line, how many values the key has had."""

    digest: int
    of: int
    line: int
    nth: int


@dataclass
class Known:
    """Everything a decision about some rows looks at, and what was decided about the rows before them."""

    accounts: dict[str, KnownAccount] = field(default_factory=dict)  # by handle in small letters
    posts: dict[tuple[str, str], KnownPost] = field(default_factory=dict)  # by (handle in small letters, item id)
    told: dict[int, Told] = field(default_factory=dict)  # by key
    again: set[int] = field(default_factory=set)  # keys of rows that brought nothing new, of the whole import
    labels: dict[str, str] = field(default_factory=dict)  # in small letters -> as they are written

    def learn(self, workspace: int, records: Sequence[Record], *, of: int) -> None:
        """Look up what these rows of import `of` name, unless it is known. A few questions, however many rows."""
        if not self.labels and any("labels" in record.facts for record in records):
            names = Label.objects.within(workspace).values_list("name", flat=True)
            self.labels = {name.lower(): name for name in names}
        handles = {record.handle.lower() for record in records} - self.accounts.keys()
        for some in _slices(handles):
            self._learn_accounts(workspace, some)
        asked = {(record.handle.lower(), record.item_id) for record in records if record.item_id} - self.posts.keys()
        self._learn_posts({self.accounts[handle].pk: handle for handle, _ in asked if handle in self.accounts}, asked)
        for some in _slices({record.key for record in records} - self.told.keys()):
            columns = ("key", "digest", "of_id", "line", "nth")
            for key, *rest in (
                Fingerprint.objects.within(workspace).filter(key__in=some).order_by("pk").values_list(*columns)
            ):
                self.told[key] = Told(*rest)
            self.again |= set(Seen.objects.filter(of=of, key__in=some).values_list("key", flat=True))

    def _learn_accounts(self, workspace: int, handles: list[str]) -> None:
        rows = Account.objects.within(workspace).annotate(low=Lower("handle")).filter(low__in=handles)
        columns = ("pk", "handle", "creator_id", *(f"creator__{name}" for name in FACTS))
        for pk, handle, creator, *facts in rows.values_list(*columns):
            told = dict(zip(FACTS, facts, strict=True))
            self.accounts[handle.lower()] = KnownAccount(pk, handle, creator, told, set())
        if self.labels:
            self._learn_labels([self.accounts[handle] for handle in handles if handle in self.accounts])

    def _learn_labels(self, accounts: list[KnownAccount]) -> None:
        carried: dict[int, set[str]] = {one.creator: set() for one in accounts}
        worn = Label.creators.through.objects.filter(creator__in=carried)
        for creator, name in worn.values_list("creator", "label__name"):
            carried[creator].add(name.lower())
        for one in accounts:  # of one creator there may be several
            one.labels.update(carried[one.creator])

    def _learn_posts(self, accounts: dict[int, str], asked: set[tuple[str, str]]) -> None:
        accounts.pop(0, None)
        handles = {handle: pk for pk, handle in accounts.items()}
        pairs = [(handles[handle], item) for handle, item in asked if handle in handles]
        for pk, account, item, at, basis, made_by, *facts in posts(pairs):
            handle = accounts[account]
            told = dict(zip(POST_FACTS, facts, strict=True))
            self.posts[handle, item] = KnownPost(pk, handle, at, basis, made_by is None, told)


def posts(pairs: Iterable[tuple[int, str]]) -> Iterator[tuple[Any, ...]]:
    """(pk, account, item id, posted_at, basis, import, caption, share url, length) of these (account, item id).

    By hand: Django can't ask for pairs, and asking for both sides apart looks at every combination.
    """
    names = ("id", "account_id", "item_id", "posted_at", "basis", "import_id", *POST_FACTS)
    columns = ", ".join(f"p.{name}" for name in names)
    for some in _slices(pairs, _AT_ONCE // 2):
        places = ", ".join(["(%s, %s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(
                f"with wanted (account, item) as (values {places}) select {columns} from wanted"  # noqa: S608
                f" cross join {Post._meta.db_table} p where p.account_id = wanted.account and p.item_id = wanted.item",
                [value for pair in some for value in pair],
            )
            for row in cursor.fetchall():
                yield (*row[:3], row[3] if row[3].tzinfo else row[3].replace(tzinfo=UTC), *row[4:])


def _slices(values: Iterable[Any], size: int = _AT_ONCE) -> Iterator[list[Any]]:
    """As many at a time as a statement may name."""
    held = list(values)
    return (held[first : first + size] for first in range(0, len(held), size))
