"""What people vouch for about an account: that its creator is of age, that its content suits the programme."""

from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.creators.models import Account, Attestation


def attest(account: Account, *, about: str, holds: bool, method: str, by: str, at: datetime) -> Attestation:
    """Vouch, yes or no; the newest counts, earlier ones stay. `about` and `method` are of Attestation's choices."""
    with transaction.atomic():
        made: Attestation = Attestation.objects.create(
            workspace=account.workspace,
            account=account,
            about=Attestation.About(about),
            holds=holds,
            method=Attestation.Method(method),
            by=by,
            at=at,
        )
        events.record(made, "given", by=by, at=at, account=account.pk, about=about, method=method)
    return made


def newest(account: Account) -> dict[str, Attestation]:
    """The attestation that counts, by what it is about."""
    rows = Attestation.objects.filter(account=account).order_by("at", "pk")
    return {row.about: row for row in rows}
