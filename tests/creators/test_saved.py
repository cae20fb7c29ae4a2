"""Saved views of a list."""

import pytest

from greenroom.core.models import Event
from greenroom.creators import saved
from greenroom.creators.models import View
from greenroom.creators.naming import Unfit


def keep(member, name, at, *, query="support=cannot", shared=False):
    return saved.save(member, page="creators", name=name, query=query, shared=shared, at=at)


def test_a_view_keeps_the_query_without_the_place_in_it(acme, at):
    view = keep(acme.mia, " Food  people ", at, query="?label=3&page=4&view=9&label=1&q=")
    assert (view.name, view.query) == ("Food people", "label=1&label=3")
    assert Event.objects.get(name="view.saved").data["query"] == "label=1&label=3"


def test_a_private_view_is_seen_by_its_owner_alone(acme, at):
    mine, ours = keep(acme.mia, "Mine", at), keep(acme.mia, "Ours", at, shared=True)
    assert list(saved.seen_by(acme.mia, "creators")) == [mine, ours]
    assert list(saved.seen_by(acme.olga, "creators")) == [ours]
    assert list(saved.seen_by(acme.eve, "creators")) == []
    assert list(saved.seen_by(acme.mia, "posts")) == []


def test_only_who_saved_it_changes_or_deletes_it(acme, at):
    ours = keep(acme.mia, "Ours", at, shared=True)
    for act in (
        lambda: saved.change(ours, name="Mine", query="", shared=False, member=acme.olga, at=at),
        lambda: saved.remove(ours, member=acme.olga, at=at),
    ):
        with pytest.raises(saved.NotYours):
            act()
    saved.change(ours, name="Theirs", query="support=can", shared=True, member=acme.mia, at=at)
    assert Event.objects.get(name="view.changed").data["before"]["name"] == "Ours"
    saved.remove(ours, member=acme.mia, at=at)
    assert Event.objects.get(name="view.removed").data["before"]["query"] == "support=can"
    assert not View.objects.exists()


def test_a_name_stands_once_among_those_somebody_sees(acme, at):
    keep(acme.mia, "Ours", at, shared=True)
    with pytest.raises(Unfit):
        keep(acme.olga, "OURS", at)
    keep(acme.olga, "Mine", at)
    keep(acme.mia, "Mine", at)


def test_everybody_has_one_default_or_none(acme, at):
    first, second = keep(acme.mia, "First", at, shared=True), keep(acme.mia, "Second", at, shared=True)
    saved.greet(acme.mia, page="creators", view=first, at=at)
    saved.greet(acme.olga, page="creators", view=first, at=at)
    saved.greet(acme.mia, page="creators", view=second, at=at)
    assert saved.default_of(acme.mia, "creators") == second
    assert saved.default_of(acme.olga, "creators") == first
    saved.greet(acme.mia, page="creators", view=None, at=at)
    assert saved.default_of(acme.mia, "creators") is None


def test_a_view_that_is_no_longer_shared_greets_nobody_else(acme, at):
    ours = keep(acme.mia, "Ours", at, shared=True)
    saved.greet(acme.olga, page="creators", view=ours, at=at)
    saved.change(ours, name="Ours", query=ours.query, shared=False, member=acme.mia, at=at)
    assert saved.default_of(acme.olga, "creators") is None


def test_a_query_too_long_to_keep_is_refused(acme, at):
    with pytest.raises(Unfit):
        keep(acme.mia, "Long", at, query="q=" + "x" * 1001)
