"""Briefs and agreements: published in versions, and taken note of by creators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from greenroom.campaigns.models import Acceptance, Campaign, Document, Participant
from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.creators.models import Consent

# The parts of each kind and whether they must be there; `checklist` is a list of lines, all others are texts.
PARTS: dict[str, dict[str, bool]] = {
    Document.Kind.BRIEF: {"text": True, "checklist": False},
    Document.Kind.AGREEMENT: {
        "terms": True,
        "fee": True,
        "deliverables": True,
        "dates": True,
        "data_access": True,
        "renewal": False,
    },
}
LABELS = {
    "text": "Directions",
    "checklist": "Checklist",
    "terms": "Terms",
    "fee": "Fee",
    "deliverables": "Deliverables",
    "dates": "Dates",
    "data_access": "Data access",
    "renewal": "Renewal",
}
LONGEST = 8000


def publish(campaign: Campaign, kind: str, content: Mapping[str, Any], *, by: str, at: datetime) -> Document:
    """The next version of the brief or the agreement; an unchanged one stays as it is. Raises BadInput.

    Whoever accepted an earlier version is asked again.
    """
    told = _checked(kind, content)
    newest = current(campaign, kind)
    if newest is not None and newest.content == told:
        return newest
    with transaction.atomic():
        last = campaign.documents.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
        made: Document = Document.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            kind=kind,
            version=last + 1,
            content=told,
            made_at=at,
            by=by,
        )
        events.record(made, "published", by=by, at=at, kind=kind, version=made.version, campaign=campaign.pk)
    return made


def current(campaign: Campaign, kind: str) -> Document | None:
    """The newest version, if there is one."""
    found: Document | None = campaign.documents.filter(kind=kind).order_by("-version").first()
    return found


def accept(document: Document, participant: Participant, *, who: str, by: str, at: datetime) -> Acceptance:
    """The creator read the brief or agrees to the agreement; once per version. Raises BadInput for an old version."""
    if current(document.campaign, document.kind) != document:
        raise BadInput("There is a newer version. Load the page again and read that one.")
    grants = {"connection__account": participant.account_id, "revoked_at": None}
    consent = Consent.objects.filter(**grants).order_by("-at").first()
    try:
        with transaction.atomic():
            made: Acceptance = Acceptance.objects.create(
                workspace_id=participant.workspace_id,
                document=document,
                participant=participant,
                who=who[:120],
                consent=consent,
                at=at,
            )
            told = {"kind": document.kind, "version": document.version, "campaign": participant.campaign_id}
            events.record(document, "accepted", by=by, at=at, account=participant.account_id, **told)
    except IntegrityError:
        return Acceptance.objects.get(document=document, participant=participant)
    return made


def accepted(document: Document | None, participant: Participant) -> Acceptance | None:
    """The participant's acceptance of this version."""
    if document is None:
        return None
    found: Acceptance | None = document.acceptances.filter(participant=participant).first()
    return found


def _checked(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    parts = PARTS.get(kind)
    if parts is None:
        raise BadInput(f"Choose one of: {', '.join(PARTS)}.", field="kind")
    told: dict[str, Any] = {}
    for part, needed in parts.items():
        value = content.get(part)
        if part == "checklist":
            lines = value.splitlines() if isinstance(value, str) else list(value or ())
            told[part] = [" ".join(str(line).split()) for line in lines if str(line).strip()]
        else:
            told[part] = str(value or "").strip()
        if needed and not told[part]:
            raise BadInput(f"{LABELS[part]} is empty.", field=part)
        if len(str(told[part])) > LONGEST:
            raise BadInput(f"{LABELS[part]}: up to {LONGEST:,} characters fit.", field=part)
    return told
