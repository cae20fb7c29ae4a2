"""The description is exact, kept in the repository, and every action of a page has its operation."""

import json
import os
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from greenroom.api import described, openapi, parity, site

DOCS = Path(__file__).parents[2] / "docs"
WRITE = os.environ.get("GREENROOM_WRITE_GOLDEN") == "1"


def agree(path: Path, text: str) -> None:
    if WRITE:
        path.write_text(text)
    assert path.read_text() == text, f"{path.name} is old: run with GREENROOM_WRITE_GOLDEN=1 and look at what changed"


def test_the_description_is_in_the_repository():
    made = openapi.document(site.api)
    info = {**made["info"], "version": "of the install"}
    agree(DOCS / "openapi.json", json.dumps({**made, "info": info}, indent=1) + "\n")


def test_the_page_of_the_documentation_is_up_to_date():
    agree(DOCS / "api.md", described.page())


def test_every_operation_is_summarised_and_named_once():
    told = [told for methods in openapi.document(site.api)["paths"].values() for told in methods.values()]
    names = [one["operationId"] for one in told]
    assert len(names) == len(set(names)) == len(site.operations())
    assert [one["operationId"] for one in told if len(one["summary"]) < 6] == []


def test_everything_an_answer_leads_to_exists():
    paths = openapi.document(site.api)["paths"]
    names = {told["operationId"] for methods in paths.values() for told in methods.values()}
    for _, _, view in site.operations():
        assert set(view.leads) <= names


def addresses(patterns=None, prefix=""):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.name, one.callback


def methods(view) -> list[str] | None:
    """What a view says it takes, by Django's require_…; None when it says nothing and so may take anything."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            told = cell.cell_contents
            if isinstance(told, list) and told and all(isinstance(one, str) and one.isupper() for one in told):
                return told
        view = getattr(view, "__wrapped__", None)
    return None


def actions() -> set[str]:
    """The names of pages that take a POST; signing in and second factors (allauth's) are each person's own."""
    return {
        name
        for route, name, view in addresses()
        if not route.startswith("api/v1") and not name.startswith(("account_", "mfa_"))
        if "POST" in (methods(view) or ["POST"])
    }


def test_every_action_of_a_page_has_its_operation_or_a_reason():
    told = set(parity.DONE_BY) | set(parity.NOT_FOR_PROGRAMS)
    assert actions() - told == set()
    names = {name for _, name, _ in addresses()}
    assert told - names == set()
    assert set(parity.DONE_BY) & set(parity.NOT_FOR_PROGRAMS) == set()


def test_what_pages_are_said_to_have_exists():
    names = {view.__name__ for _, _, view in site.operations()}
    assert {one for operations in parity.DONE_BY.values() for one in operations} <= names
