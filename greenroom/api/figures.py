"""A figure as the API tells it (API-07): a value, or null with a reason."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from greenroom.api.shapes import Told
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Metric


class FigureTold(Told):
    """One figure. A null value always has a reason; rates are fractions; nothing unknown is ever 0."""

    value: float | int | bool | str | list[dict[str, Any]] | None
    state: str = Field(description="full, limited, partial, derived, entered or none.")
    reason: str | None = Field(description="Why there is no value, or why some of what it is made of is missing.")
    as_of: datetime | None = Field(description="When the oldest reading behind it was taken.")
    source: list[str] = Field(description="Where the readings come from, such as official_api or user_entered.")
    formula_version: str = Field(description="Formula and version, such as engagement_rate_views_lcs@1.")


Form = Literal["full", "compact"]


def tell(figure: Figure, metric: Metric, source: list[str]) -> FigureTold:
    return FigureTold(
        value=figure.value,
        state=figure.state,
        reason=figure.reason,
        as_of=figure.as_of,
        source=source if figure.value is not None else [],
        formula_version=metric.name,
    )
