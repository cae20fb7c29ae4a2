"""A workspace that lives: ANA, BEN, CYD, DOV and BRANDCO in it, read on several days from the sandbox."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators.models import Account
from greenroom.syncs import actions as syncs


class Living:
    """The accounts by handle, and time that passes at TikTok and here together."""

    def __init__(self, workspace, people, *, by: str, days: int = 2) -> None:
        self.workspace, self.people, self.by = workspace, people, by
        at = clock.now() - timedelta(days=days, minutes=1)
        people.world.clock.set(at)
        people.connect_marketplace(workspace, at=at)
        people.consent(workspace, "ana", at=at)
        people.consent(workspace, "ben", at=at)
        people.connect_brand(workspace, at=at)
        creators.add_account(workspace, handle="cyd", by=by, at=at)
        creators.record_legacy(workspace, handle="dov", by=by, at=at)
        for day in range(days + 1):
            self.read(at + timedelta(days=day))
        people.world.clock.set(clock.now())

    def read(self, at: datetime) -> list[syncs.Step]:
        """Take every reading that may be taken, with both clocks at `at`."""
        self.people.world.clock.set(at)
        ahead = at - datetime.now(UTC)
        clock.shift(ahead)
        try:
            return list(syncs.sync_now(self.workspace, at=at, threads=1))
        finally:
            clock.unshift()

    def account(self, handle: str) -> Account:
        return Account.objects.get(workspace=self.workspace, handle=handle)


def words(response) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))
