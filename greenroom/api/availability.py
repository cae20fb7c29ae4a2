"""Availability: which figure exists for which kind of account and post."""

from typing import Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import Moment, Told, at_utc
from greenroom.core.access import Can
from greenroom.observations import availability

router = Router(tags=["availability"])


class AvailabilityRow(Told):
    """One row of a table: a level for each kind of access."""

    table: Literal["account", "post"]
    key: str
    label: str
    cells: dict[str, Literal["full", "limited", "none"]]


class TablesTold(Told):
    """Both tables, as they hold at an instant."""

    as_of: str
    versions: dict[str, int] = Field(description="Which version of each table holds.")
    rows: list[AvailabilityRow]


class TablesAsked(BaseModel):
    as_of: Moment | None = Field(None, description="The tables in force at this time; left out: now.")


@reads(router, "/availability", needs=Can.METRICS_READ, gives=TablesTold)
def get_availability(request: Call, workspace: str, asked: Query[TablesAsked]) -> TablesTold:
    """The availability tables: which figure exists for which kind of account and post."""
    at = asked.as_of or request.at
    cells = availability.as_json(at)
    rows = [
        AvailabilityRow(table=name, key=row.key, label=row.label, cells=cells[name][row.key])  # type: ignore[arg-type]
        for name in availability.COLUMNS
        for row in availability.shipped(name).rows
    ]
    versions = {name: availability.version(name, at) for name in availability.COLUMNS}
    return TablesTold(as_of=f"{at_utc(at):%Y-%m-%dT%H:%M:%SZ}", versions=versions, rows=rows)
