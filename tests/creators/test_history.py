"""The two attributes over time (ACC-21), and who may change them (ACC-08)."""

import ast
import inspect
from datetime import timedelta
from pathlib import Path

import greenroom.creators
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import history
from greenroom.creators.models import Account, StateChange


def test_the_state_at_any_past_instant_can_be_asked_for(people, workspace, marketplace, at):
    hours = [people.later(at, hours=n) for n in range(4)]
    people.world.clock.set(at)
    cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=hours[0])
    people.later(at, hours=1)
    connection = people.consent(workspace, "cyd", at=hours[1])
    people.later(at, hours=2)
    creators.withdraw(connection, by=f"creator:{cyd.creator_id}", at=hours[2])
    creators.note_membership(cyd, False, at=hours[3])
    before = at - timedelta(microseconds=1)
    assert creators.account_at(cyd, before) == (False, None)
    assert [creators.account_at(cyd, hour) for hour in hours] == [
        (False, True),
        (True, True),
        (False, True),
        (False, False),
    ]
    assert creators.account_at(cyd, hours[1] + timedelta(minutes=59)) == (True, True)


def test_each_change_says_who_and_why(people, workspace, at):
    connection = people.consent(workspace, "ben", at=at)
    change = StateChange.objects.get(attribute="authenticated")
    assert change.by == f"creator:{connection.account.creator_id}"
    assert change.cause == "application form"
    assert Event.objects.filter(name="account.authenticated", subject=f"account:{connection.account_id}").exists()


def test_the_same_answer_twice_is_one_change(people, workspace, marketplace, at):
    cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
    later = at + timedelta(hours=1)
    creators.note_membership(cyd, True, at=later)
    assert StateChange.objects.filter(attribute="in_marketplace").count() == 1
    assert cyd.marketplace_checked_at == later


def test_no_answer_changes_nothing(people, workspace, marketplace, at):
    cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
    creators.note_membership(cyd, None, at=at + timedelta(hours=1))
    cyd.refresh_from_db()
    assert cyd.in_marketplace is True
    assert cyd.marketplace_checked_at == at


def test_who_reacts_to_membership_is_told_once_per_change(people, workspace, marketplace, at, monkeypatch):
    told = []
    monkeypatch.setattr(history, "ON_MEMBERSHIP", [lambda account, at: told.append(account.in_marketplace)])
    cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
    for value in (True, False, False, True):
        creators.note_membership(cyd, value, at=at)
    assert told == [True, False, True]


def test_noting_authentication_can_only_say_what_is_so(workspace, people, at):
    account = creators.record_legacy(workspace, handle="dov", by="member:1", at=at)
    assert creators.note_authentication(account, by="member:1", at=at, cause="I say so") is False
    account.refresh_from_db()
    assert not account.authenticated
    assert "value" not in inspect.signature(creators.note_authentication).parameters


WRITES = {"create", "update", "get_or_create", "update_or_create"}
ROW = {"Account", "models.Account"}  # the API and the tools for agents have shapes of the same name


def test_nothing_else_in_the_code_writes_the_flag():
    """One assignment in the whole product, in `note_authentication`, and it assigns what the grants say (ACC-08)."""
    root = Path(greenroom.creators.__file__).parents[1]
    writes = []
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                named = {leaf.attr for one in targets for leaf in ast.walk(one) if isinstance(leaf, ast.Attribute)}
                writes += [(path.name, ast.unparse(node.value))] if "authenticated" in named else []
            if isinstance(node, ast.Call) and (
                getattr(node.func, "attr", "") in WRITES or ast.unparse(node.func) in ROW
            ):
                writes += [(path.name, ast.unparse(node)) for word in node.keywords if word.arg == "authenticated"]
    assert writes == [("history.py", "live")]


def test_an_account_that_gave_two_grants_stays_authenticated_until_both_are_gone(people, workspace, at):
    full = people.consent(workspace, "ana", at=at)
    light = people.consent(workspace, "ana", at=at, dialect="login_kit")
    for connection, expected in ((full, True), (light, False)):
        creators.withdraw(connection, by="creator:1", at=at)
        assert Account.objects.get().authenticated is expected
