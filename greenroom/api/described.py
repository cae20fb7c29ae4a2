"""The API as a page of the documentation: `python -m greenroom.api.described > docs/api.md`."""

import os
import sys
from typing import Any

HEAD = """# Business API

Made from the operations themselves by `python -m greenroom.api.described > docs/api.md`; do not edit. The exact
description is [openapi.json](openapi.json), every install draws it at `/api/v1/docs`. What changes for users of the API
stands in [API changes](api-changes.md).

"""

PARITY = """## What the pages do

Everything that a page can change, a program can, or there is a reason why it may not (API-08). Pages by the name of
their address.

| page | operations |
| --- | --- |
"""


def page() -> str:
    """The whole page, Markdown."""
    from greenroom.api import openapi, parity, problems, site

    made = openapi.document(site.api)
    about = openapi.ABOUT.partition("\n\n")
    kinds = [f"| {kind.status} | `{code}` | {kind.title} |" for code, kind in problems.KINDS.items()]
    done = {name: ", ".join(f"`{one}`" for one in operations) for name, operations in parity.DONE_BY.items()}
    told = {**done, **{name: f"none: {why}" for name, why in parity.NOT_FOR_PROGRAMS.items()}}
    return "\n".join(
        [
            HEAD + about[2].rstrip(),
            "",
            *_operations(made),
            "## Problems",
            "",
            "| status | code | title |",
            "| --- | --- | --- |",
            *kinds,
            "",
            PARITY + "\n".join(f"| `{name}` | {told[name]} |" for name in sorted(told)),
            "",
        ]
    )


def _operations(made: dict[str, Any]) -> list[str]:
    by_tag: dict[str, list[str]] = {}
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            short = path.removeprefix("/api/v1")
            line = f"| `{method.upper()} {short}` | {told['summary']} | `{told['x-needs']}` | `{told['operationId']}` |"
            by_tag.setdefault(told["tags"][0], []).append(line)
    lines = ["## Operations", "", "Below `/api/v1`.", ""]
    for tag, rows in by_tag.items():
        head = ["| request | what it does | needs | operation |", "| --- | --- | --- | --- |"]
        lines += [f"### {tag.capitalize()}", "", *head, *rows, ""]
    return lines


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")
    django.setup()
    sys.stdout.write(page())
