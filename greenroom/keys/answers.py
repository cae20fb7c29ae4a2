"""Once is enough: a request that is sent again with its Idempotency-Key gets the first one's answer."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from greenroom.core.models import Workspace
from greenroom.keys.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
# Longer than any request takes: after it, whoever was at work is taken for dead and the next one may try.
ABANDONED = timedelta(minutes=2)


class AnotherQuestion(Exception):
    """The same Idempotency-Key was used for something else."""


class UnderWay(Exception):
    """The first request with this Idempotency-Key is not answered yet."""


def begin(workspace: Workspace, *, caller: str, key: str, fingerprint: str, at: datetime) -> KeptAnswer:
    """Become the one who answers, or get what was answered: then `status` is set.

    Raises AnotherQuestion and UnderWay. Answers older than a day are removed on the way.
    """
    KeptAnswer.objects.filter(begun_at__lt=at - KEPT_FOR).delete()
    told = {"workspace": workspace, "caller": caller, "key": key}
    try:
        with transaction.atomic():
            fresh: KeptAnswer = KeptAnswer.objects.create(**told, fingerprint=fingerprint, begun_at=at)
        return fresh
    except IntegrityError:
        return _known(told, fingerprint=fingerprint, at=at)


def keep(row: KeptAnswer, *, status: int, content_type: str, content: str) -> None:
    """Keep the answer for who asks again."""
    row.status, row.content_type, row.content = status, content_type, content
    row.save(update_fields=["status", "content_type", "content"])


def drop(row: KeptAnswer) -> None:
    """Nothing was done, so the key is free again."""
    KeptAnswer.objects.filter(pk=row.pk, status=None).delete()


def _known(told: dict[str, object], *, fingerprint: str, at: datetime) -> KeptAnswer:
    row: KeptAnswer | None = KeptAnswer.objects.filter(**told).first()
    if row is None:  # dropped between the two looks
        raise UnderWay
    if row.fingerprint != fingerprint:
        raise AnotherQuestion
    if row.status is None:
        left = Q(status=None, begun_at__lte=at - ABANDONED)
        if not KeptAnswer.objects.filter(left, pk=row.pk).update(begun_at=at):
            raise UnderWay
        row.begun_at = at
    return row
