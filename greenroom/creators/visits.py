"""Creators in their own page: every way in is a row, so that a link opens it once and staff can close it."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from greenroom.core import events
from greenroom.creators.links import LinkOver
from greenroom.creators.models import Creator, PortalVisit
from greenroom.people.devices import device

LASTING = timedelta(days=14)  # as long as a browser keeps its session


def open_page(
    creator: Creator, *, how: str, key: str = "", user_agent: str = "", address: str = "", at: datetime
) -> PortalVisit:
    """Note that a browser has the creator's page open. Raises LinkOver when the link with this key was used before."""
    try:
        with transaction.atomic():
            visit = PortalVisit.objects.create(
                workspace=creator.workspace,
                creator=creator,
                key=key or secrets.token_hex(16),
                how=how,
                device=device(user_agent),
                address=address,
                opened_at=at,
                seen_at=at,
            )
            by, about = f"creator:{creator.pk}", events.about(creator)
            events.note(creator.workspace, "portal.opened", subject=about, by=by, at=at, how=how, device=visit.device)
    except IntegrityError:
        raise LinkOver from None
    return visit


def creator_of(visit: int, *, at: datetime) -> Creator | None:
    """Whose page a browser may see; None once the visit was ended or is too old."""
    lasting = {"visits__pk": visit, "visits__ended_at__isnull": True, "visits__seen_at__gt": at - LASTING}
    found: Creator | None = Creator.objects.filter(**lasting).select_related("workspace").first()
    return found


def seen(visit: int, *, at: datetime) -> None:
    """The creator looked at their page."""
    PortalVisit.objects.filter(pk=visit).update(seen_at=at)


def open_ones(creator: Creator, *, at: datetime) -> list[PortalVisit]:
    """Where the creator's page is open, last seen first."""
    rows = PortalVisit.objects.within(creator.workspace_id).filter(creator=creator, ended_at__isnull=True)
    return list(rows.filter(seen_at__gt=at - LASTING).order_by("-seen_at", "-pk"))


def end(creator: Creator, *, visit: int | None = None, by: str, at: datetime) -> int:
    """Close the creator's page in one browser, or (without `visit`) in all; returns in how many it was open."""
    rows = PortalVisit.objects.within(creator.workspace_id).filter(creator=creator, ended_at__isnull=True)
    with transaction.atomic():
        ended: int = (rows.filter(pk=visit) if visit else rows).update(ended_at=at)
        if ended:
            events.note(creator.workspace, "portal.closed", subject=events.about(creator), by=by, at=at, visits=ended)
    return ended
