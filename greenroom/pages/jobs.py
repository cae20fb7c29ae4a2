"""Everything that waits, runs or failed; TikTok's ceilings; running something again."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.web import Filter
from greenroom.core.work import QUEUES
from greenroom.creators import client as tiktok
from greenroom.creators import refusals
from greenroom.creators.models import Connection
from greenroom.pages.request import StaffRequest
from greenroom.syncs import actions as syncs
from greenroom.syncs import health, quota
from greenroom.syncs.models import Run, Sync
from greenroom.syncs.streams import STREAMS

STATES = (("stopped", "Stopped"), ("retrying", "Retrying"), ("running", "Running"), ("waiting", "Waiting"))
SHAPES = {"stopped": "bad", "retrying": "wait", "running": "live", "waiting": ""}
QUEUE_WORDS = {
    "sync": "Readings",
    "order": "Orders",
    "campaign": "Campaigns",
    "subscription": "TikTok's webhooks",
    "import": "Imports",
    "connection": "Tokens",
    "roll": "Storage",
    "erasure": "Erasures",
    "sweep": "Storage",
    "delivery": "Webhooks",
    "endpoint": "Webhook logs",
}
CEILINGS = {
    "second": "All requests, by the second",
    "minute": "All requests, by the minute",
    "accounts": "Accounts API, by the minute",
}
RUNS_SHOWN = 50


@needs(Can.JOBS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    found = health.queue(request.workspace, at=at)
    filters = _filters(found)
    picked = web.chosen(filters, request.GET)
    shown = [job for job in found if all(getattr(job, key) == value for key, value in picked.items())]
    told = {
        "jobs": [(job, QUEUE_WORDS.get(job.queue, job.queue), SHAPES[job.state]) for job in shown],
        "chips": web.chips(filters, request.GET),
        "choices": [(one, _ways(request, one)) for one in filters if one.key not in picked],
        "counts": {state: sum(job.state == state for job in found) for state, _ in STATES},
        "workers": _workers(found, at=at),
        "usage": _usage(at=at),
        "may_run": Can.JOBS_RUN in request.member.permissions,
    }
    return web.render(request, "pages/jobs.html#list", told)


@needs(Can.JOBS_RUN)
@require_POST
def retry(request: StaffRequest) -> HttpResponse:
    """`queue` and `id` name the row, as the list shows it."""
    name, pk = request.POST.get("queue", ""), request.POST.get("id", "")
    row = health.find(request.workspace, name, int(pk)) if pk.isdecimal() else None
    if row is None:
        raise Http404("There is no such job")
    try:
        syncs.retry(row, by=request.member.by, at=clock.now())
    except syncs.NotWaiting as busy:
        messages.error(request, f"{busy}.")
    else:
        messages.success(request, f"{row.queue_label}: runs with the next free worker.")
    return redirect("jobs", request.workspace.slug)


@needs(Can.JOBS_READ)
@require_safe
def runs(request: StaffRequest, sync: int) -> HttpResponse:
    """The last attempts of one reading, with TikTok's own words."""
    found = get_object_or_404(Sync.objects.within(request.workspace).select_related("account", "workspace"), pk=sync)
    attempts = list(Run.objects.filter(sync=found).order_by("-pk")[:RUNS_SHOWN])
    told = {
        "sync": found,
        "label": STREAMS[found.stream].label if found.stream in STREAMS else found.stream,
        "runs": [(run, "live" if run.outcome in (Run.Outcome.OK, Run.Outcome.REPEATED) else "bad") for run in attempts],
        "may_run": Can.JOBS_RUN in request.member.permissions,
    }
    return web.render(request, "pages/runs.html", told)


def _usage(*, at: datetime) -> list[tuple[str, quota.Usage]]:
    """The ceilings of the developer app in words; none before its keys are set, or where there are no limits."""
    try:
        found = quota.usage(tiktok.app(Connection.Dialect.ACCOUNTS).id, at=at)
    except (refusals.NotConfigured, KeyError):
        return []
    return [(CEILINGS.get(one.name, one.name), one) for one in found]


def _filters(found: list[health.Job]) -> tuple[Filter, Filter]:
    queues = sorted({job.queue for job in found} | {model._meta.model_name or "" for model in QUEUES})
    return (
        Filter("state", "State", STATES),
        Filter("queue", "Kind", tuple((name, QUEUE_WORDS.get(name, name)) for name in queues)),
    )


def _ways(request: StaffRequest, one: Filter) -> list[tuple[str, str]]:
    return [(words, web.address(request.GET, **{one.key: value})) for value, words in one.choices]


def _workers(found: list[health.Job], *, at: datetime) -> dict[str, Any]:
    """Are workers alive? Something running says yes; something long overdue says no; else the newest attempt tells."""
    ran = max((job.last_ran_at for job in found if job.last_ran_at), default=None)
    overdue = [job for job in found if job.state != "running" and job.due_at and job.due_at < at - health.GRACE]
    if any(job.state == "running" for job in found):
        return {"shape": "live", "words": "Working now", "ran": ran}
    if overdue:
        return {"shape": "bad", "words": f"Nobody works: {len(overdue)} overdue", "ran": ran}
    return {
        "shape": "live" if ran else "",
        "words": "Nothing to do right now" if ran else "Nothing has run yet",
        "ran": ran,
    }
