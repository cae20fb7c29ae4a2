"""Pages cost a constant number of queries, however much they show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.core import clock
from greenroom.creators import details, fields, labels, lists, notes
from greenroom.creators.models import Account, Connection, Creator, Field, Label, List, Post
from greenroom.observations import log
from greenroom.syncs.models import Sync
from greenroom.tiktok import auth

GRANTS = (tuple(auth.ACCOUNTS_SCOPES), tuple(auth.ACCOUNTS_SCOPES[:-2]))
KINDS = ((True, True), (True, False), (False, True), (False, False))


def fill(workspace, count: int) -> Creator:
    """As many accounts of every kind, each with a post, readings, a grant and a sync."""
    at = clock.now() - timedelta(hours=2)
    for n in range(count):
        creator = Creator.objects.create(workspace=workspace, name=f"C{n}", created_at=at)
        authenticated, member = KINDS[n % 4]
        account = Account.objects.create(
            workspace=workspace, creator=creator, handle=f"c{n}-{count}", origin="crm", created_at=at,
            authenticated=authenticated, in_marketplace=member, official_since=at,
        )  # fmt: skip
        grant = Connection.objects.create(
            workspace=workspace, account=account, dialect="accounts", scopes=list(GRANTS[n % 8 // 4]),
            state="active" if authenticated else "lapsed",
        )  # fmt: skip
        grant.consents.create(workspace=workspace, who=creator.name, how="test", at=at)
        Sync.objects.create(
            workspace=workspace,
            account=account,
            connection=grant,
            stream="organic_posts",
            due_at=clock.now(),
            last_ok_at=at,
        )
        told = {"by": "member:1", "at": at}
        labels.put(Label.objects.first() or labels.make(workspace, name="food", **told), [creator], **told)
        lists.add(List.objects.first() or lists.make(workspace, name="Spring", **told), [creator], **told)
        rate = Field.objects.first() or fields.make(workspace, name="Rate", kind="number", **told)
        details.change(creator, {}, values={rate: n}, **told)
        post = Post.objects.create(
            workspace=workspace,
            account=account,
            item_id=f"{count}-{n}",
            posted_at=at,
            first_seen_at=at,
            last_seen_at=at,
        )
        common = {"account": account.pk, "observed_at": at, "source_class": "sandbox", "surface": "accounts_api"}
        log.append(workspace, "account", [{**common, "subject": account.pk, "followers": n}], key=f"a{post.pk}", at=at)
        log.append(workspace, "post", [{**common, "subject": post.pk, "views": 10 * n}], key=f"p{post.pk}", at=at)
    return creator


def cost(client, path: str) -> int:
    client.get(path)  # what a process looks up once is not counted
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(answer.content) > 1000
    return len(asked)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "creators/",
        "creators/?sort=handle",
        "creators/?reason=scope_missing&sort=-last_read",
        "settings/fields/",
        "connections/",
        "jobs/",
        "sources/",
    ],
)
def test_more_rows_cost_no_more_queries(acme, client, page):
    client.force_login(acme.olga.user)
    path = f"/w/acme/{page}"
    fill(acme.workspace, 8)
    few = cost(client, path)
    fill(acme.workspace, 24)
    assert cost(client, path) == few <= 40


def test_a_profile_with_more_posts_and_accounts_costs_no_more(acme, client):
    client.force_login(acme.olga.user)
    creator = fill(acme.workspace, 1)
    path = f"/w/acme/creators/{creator.pk}/"
    few = cost(client, path)
    fill(acme.workspace, 12)
    Account.objects.exclude(creator=creator).update(creator=creator)
    Post.objects.update(account=creator.accounts.order_by("pk").first())
    assert cost(client, path) == few <= 54


@pytest.mark.parametrize("page", ["notes/", "activity/", "edit/", "posts/"])
def test_more_notes_and_more_that_happened_cost_no_more(acme, client, page):
    client.force_login(acme.olga.user)
    creator = fill(acme.workspace, 1)
    path = f"/w/acme/creators/{creator.pk}/{page}"
    for n in range(3):
        notes.add(creator, text=f"Note {n}", author=acme.mia, at=clock.now())
    few = cost(client, path)
    for n in range(30):
        notes.add(creator, text=f"More {n}", author=acme.mia, at=clock.now())
        details.change(creator, {"about": str(n)}, by=acme.olga.by, at=clock.now())
    assert cost(client, path) == few <= 40
