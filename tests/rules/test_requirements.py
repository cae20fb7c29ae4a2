"""docs/requirements.md names what exists: every place, every test, a state for each requirement of this release."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPANS = {"GOV": [*range(1, 12), 13], "ACC": [*range(1, 18), *range(19, 23)], "AVA": range(1, 12),
         "PVA": range(1, 11), "TCM": range(1, 21),
         "CMP": range(1, 14), "ORD": range(1, 25), "FUL": range(1, 10), "MSG": range(1, 11),
         "PUB": range(1, 8), "SPK": range(1, 12), "MIG": range(1, 17),
         "CON": [2, 3, 4, 10], "MON": [2, 12],
         "MET": [*range(6, 9), 10], "INT": [8, 13], "API": range(1, 9), "HLP": [1, 2, 3, 6, 11],
         "PLT": range(1, 10), "C": [*range(1, 19), 24, 26, 28, 29]}  # fmt: skip
WANTED = [f"{family}-{number:02}" for family, numbers in SPANS.items() for number in numbers]


def told() -> dict[str, list[str]]:
    """{id: [promise, where, tests, state]} of the document's tables."""
    lines = (ROOT / "docs/requirements.md").read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if re.match(r"\| [A-Z]+-\d", line)
    ]
    assert all(len(row) == 5 for row in cells)
    return {row[0]: row[1:] for row in cells}


@cache
def defined(file: str) -> set[str]:
    """Names of a file: functions, classes and constants; those within a class as `Class::name` too."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def outermost(file: str) -> set[str]:
    """What pytest collects: functions of the file, and methods of its classes."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} | {
        name for name in defined(file) if "::" in name
    }


def test_every_requirement_of_the_release_has_its_line():
    assert sorted(told()) == sorted(WANTED)


@pytest.mark.parametrize("requirement", WANTED)
def test_what_it_names_exists_and_its_state_is_said(requirement):
    promise, where, tests, state = told()[requirement]
    assert promise
    places = [place.split(":", 1) for place in re.findall(r"`([^`]+)`", where)]
    shown = [name.split("::", 1) for name in re.findall(r"`([^`]+)`", tests)]
    assert places
    assert shown
    assert [f"{file}:{name}" for file, name in places if name not in defined(file)] == []
    assert [f"{file}::{name}" for file, name in shown if name not in outermost(file)] == []
    assert state == "shown" or re.match(r"shown in part: .{10}", state)
