"""Jobs: everything that waits, runs or has stopped."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field, StringConstraints

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.problems import missing
from greenroom.api.shapes import MOST, Narrowed, Page, Told, at_utc
from greenroom.core.access import Can
from greenroom.core.work import QUEUES, Due
from greenroom.syncs import actions as syncs
from greenroom.syncs import health

router = Router(tags=["jobs"])
MOST_JOBS = 10_000
JobId = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}-[0-9]{1,19}$")]


class JobTold(Told):
    """One due row: a reading of TikTok, a token to renew, an erasure …"""

    id: str = Field(description="Queue and number, such as sync-7.")
    queue: str
    label: str
    state: str = Field(description="running, waiting, retrying or stopped (until somebody acts).")
    due_at: datetime | None
    last_ran_at: datetime | None
    last_ok_at: datetime | None
    failures: int = Field(description="In a row.")
    error: str

    @classmethod
    def of(cls, job: health.Job) -> "JobTold":
        return cls(
            id=f"{job.queue}-{job.id}",
            queue=job.queue,
            label=job.label,
            state=job.state,
            due_at=at_utc(job.due_at),
            last_ran_at=at_utc(job.last_ran_at),
            last_ok_at=at_utc(job.last_ok_at),
            failures=job.failures,
            error=job.error,
        )


class JobsAsked(Narrowed):
    state: Literal["running", "waiting", "retrying", "stopped"] | None = None


class JobRunTold(Told):
    """The job runs with the next free worker."""

    id: str
    label: str


@reads(router, "/jobs", needs=Can.JOBS_READ, gives=Page[JobTold], leads={"run_job": "job"})
def list_jobs(request: Call, workspace: str, asked: Query[JobsAsked]) -> Page[JobTold]:
    """What waits, runs or has stopped, of the workspace and of the install."""
    order = {name: place for place, name in enumerate(sorted(model._meta.model_name or "" for model in QUEUES))}
    found = health.queue(request.workspace, at=request.at, limit=MOST_JOBS)
    found = [job for job in found if asked.state is None or job.state == asked.state]
    return pages.of_list(found, asked, JobTold.of, of=JobTold, key=lambda job: (order[job.queue], job.id))


@writes(router, "/jobs/{job}/runs", needs=Can.JOBS_RUN, gives=JobRunTold, status=202)
def run_job(request: Call, workspace: str, job: JobId) -> JobRunTold:
    """Let a job that waits or has stopped run at once.

    409 while it is running.
    """
    row = _find(request, job)
    syncs.retry(row, by=request.caller.by, at=request.at)
    return JobRunTold(id=job, label=row.queue_label)


def _find(request: Call, job: str) -> Due:
    queue, _, number = job.rpartition("-")
    row = health.find(request.workspace, queue, int(number)) if int(number) <= MOST else None
    if row is None:
        raise missing("job")
    return row
