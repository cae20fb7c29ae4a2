"""Purges: leaving a former source."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.problems import missing
from greenroom.api.shapes import Given, Id, Narrowed, Page, Text, Told, at_utc
from greenroom.core.access import Can
from greenroom.purges import actions as purges
from greenroom.purges.models import Purge

router = Router(tags=["purges"])


class StoreTold(Told):
    """One store and what it holds, or held, of the source."""

    store: str
    label: str
    what: str = Field(description="What is counted.")
    before: int
    after: int | None = Field(description="null until it was counted again.")


class PurgeTold(Told):
    """A purge: planned, running, done or cancelled."""

    id: Id
    state: str
    moves: list[str] = Field(description="Where the caller may move it.")
    stores: list[StoreTold]
    steps_done: list[str]
    accounts: int = Field(description="Accounts with figures of the source.")
    tombstones: int = Field(description="Posts that were replaced by a tombstone.")
    error: str
    planned_at: datetime
    started_at: datetime | None
    done_at: datetime | None

    @classmethod
    def of(cls, row: Purge, request: Call) -> "PurgeTold":
        before = row.plan.get("stores", {})
        after = {one["store"]: one["after"] for one in row.certificate.get("stores", [])}
        return cls(
            id=str(row.pk),
            state=row.state,
            moves=row.moves(request.caller.permissions),
            stores=[
                StoreTold(
                    store=one.key,
                    label=one.label,
                    what=one.what,
                    before=before.get(one.key, 0),
                    after=after.get(one.key),
                )
                for one in purges.STORES
            ],
            steps_done=[one.key for one in purges.STEPS if one.key in row.progress],
            accounts=len(row.plan.get("accounts", {})),
            tombstones=row.certificate.get("tombstones", {}).get("count", 0),
            error=row.last_error,
            planned_at=row.planned_at,
            started_at=at_utc(row.started_at),
            done_at=at_utc(row.done_at),
        )


class RunGiven(Given):
    name: Text = Field(max_length=80, description="The workspace's name, to confirm.")


class CertificateTold(Told):
    """The certificate of a purge, to be kept and given to `greenroom verify-purge` as it is."""

    id: Id
    certificate: dict[str, Any]


LEADS = {"get_purge": "purge", "run_purge": "purge", "get_purge_certificate": "purge"}


@reads(router, "/purges", needs=Can.WORKSPACE_MANAGE, gives=Page[PurgeTold], leads=LEADS)
def list_purges(request: Call, workspace: str, asked: Query[Narrowed]) -> Page[PurgeTold]:
    """The purges of the workspace, the newest first."""
    rows = Purge.objects.within(request.workspace)
    return pages.page(rows, asked, lambda row: PurgeTold.of(row, request), of=PurgeTold, newest_first=True)


@writes(router, "/purges", needs=Can.WORKSPACE_MANAGE, gives=PurgeTold, status=201, leads=LEADS)
def plan_purge(request: Call, workspace: str) -> PurgeTold:
    """Count what a former source left, store by store.

    Nothing is removed. An earlier plan that was not run is cancelled.
    """
    return PurgeTold.of(purges.make_plan(request.workspace, by=request.caller.by, at=request.at), request)


@reads(router, "/purges/{purge}", needs=Can.WORKSPACE_MANAGE, gives=PurgeTold)
def get_purge(request: Call, workspace: str, purge: Id) -> PurgeTold:
    """One purge: how far it is, what it removed."""
    return PurgeTold.of(_find(request, purge), request)


@writes(router, "/purges/{purge}/runs", needs=Can.WORKSPACE_MANAGE, gives=PurgeTold, status=202)
def run_purge(request: Call, workspace: str, purge: Id, body: RunGiven) -> PurgeTold:
    """Run a plan. It can't be undone.

    Everything of the source is hidden when this answers; a worker removes it.
    """
    found = _find(request, purge)
    if body.name != request.workspace.name:
        raise purges.Refused("`name` is not the name of the workspace. Nothing was changed.", code="not_confirmed")
    purges.start(found, by=request.caller.by, at=request.at)
    found.refresh_from_db()
    return PurgeTold.of(found, request)


@reads(router, "/purges/{purge}/certificate", needs=Can.WORKSPACE_MANAGE, gives=CertificateTold)
def get_purge_certificate(request: Call, workspace: str, purge: Id) -> CertificateTold:
    """The certificate of a purge that is done."""
    found = _find(request, purge)
    if not found.certificate:
        raise missing("certificate")
    return CertificateTold(id=str(found.pk), certificate=found.certificate)


def _find(request: Call, purge: str) -> Purge:
    found: Purge = pages.find(Purge.objects.within(request.workspace), purge, "purge")
    return found
