"""GOV-04, GOV-06, ACC-10, C-18: what was granted opens exactly what it opens, and what is taken back is not read."""

from collections import Counter
from datetime import timedelta

import pytest

from greenroom.core import clock
from greenroom.creators.models import Connection
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions
from greenroom.metrics.query import Query
from greenroom.observations import availability
from greenroom.syncs.models import Sync


def figures(living, handle):
    query = Query(tuple(definitions.METRICS), where=(("account", handle),))
    return metrics.measure(query, living.workspace).only


@pytest.mark.parametrize(
    ("scope", "lost"),
    [
        # The marketplace's public profile has a rate of engagement as well, so that one stays.
        ("biz.creator.insights", {"audience_locales", "avg_views", "completion_rate"}),
        # Followers, likes and number of videos are public there; the daily figures are no row of the table.
        ("user.info.stats", set()),
    ],
)
def test_of_ana_one_scope_less_takes_exactly_the_metrics_that_depend_on_it(living, scope, lost):
    """GOV-04, over TikTok's consent page: everything else she shares stays as it was."""
    before = figures(living, "ana")
    assert all(before[key].value is not None for key in lost)
    ana = living.account("ana")
    living.people.consent(living.workspace, "ana", at=clock.now(), account=ana, without=[scope])
    after = figures(living, "ana")
    changed = {
        key for key in before if (before[key].value, before[key].reason) != (after[key].value, after[key].reason)
    }
    assert changed == lost
    assert {after[key].reason for key in changed} <= {"scope_missing"}
    assert {after[key].value for key in changed} <= {None}


def asked_of(living, before: Counter) -> Counter:
    """The calls TikTok got since, by path."""
    return Counter({path: count for (_, path, _), count in (living.people.world.ledger - before).items()})


def test_after_a_creator_took_consent_back_the_next_tick_asks_nothing_of_the_account(living, olga):
    """GOV-06: all that is still asked for is who is in the marketplace."""
    ben = Connection.objects.get(account__handle="ben")
    olga.post(f"/w/acme/connections/{ben.pk}/withdraw/")
    Sync.objects.exclude(account__handle="ben").exclude(account=None).update(due_at=None)
    before = Counter(living.people.world.ledger)
    assert Sync.objects.filter(account__handle="ben", due_at__isnull=False).exists()  # the tick comes, and finds out
    living.read(clock.now() + timedelta(days=1))
    paths = asked_of(living, before)
    assert [path for path in paths if "creator/status" not in path and "handle" not in path] == []
    assert not Sync.objects.filter(account__handle="ben", due_at__isnull=False).exists()
    assert figures(living, "ben")["followers"].reason == "unsupported_account"


def test_dov_is_asked_about_and_never_read(living):
    """ACC-10, AVA-03, C-18: of DOV there is nothing, and each figure says why, those of posts too."""
    assert not Sync.objects.filter(account__handle="dov").exists()
    assert {figure.value for figure in figures(living, "dov").values()} == {None}
    assert {figure.reason for figure in figures(living, "dov").values()} == {"unsupported_account"}


def test_dov_returns_twenty_five_times_unavailable(living, run_json):
    """AVA-03, from the command line."""
    rows = [definitions.of_row("account", row.key).key for row in availability.shipped("account").rows]
    assert len(rows) == 25
    (told,) = run_json("measure", *rows, "--by", "account", "--where", "account=dov", "-w", "acme")["rows"]
    assert {(told[key]["value"], told[key]["reason"]) for key in rows} == {(None, "unsupported_account")}
