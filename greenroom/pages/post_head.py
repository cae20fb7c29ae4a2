"""What stands over every tab of a post: how it is tied, which asked-for post it is, its neighbours in a campaign."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from greenroom.campaigns import compliance
from greenroom.campaigns.models import CampaignPost, Deliverable
from greenroom.creators.models import Post
from greenroom.pages import tiles

TOGGLES = {"link": "Branded Content Toggle on, by invite link", "code": "Branded Content Toggle on, by campaign code"}


@dataclass(frozen=True)
class Head:
    """`entry` is the post's row in its campaign, None while it is in none. The neighbours are ids of posts."""

    post: Post
    at: datetime
    entry: CampaignPost | None
    within: int | None  # the campaign whose list one came from
    newer: int | None
    older: int | None

    @classmethod
    def of(cls, post: Post, *, campaign: str, at: datetime) -> "Head":
        """`campaign` is what the address says; one that the post is not in counts as none."""
        entry: CampaignPost | None = getattr(post, "entry", None)
        if entry is None or campaign != str(entry.campaign_id):
            return cls(post, at, entry, None, None, None)
        return cls(post, at, entry, entry.campaign_id, *neighbours(entry))

    @property
    def deliverable(self) -> Deliverable | None:
        """Which of the order's asked-for posts it is, with the order."""
        return self.entry.deliverable if self.entry else None

    @property
    def lacking(self) -> tuple[str, ...]:
        """The figures that a post tied like this one never has (PUB-05)."""
        return tiles.lacking(self.post.basis, self.post.account, at=self.at)

    @property
    def mode(self) -> str:
        return self.entry.mode if self.entry else "Not in a campaign"

    @property
    def toggle(self) -> str:
        """Is the Branded Content Toggle on, and by what? TikTok tells it of tied posts only."""
        if self.deliverable is not None and self.deliverable.branded:
            return TOGGLES.get(self.deliverable.set_by, "Branded Content Toggle on")
        return ""

    @property
    def compliance(self) -> tuple[str, str]:
        """Shape and words of whether TikTok may take it down for hidden advertising."""
        if self.entry is None:
            return "", ""
        shape, _ = tiles.SHORT.get(compliance.state_of(self.entry), ("", ""))
        return shape, compliance.words(self.entry)


def neighbours(entry: CampaignPost) -> tuple[int | None, int | None]:
    """The posts before and after this one in the campaign's list, the newest first."""
    rows = CampaignPost.objects.filter(campaign=entry.campaign_id, post__hidden_at=None)
    newer = rows.filter(Q(posted_at__gt=entry.posted_at) | Q(posted_at=entry.posted_at, pk__gt=entry.pk))
    older = rows.filter(Q(posted_at__lt=entry.posted_at) | Q(posted_at=entry.posted_at, pk__lt=entry.pk))
    return _first(newer.order_by("posted_at", "pk")), _first(older.order_by("-posted_at", "-pk"))


def _first(rows: "QuerySet[CampaignPost]") -> int | None:
    return rows.values_list("post_id", flat=True).first()
