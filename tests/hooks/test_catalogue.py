"""The catalogue names every event there is; docs, form and endpoints follow it."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from greenroom.core.state import Stateful
from greenroom.core.work import QUEUES
from greenroom.hooks import catalogue

ROOT = Path(__file__).parents[2]
SOURCES = [path for path in (ROOT / "greenroom").rglob("*.py") if not {"sandbox", "migrations"} & set(path.parts)]


def texts(node: ast.AST, tree: ast.AST) -> list[str]:
    """The strings an argument may be: a literal, either side of a condition, what a name of the file was set to, or
    what the file's own calls hand over for a parameter."""
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return texts(body, tree) + texts(orelse, tree)
        case ast.Name(id=name):
            return [text for value in [*assigned(name, tree), *handed(name, tree)] for text in texts(value, tree)]
    return []


def assigned(name: str, tree: ast.AST) -> list[ast.expr]:
    found = [one for one in ast.walk(tree) if isinstance(one, ast.Assign)]
    return [one.value for one in found if any(isinstance(t, ast.Name) and t.id == name for t in one.targets)]


def handed(name: str, tree: ast.AST) -> list[ast.expr]:
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    places = {one.name: [arg.arg for arg in one.args.args].index(name) for one in functions
              if name in [arg.arg for arg in one.args.args]}  # fmt: skip
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    return [one.args[places[one.func.id]] for one in calls if places.get(one.func.id, len(one.args)) < len(one.args)]


def calls(function: str):
    """Every call of events.<function>, with its file and the strings its name may be; none for one made up at run."""
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == function
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id.endswith("events")
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", texts(node.args[1], tree)


def stateful() -> list[type[Stateful]]:
    return [model for model in apps.get_models() if issubclass(model, Stateful)]


def test_every_noted_event_is_in_the_catalogue():
    known = catalogue.NAMES
    # Made up from a row's kind, see test_every_queue_of_a_workspace_can_be_retried; or named by a constant.
    exempt = {"greenroom/syncs/actions.py", "greenroom/hooks/actions.py", "greenroom/core/events.py"}
    for where, names in calls("note"):
        assert names or where.split(":")[0] in exempt, f"{where}: this test can't see the name"
        assert set(names) <= known, where


def test_every_recorded_event_is_in_the_catalogue():
    verbs = {name.partition(".")[2] for name in catalogue.NAMES}
    seen = 0
    for where, names in calls("record"):
        if where.startswith(("greenroom/core/state.py", "greenroom/core/events.py")):
            continue
        assert names, f"{where}: this test can't see the name"
        assert set(names) <= verbs, where
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("model", stateful(), ids=lambda model: model.__name__)
def test_every_state_a_row_can_move_to_is_in_the_catalogue(model):
    moves = {f"{model._meta.model_name}.{to}" for ways in model.MOVES.values() for to in ways}
    assert moves <= catalogue.NAMES


def test_every_queue_of_a_workspace_can_be_retried():
    scoped = [model for model in QUEUES if any(field.name == "workspace" for field in model._meta.get_fields())]
    assert {f"{model._meta.model_name}.retried" for model in scoped} <= catalogue.NAMES


def test_names_are_noun_and_verb_and_told_once():
    names = [kind.name for group in catalogue.GROUPS for kind in group.kinds]
    assert len(names) == len(set(names))
    for kind in (kind for group in catalogue.GROUPS for kind in group.kinds):
        assert kind.name.count(".") == 1
        assert kind.name == kind.name.lower()
        assert kind.when.endswith(".")
        assert not {"event_id", "workspace", "subject", "by", "truncated"} & set(kind.data), kind.name


def test_the_page_of_the_documentation_is_made_from_it():
    told = (ROOT / "docs/events.md").read_text()
    assert told == catalogue.page(), "python -m greenroom.hooks.catalogue > docs/events.md"


def test_a_choice_stands_for_names():
    assert catalogue.covers("*", "account.added")
    assert catalogue.covers("account.*", "account.added")
    assert not catalogue.covers("account.*", "accounts.added")
    assert not catalogue.covers("account.added", "account.added_again")
    assert not catalogue.covers("account", "account.added")
    assert catalogue.unknown(["account.*", "*", "nothing.*", "account.nothing"]) == ["nothing.*", "account.nothing"]


def test_what_is_chosen_twice_is_kept_once():
    assert catalogue.shortest(["*", "account.*", "sync.finished"]) == ["*"]
    assert catalogue.shortest(["account.added", "account.*", "sync.finished"]) == ["account.*", "sync.finished"]
    assert catalogue.shortest([]) == []
