"""The catalogue as a page of the documentation: `python -m greenroom.metrics.catalogue > docs/metrics.md`."""

import sys
from collections.abc import Iterable

from greenroom.metrics import definitions
from greenroom.metrics.metric import (
    Absent,
    Cost,
    Count,
    Formula,
    Gain,
    Growth,
    Last,
    LastOfPost,
    MeanOf,
    Metric,
    OfDay,
    Part,
    Ratio,
    SumOf,
    Weighted,
)

HEAD = """# Metrics

Made from `greenroom/metrics/definitions.py` by `python -m greenroom.metrics.catalogue > docs/metrics.md`; do not edit.

Every number on a page, in an export or in a payout is the answer of `measure()` to one of these names. A figure is a
value, or nothing with a reason; it is never 0 because something is missing. Rates are fractions. Counters of posts are
the newest known totals, and with a window `[since, until)` what was gained in it.

Figures of days are TikTok's own, by UTC day, also of days before the account was connected. A window adds up the days
that start in it; a day that TikTok left out is missing, not 0. A day counts from when TikTok told it, at the latest 48
hours after it ended. Without a window it is the newest day known. Days of posts' counters are what our readings gained.

- **Formula** has a version; a changed formula gets a new one.
- **Rows** are the rows of the availability tables that must allow the figure (`greenroom availability`).
- **Consent**: whether every source needs the account owner's grant.
- **Fills in**: how soon TikTok supplies it, at best.
- **Derived** figures are worked out by Greenroom where TikTok supplies none. They are always marked and never paid on.
"""

OF = {"post": "Of posts", "account": "Of accounts", "account_day": "Of days of accounts"}
COLUMNS = (
    "Key",
    "Label",
    "At TikTok",
    "Unit",
    "Formula",
    "Adds up as",
    "Fields",
    "Rows",
    "Consent",
    "Fills in",
    "Also",
)


def page() -> str:
    """The whole page, Markdown."""
    groups: dict[str, list[Metric]] = {"Of posts": [], "Of accounts": [], "Of days of accounts": [], "Derived": []}
    for metric in definitions.METRICS.values():
        groups["Derived" if metric.derived else OF[metric.grain]].append(metric)
    return "\n".join([HEAD, *(_section(name, metrics) for name, metrics in groups.items())])


def _section(name: str, metrics: Iterable[Metric]) -> str:
    lines = [f"## {name}", "", _line(COLUMNS), _line("---" for _ in COLUMNS)]
    lines += [_line(_cells(metric)) for metric in metrics]
    lines += ["", *(f"- **{metric.label}** (`{metric.key}`): {metric.definition}" for metric in metrics), ""]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(metric: Metric) -> tuple[str, ...]:
    return (
        f"`{metric.key}`",
        metric.label,
        metric.tiktok_name,
        metric.unit,
        f"{formula(metric.formula)}<br>`{metric.name}`",
        metric.aggregation,
        _codes(definitions.fields(metric)),
        _codes(definitions.rows(metric)),
        "yes" if definitions.consent_required(metric) else "no",
        metric.freshness,
        _codes(metric.aliases),
    )


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def formula(made: Formula) -> str:
    """A formula in words."""
    match made:
        case Gain(field):
            return f"{field} of the posts"
        case Part(counters, of):
            return f"{of} part of {' + '.join(counters)}"
        case Cost():
            return "cost of boosts, reported or noted"
        case LastOfPost(field):
            return f"newest {field} of a post"
        case Last(field):
            return f"newest {field} of the account"
        case Growth(field):
            return f"newest less first {field}"
        case OfDay(field, adds):
            return f"{'sum' if adds else 'last'} of TikTok's {field} by day"
        case Count():
            return "number of posts"
        case SumOf(parts):
            return " + ".join(parts)
        case Ratio(top, bottom, mean):
            return f"mean of {top} ÷ {bottom}" if mean else f"{top} ÷ {bottom}"
        case Weighted(field, weight):
            return f"Σ {field} × {weight} ÷ Σ {weight}" if weight else f"mean of {field}"
        case MeanOf(part):
            return f"mean of {part}"
        case Absent():
            return "no source"


if __name__ == "__main__":
    sys.stdout.write(page())
