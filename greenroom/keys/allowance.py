"""How often a caller may ask: the generic cell rate algorithm over one row, moved by one conditional update."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest

from greenroom.keys.models import Allowance

WINDOW = 60.0


@dataclass(frozen=True)
class Place:
    """What is left: `limit` requests a minute, `remaining` at once, all free again in `reset_s` seconds.

    `wait_s` is None when this request may go on, otherwise how many seconds to wait.
    """

    limit: int
    remaining: int
    reset_s: int
    wait_s: int | None = None


def take(name: str, *, per_minute: int, at: datetime) -> Place:
    """Take one place of `per_minute`, all of which may be used at once and come back evenly."""
    now, step = at.timestamp(), WINDOW / per_minute
    if _advance(name, now, step) or (_begin(name) and _advance(name, now, step)):
        full_at = _full_at(name)
        return Place(per_minute, _free(full_at - now, step, per_minute), _seconds(full_at - now))
    full_at = _full_at(name)
    return Place(per_minute, 0, _seconds(full_at - now), max(1, _seconds(full_at + step - WINDOW - now)))


def _advance(name: str, now: float, step: float) -> bool:
    """One statement decides and counts, so processes need no lock of their own. It is exact to a microsecond."""
    later = Greatest(F("full_at"), Value(now), output_field=FloatField()) + Value(step)
    open_ = Allowance.objects.filter(name=name, full_at__lte=now + WINDOW - step + 1e-6)
    return bool(open_.update(full_at=later))


def _begin(name: str) -> bool:
    """True when the caller had no row yet, whoever made it now."""
    if Allowance.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Allowance.objects.create(name=name)
    except IntegrityError:
        pass
    return True


def _full_at(name: str) -> float:
    return float(Allowance.objects.values_list("full_at", flat=True).get(name=name))


def _free(ahead: float, step: float, limit: int) -> int:
    return max(0, min(limit, int((WINDOW - ahead) / step + 1e-6)))


def _seconds(span: float) -> int:
    return max(0, math.ceil(span - 1e-6))
