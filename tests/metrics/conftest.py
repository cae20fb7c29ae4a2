"""A workspace whose accounts, posts and readings a test writes down by hand, and so can work out the figures of."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from greenroom.core.models import Workspace
from greenroom.creators import history
from greenroom.creators.models import Account, Connection, Creator, Post
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.observations import log
from greenroom.tiktok import auth

EVERYTHING = list(auth.ACCOUNTS_SCOPES)


class Books:
    """Writes accounts, posts and readings into one workspace, and asks about them."""

    def __init__(self, workspace: Workspace, at: datetime) -> None:
        self.workspace, self.at, self._keys = workspace, at, count(1)

    def marketplace(self, *, at: datetime | None = None) -> Connection:
        """The workspace's own marketplace grant, of both generations."""
        at = at or self.at - timedelta(days=90)
        made = Connection.objects.create(
            workspace=self.workspace,
            dialect="marketplace",
            state="active",
            marketplace_ids={"tto": ["1"], "tcm": ["2"]},
            connected_at=at,
        )
        made.consents.create(workspace=self.workspace, who="acme", scopes=[], how="connections page", at=at)
        return made

    def account(self, handle, *, auth=False, member=None, scopes=EVERYTHING, at=None, creator=None) -> Account:
        at = at or self.at - timedelta(days=60)
        creator = creator or Creator.objects.create(workspace=self.workspace, name=handle.title(), created_at=at)
        made = Account.objects.create(
            workspace=self.workspace, creator=creator, handle=handle, origin="crm", official_since=at, created_at=at
        )
        if auth:
            self.grant(made, scopes=scopes, at=at)
        if member is not None:
            history.note_membership(made, member, at=at)
        return made

    def grant(self, account, *, scopes=EVERYTHING, at=None) -> Connection:
        """The creator's own grant, over the Accounts API."""
        at = at or self.at
        made, _ = Connection.objects.update_or_create(
            workspace=self.workspace,
            account=account,
            dialect="accounts",
            defaults={"state": "active", "scopes": scopes, "connected_at": at},
        )
        made.consents.create(workspace=self.workspace, who=account.handle, scopes=scopes, how="application form", at=at)
        history.note_authentication(account, by="system", at=at, cause="consent")
        return made

    def post(self, account, item="", *, posted_at=None, basis="manual", media_type="VIDEO") -> Post:
        posted_at = posted_at or self.at - timedelta(days=30)
        return Post.objects.create(
            workspace=self.workspace,
            account=account,
            item_id=item or str(7_000_000_000_000_000_000 + next(self._keys)),
            posted_at=posted_at,
            basis=basis,
            media_type=media_type,
            first_seen_at=posted_at,
            last_seen_at=self.at,
        )

    def read(self, subject, at=None, *, surface="accounts_api", **fields) -> None:
        """One reading of an account or a post, as a stream would append it."""
        at = at or self.at
        kind = "post" if isinstance(subject, Post) else "account"
        account = subject.account_id if kind == "post" else subject.pk
        age = {"age_s": int((at - subject.posted_at).total_seconds())} if kind == "post" else {}
        row = {"account": account, "subject": subject.pk, "observed_at": at, "read_at": at, "surface": surface}
        row |= {"source_class": "sandbox", **age, **fields}
        log.append(self.workspace, kind, [row], key=f"{self.workspace.slug} reading {next(self._keys)}", at=at)

    def days(self, account, told, at=None, *, surface="accounts_api", source_class="sandbox", **more) -> None:
        """One reading in which TikTok tells days of an account: {date: {field: value}}."""
        at = at or self.at
        common = {"account": account.pk, "subject": account.pk, "observed_at": at, "read_at": at, "surface": surface}
        common |= {"source_class": source_class, **more}
        rows = [{**common, "date": date, **fields} for date, fields in told.items()]
        log.append(self.workspace, "account_day", rows, key=f"{self.workspace.slug} days {next(self._keys)}", at=at)

    def ask(self, *names, by=(), **more):
        return metrics.measure(Query(tuple(names), by=tuple(by), **more), self.workspace, at=self.at)

    def figure(self, name, **more):
        """The one figure of a question that splits by nothing."""
        return self.ask(name, **more).only[name]


@pytest.fixture
def books(acme, at) -> Books:
    return Books(acme.workspace, at)


@pytest.fixture
def four(books):
    """ANA, BEN, CYD and DOV: every combination of authenticated and in the marketplace."""
    books.marketplace()
    return {
        "ana": books.account("ana", auth=True, member=True),
        "ben": books.account("ben", auth=True, member=False),
        "cyd": books.account("cyd", member=True),
        "dov": books.account("dov", member=False),
    }


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


@pytest.fixture
def story(books):
    """Ana's first post of 1 February read before and in the window, her second published in it; Ben's read once."""
    ana = books.account("ana", auth=True, at=day(1).replace(month=1))
    ben = books.account("ben", auth=True, at=day(1).replace(month=1))
    first = books.post(ana, "7300000000000000001", posted_at=day(1).replace(month=2))
    second = books.post(ana, "7300000000000000002", posted_at=day(2))
    third = books.post(ben, "7300000000000000003", posted_at=day(1).replace(month=2))
    books.read(first, day(1).replace(month=2, day=27), views=1000, likes=90, comments=5, shares=5)
    books.read(first, day(2), views=1100, likes=95, comments=5, shares=5)
    books.read(first, day(4), views=1500, likes=120, comments=10, shares=10)
    books.read(second, day(3), views=200, likes=20, comments=0, shares=0)
    books.read(second, day(4), views=500, likes=40, comments=5, shares=5)
    books.read(third, day(4), views=700, likes=7, comments=0)  # no shares: no engagement
    for number, followers in ((2, 100), (4, 140)):
        books.read(ana, day(number), followers=followers)
    books.read(ben, day(6), followers=30)
    told = {1: (10, 98), 2: (20, 100), 4: (40, 140)}  # TikTok left out the third
    books.days(ana, {day(n).date(): {"video_views": views, "followers": left} for n, (views, left) in told.items()})
    books.days(ben, {day(2).date(): {"video_views": 7, "followers": 30}, day(4).date(): {"video_views": 5}})
    return books
