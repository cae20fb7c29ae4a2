"""Leaving an old source: the plan with its counts, the purge, its certificate, and what changes for whom."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from greenroom.campaigns.models import Campaign
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators.models import Account, Post
from greenroom.imports.models import Import
from greenroom.pages.request import StaffRequest
from greenroom.purges import actions as purges
from greenroom.purges import certificate as certificates
from greenroom.purges import report
from greenroom.purges.models import Purge, Tombstone

SHAPES = {"planned": "", "running": "live", "done": "done", "cancelled": ""}
SHOWN = 25


@needs(Can.WORKSPACE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """What there is to leave, the last plan, earlier purges; POST `to` plan counts anew, `to` run starts the purge."""
    if request.method == "POST":
        return _act(request)
    return _index(request)


@needs(Can.WORKSPACE_MANAGE)
@require_safe
def show(request: StaffRequest, purge: int) -> HttpResponse:
    """One purge: how far it is, what it removed, its certificate."""
    found = _find(request, purge)
    steps = [(one.label, one.key in found.progress) for one in purges.STEPS]
    done = sum(1 for _, is_done in steps if is_done)
    told = {
        "purge": found,
        "shape": SHAPES[found.state],
        "steps": steps,
        "percent": int(100 * done / len(steps)),
        "stores": _stores(found),
        "tombstones": found.tombstones.count(),
        "again": found.tombstones.filter(tied_again_at__isnull=False).count(),
        "signed": certificates.fingerprint(found.certificate) if found.certificate else "",
        "backups": found.plan.get("backups", []),
        "tab": "old_source",
    }
    return web.render(request, "pages/purge.html#state", told)


@needs(Can.WORKSPACE_READ)
@require_safe
def told(request: StaffRequest, purge: int) -> HttpResponse:
    """Before and after, by area: CRM, Campaigns, Business API (GOV-11)."""
    found, at = _find(request, purge), clock.now()
    tables = report.tables_at(at)
    ids = [int(key) for key in found.plan.get("accounts", {})]
    stones = found.tombstones.select_related("account", "campaign").order_by("pk")
    accounts = Account.objects.within(request.workspace).filter(pk__in=ids).select_related("creator").order_by("handle")
    page = web.paginate(request, accounts)
    posts = list(stones[:SHOWN])
    here = {one.item_id: one for one in _posts(request, [one.item_id for one in posts])}
    shown = {
        "purge": found,
        "page": page,
        "accounts": [(one, found.plan["accounts"][str(one.pk)], report.of_account(one, tables)) for one in page],
        "posts": [(one, here.get(one.item_id), report.of_post(here.get(one.item_id), tables)) for one in posts],
        "count": stones.count(),
        "campaigns": _campaigns(request, found),
        "vanished": report.vanished(tables),
        "tab": "old_source",
    }
    return web.render(request, "pages/purge_report.html", shown)


@needs(Can.WORKSPACE_MANAGE)
@require_safe
def certificate(request: StaffRequest, purge: int) -> HttpResponse:
    """The certificate, as a file."""
    found = _find(request, purge)
    if not found.certificate:
        raise Http404
    answer = HttpResponse(
        json.dumps(found.certificate, indent=2, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="purge-{found.pk}-certificate.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _act(request: StaffRequest) -> HttpResponse:
    at, by = clock.now(), request.member.by
    try:
        if request.POST.get("to") == "plan":
            made = purges.make_plan(request.workspace, by=by, at=at)
            return redirect("old_source", request.workspace.slug)
        made = get_object_or_404(Purge.objects.within(request.workspace), pk=_number(request), state="planned")
        if request.POST.get("name", "").strip() != request.workspace.name:
            return _index(request, wrong="That is not the name of this workspace. Nothing was changed.")
        purges.start(made, by=by, at=at)
    except (purges.Refused, IllegalMove, LostRace) as refused:
        messages.error(request, str(refused))
        return redirect("old_source", request.workspace.slug)
    return redirect("purge", request.workspace.slug, made.pk)


def _number(request: StaffRequest) -> int:
    told_number = request.POST.get("purge", "")
    if not (told_number.isascii() and told_number.isdigit() and len(told_number) < 19):
        raise Http404
    return int(told_number)


def _index(request: StaffRequest, *, wrong: str = "") -> HttpResponse:
    rows = list(Purge.objects.within(request.workspace)[:SHOWN])
    plan = next((one for one in rows if one.state == "planned"), None)
    brought = Import.objects.within(request.workspace).filter(former=True)
    shown = {
        "plan": plan,
        "stores": _stores(plan) if plan else [],
        "total": sum(plan.plan["stores"].values()) if plan else 0,
        "running": next((one for one in rows if one.state == "running"), None),
        "past": [(one, SHAPES[one.state]) for one in rows if one.state in ("done", "cancelled")],
        "imports": brought.count(),
        "wrong": wrong,
        "tab": "old_source",
    }
    return web.render(request, "pages/old_source.html", shown, status=422 if wrong else 200)


def _stores(found: Purge) -> list[tuple[str, str, int, int | None]]:
    """Label, what is counted, how many before, how many after (None: not counted yet)."""
    before = found.plan.get("stores", {})
    after = {one["store"]: one["after"] for one in found.certificate.get("stores", [])}
    return [(one.label, one.what, before.get(one.key, 0), after.get(one.key)) for one in purges.STORES]


def _posts(request: StaffRequest, items: list[str]) -> Any:
    return Post.objects.within(request.workspace).filter(item_id__in=items).select_related("account")


def _campaigns(request: StaffRequest, found: Purge) -> list[tuple[Campaign, int]]:
    """Campaigns that had posts of the source, and how many of their posts are tombstones now."""
    ids = set(found.plan.get("campaigns", []))
    rows = Tombstone.objects.filter(purge=found, campaign__isnull=False).values_list("campaign_id", flat=True)
    counts: dict[int, int] = {}
    for pk in rows:
        counts[pk] = counts.get(pk, 0) + 1
    campaigns = Campaign.objects.within(request.workspace).filter(pk__in=ids | counts.keys()).order_by("name")
    return [(one, counts.get(one.pk, 0)) for one in campaigns]


def _find(request: StaffRequest, pk: int) -> Purge:
    found: Purge = get_object_or_404(Purge.objects.within(request.workspace), pk=pk)
    return found
