"""A noun's moves are one table."""

import pytest

from greenroom.core.models import Event
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators.models import Connection


@pytest.fixture
def grant(acme):
    return Connection.objects.create(workspace=acme.workspace, dialect="marketplace", state="pending")


def test_a_move_is_kept_with_who_and_when(grant, acme, at):
    event = grant.move("active", by=acme.mia.by, at=at)
    assert (event.name, event.by, event.at, event.data) == ("connection.active", acme.mia.by, at, {"was": "pending"})
    grant.refresh_from_db()
    assert grant.state == "active"


def test_a_step_that_is_not_in_the_table_changes_nothing(grant, acme, at):
    with pytest.raises(IllegalMove, match="pending; it can't become revoked"):
        grant.move("revoked", by=acme.mia.by, at=at)
    grant.refresh_from_db()
    assert grant.state == "pending"
    assert not Event.objects.filter(name="connection.revoked").exists()


def test_who_comes_second_loses_the_race(grant, acme, at):
    twin = Connection.objects.get(pk=grant.pk)
    grant.move("active", by=acme.mia.by, at=at)
    with pytest.raises(LostRace):
        twin.move("active", by=acme.mia.by, at=at)
    assert Event.objects.filter(name="connection.active").count() == 1


def test_buttons_follow_permissions(grant, acme, at):
    grant.move("active", by=acme.mia.by, at=at)
    assert grant.moves(acme.mia.permissions) == ["revoked"]
    assert grant.moves(acme.vic.permissions) == []
