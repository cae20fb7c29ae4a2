"""What can be asked of the kinds of events: names, groups, choices. Forms, documents and tests read this.

The page of the documentation: `python -m greenroom.hooks.catalogue > docs/events.md`.
"""

import sys
from collections.abc import Iterable

from greenroom.hooks.kinds import GROUPS

EVERYTHING = "*"
TEST = "endpoint.test"  # goes to the endpoint it is about and to no other


NAMES: frozenset[str] = frozenset(kind.name for group in GROUPS for kind in group.kinds)


def covers(chosen: str, name: str) -> bool:
    """Does `chosen` (a name, `noun.*` or `*`) stand for the event `name`?"""
    return chosen in (EVERYTHING, name) or (chosen.endswith(".*") and name.startswith(chosen[:-1]))


def unknown(chosen: Iterable[str]) -> list[str]:
    """Those that stand for no event there is."""
    return [one for one in chosen if not any(covers(one, name) for name in NAMES)]


def shortest(chosen: Iterable[str]) -> list[str]:
    """The same choice without what is said twice: `*` alone, `account.*` instead of `account.added` beside it."""
    wide = {one for one in chosen if one == EVERYTHING or one.endswith(".*")}
    if EVERYTHING in wide:
        return [EVERYTHING]
    return sorted(wide | {one for one in chosen if not any(covers(other, one) for other in wide)})


HEAD = """# Events

Made from `greenroom/hooks/kinds.py` by `python -m greenroom.hooks.catalogue > docs/events.md`; do not edit.

One row for each thing that happened. The timeline, the audit log, the API and [webhooks](webhooks.md) tell the same
rows under the same names: `<noun>.<what happened>`. Every event has a number (`event_id`), a `workspace`, who did it
(`by`: `member:<id>`, `creator:<id>`, `key:<id>` or `system`), a time, and mostly a `subject` with `type` and `id`. The
keys named here come in addition.

Endpoints choose events by name, by noun (`account.*`), or all of them (`*`); who chooses a noun is told of its new
events after an upgrade too. New keys may be added to any event; none is removed or changes its meaning within a major
version.
"""


def page() -> str:
    """The whole page, Markdown."""
    parts = [HEAD]
    for group in GROUPS:
        rows = [f"| `{one.name}` | {one.when} | {' '.join(f'`{key}`' for key in one.data)} |" for one in group.kinds]
        parts.append("\n".join([f"## {group.title}", "", "| name | when | data |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
