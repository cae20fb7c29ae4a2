"""Documentation is checked: what exists is described, and what is described exists."""

import ast
import re
from pathlib import Path

import typer

from greenroom import cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def environment_names() -> set[str]:
    """Every variable the package reads, by the strings handed to os.environ and the two readers of settings.py."""
    names = set()
    for path in (ROOT / "greenroom").rglob("*.py"):
        if "sandbox" not in path.parts:
            names |= set(re.findall(r"(?:environ\.get|_flag|_list|environ\[)\(?\s*\"([A-Z_]+)\"", path.read_text()))
    return names - {"DJANGO_SETTINGS_MODULE", "CI", "GREENROOM_PASSWORD", "GREENROOM_SERVER_PID"}


def test_every_setting_is_documented_and_no_other():
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "settings.md").read_text(), re.M))
    assert told == environment_names()


def test_every_command_is_in_the_readme():
    commands = set(typer.main.get_command(cli.app).commands)
    told = (ROOT / "README.md").read_text()
    assert [name for name in sorted(commands) if f"greenroom {name}" not in told] == []


def test_every_stop_of_the_tour_exists():
    stops = re.findall(r"`(greenroom/[\w/]+\.py):(\w+)(?:\.(\w+))?`", (DOCS / "tour.md").read_text())
    assert len(stops) >= 8
    for file, *names in stops:
        tree = ast.parse((ROOT / file).read_text())
        defined = {node.name for node in ast.walk(tree) if hasattr(node, "name")}
        defined |= {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        assert {name for name in names if name} <= defined, f"{file}: {names}"


def test_links_between_documents_lead_somewhere():
    broken = []
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert broken == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("0*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_literal_term_of_the_glossary_is_explained():
    text = (DOCS / "glossary.md").read_text()
    for term in ["creator", "account", "connection", "consent", "observation", "metric", "due row", "sandbox", "post"]:
        assert f"| {term}" in text, term
