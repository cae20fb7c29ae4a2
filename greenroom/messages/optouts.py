"""Who wants no messages: said by the creator through the link in each, or noted by staff who heard so."""

from collections.abc import Iterable
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import Q

from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.creators import links
from greenroom.creators.models import Creator
from greenroom.messages.models import OptOut

_SIGNER = signing.Signer(salt="greenroom.messages.optout")


def link(creator: Creator) -> str:
    """The address under which this creator says no. Always the same one, and good for ever: an old mail must work."""
    return links.absolute("opt_out", _SIGNER.sign_object({"c": creator.pk}))


def read(token: str) -> Creator | None:
    """Whose link it is; None for one that is not ours, or of somebody who is gone for good."""
    try:
        told = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    found: Creator | None = Creator.everyone.filter(pk=told["c"]).select_related("workspace", "merged_into").first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found if found is not None and found.gone_at is None else None


def among(creators: Iterable[int]) -> set[int]:
    """Which of these creators (their ids) want none; a record that was merged into theirs speaks for them too."""
    ids = list(creators)
    rows = OptOut.objects.filter(Q(creator__in=ids) | Q(creator__merged_into__in=ids))
    pairs = rows.values_list("creator_id", "creator__merged_into_id")
    return {pk for pair in pairs for pk in pair if pk in ids}


def of(creator: Creator) -> OptOut | None:
    """The creator's opt-out, if there is one."""
    rows = OptOut.objects.filter(Q(creator=creator) | Q(creator__merged_into=creator))
    found: OptOut | None = rows.order_by("-own").first()
    return found


def give(creator: Creator, *, own: bool, by: str, at: datetime) -> OptOut:
    """No more messages. Once noted by staff, the creator's own word makes it theirs."""
    with transaction.atomic():
        row, made = OptOut.objects.get_or_create(
            creator=creator, defaults={"workspace_id": creator.workspace_id, "own": own, "at": at, "by": by}
        )
        if made or (own and not row.own):
            row.own, row.by, row.at = own or row.own, by, at
            row.save(update_fields=["own", "by", "at"])
            events.record(row, "given", by=by, at=at, creator=creator.pk, own=own)
    return row


def end(creator: Creator, *, own: bool, by: str, at: datetime) -> None:
    """Messages again. Raises BadInput where the creator said no and somebody else takes it back."""
    rows = list(OptOut.objects.filter(Q(creator=creator) | Q(creator__merged_into=creator)).select_related("workspace"))
    if not own and any(row.own for row in rows):
        words = "The creator opted out themselves. Only they can take it back, by the link in any message."
        raise BadInput(words, code="own_opt_out")
    with transaction.atomic():
        for row in rows:
            events.record(row, "ended", by=by, at=at, creator=creator.pk, own=own)
            row.delete()
