"""Metrics: the catalogue of what can be measured."""

from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.problems import missing
from greenroom.api.shapes import Narrowed, Page, Told, one_of
from greenroom.core.access import Can
from greenroom.metrics import definitions
from greenroom.metrics.metric import Metric

router = Router(tags=["metrics"])
Key = one_of(*definitions.METRICS)


class MetricTold(Told):
    """One line of the catalogue."""

    id: str = Field(description="Its key: what measure is asked for.")
    label: str
    definition: str
    unit: str = Field(description="count, percent (a fraction), seconds, money, number, text, flag, shares or curve.")
    grain: str = Field(description="What it speaks of: post, account or account_day.")
    aggregation: str = Field(description="How several posts or accounts become one figure.")
    formula_version: str = Field(description="Formula and version, such as engagement_rate_views_lcs@1.")
    tiktok_name: str
    fields: list[str] = Field(description="The fields of a reading that it is worked out from.")
    rows: list[str] = Field(description="The rows of the availability tables that must allow it.")
    consent_required: bool = Field(description="Whether every source needs the account owner's grant.")
    fills_in: str = Field(description="How soon TikTok supplies it, at best.")
    derived: bool = Field(description="Worked out by Greenroom where TikTok gives nothing; never paid on.")
    aliases: list[str]

    @classmethod
    def of(cls, metric: Metric) -> "MetricTold":
        return cls(
            id=metric.key,
            label=metric.label,
            definition=metric.definition,
            unit=metric.unit,
            grain=metric.grain,
            aggregation=metric.aggregation,
            formula_version=metric.name,
            tiktok_name=metric.tiktok_name,
            fields=list(definitions.fields(metric)),
            rows=list(definitions.rows(metric)),
            consent_required=definitions.consent_required(metric),
            fills_in=metric.freshness,
            derived=metric.derived,
            aliases=list(metric.aliases),
        )


class MetricsAsked(Narrowed):
    grain: Literal["post", "account", "account_day"] | None = None


@reads(router, "/metrics", needs=Can.METRICS_READ, gives=Page[MetricTold], leads={"get_metric": "metric"})
def list_metrics(request: Call, workspace: str, asked: Query[MetricsAsked]) -> Page[MetricTold]:
    """The catalogue: every figure that can be asked for."""
    order = {key: place for place, key in enumerate(definitions.METRICS)}
    found = [one for one in definitions.METRICS.values() if asked.grain is None or one.grain == asked.grain]
    return pages.of_list(found, asked, MetricTold.of, of=MetricTold, key=lambda metric: (0, order[metric.key]))


@reads(router, "/metrics/{metric}", needs=Can.METRICS_READ, gives=MetricTold)
def get_metric(request: Call, workspace: str, metric: str) -> MetricTold:
    """One metric."""
    if metric not in definitions.METRICS:
        raise missing("metric")
    return MetricTold.of(definitions.METRICS[metric])
