"""What TikTok tells of an authorization, and where it stands by that. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Told:
    """One answer of TikTok. `answer` is WAITING, REJECTED, ACCEPTED or empty; `use` NOT_USED, IN_USE, EXPIRED, DELETED
    or empty without a code. `gone`: TikTok does not know the post as ours any more."""

    answer: str = ""
    code: str = ""
    since: datetime | None = None
    until: datetime | None = None
    use: str = ""
    requests_left: int | None = None
    gone: bool = False

    def works(self, at: datetime) -> bool:
        """Can the code be used?"""
        return bool(self.code) and self.until is not None and at < self.until and self.use not in ("EXPIRED", "DELETED")


def state(now: str, told: Told, *, at: datetime) -> str:
    """Where an authorization that is `now` in a state is to be.

    A code that works outweighs every answer: it can be there while TikTok still waits for one, and an answer to a wish
    for more time does not take it away.
    """
    if told.gone:
        return "revoked"
    if told.works(at):
        return "authorized"
    over = "revoked" if told.use == "DELETED" else "expired"
    if now == "authorized":
        return over
    if told.answer == "WAITING" and now != "expired":
        return "requested"
    if told.answer == "REJECTED" and (now in ("requested", "declined") or not told.code):
        return "declined"
    return over if told.code else now


def moment(told: str) -> datetime | None:
    """A time as TikTok writes it, `YYYY-MM-DD HH:MM:SS` in UTC; None where there is none."""
    return datetime.strptime(told, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if told else None
