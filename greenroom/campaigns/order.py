"""Orders as rows: what one creator is asked to deliver under one link, and each post that is asked for.

`models.py` shows these classes as its own.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due


class Bulk(Scoped):
    """Orders that were created in one action, and the participants for whom there could be none."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="bulks")
    made_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)  # videos, names, spark_days: as chosen, for whoever is tried again
    errors = models.JSONField(default=list)  # participant, handle, code, words

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Orders of {self.made_at:%Y-%m-%d %H:%M}"


class Order(Stateful, Due):
    """What one creator is asked to deliver in one campaign: up to ten posts under one link and one code.

    As a due row it creates itself at TikTok. What became of it is read by its campaign. `joined` and `declined` are
    noted by the creator or by whoever heard so; TikTok tells a brand neither.
    """

    _BACK: ClassVar[dict[str, Can]] = {"joined": Can.SYSTEM}
    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "not_created": {"created": Can.SYSTEM, "refused": Can.SYSTEM, "cancelled": Can.CAMPAIGNS_WRITE},
        "refused": {"not_created": Can.CAMPAIGNS_WRITE, "cancelled": Can.CAMPAIGNS_WRITE},
        "created": {
            "joined": Can.CAMPAIGNS_WRITE,
            "declined": Can.CAMPAIGNS_WRITE,
            "cancelled": Can.CAMPAIGNS_WRITE,
            "expired": Can.SYSTEM,
        },
        "joined": {
            "partially_fulfilled": Can.SYSTEM,
            "fulfilled": Can.SYSTEM,
            "declined": Can.CAMPAIGNS_WRITE,
            "cancelled": Can.CAMPAIGNS_WRITE,
        },
        "partially_fulfilled": {
            "joined": Can.SYSTEM,
            "fulfilled": Can.SYSTEM,
            "cancelled": Can.CAMPAIGNS_WRITE,
        },
        "fulfilled": {"joined": Can.SYSTEM, "partially_fulfilled": Can.SYSTEM},
        # TikTok has no call that takes an order back: what is delivered all the same counts again.
        "declined": _BACK,
        "cancelled": _BACK,
        "expired": _BACK,
    }
    STATES: ClassVar[dict[str, str]] = {
        "not_created": "Not created",
        "refused": "Refused by TikTok",
        "created": "Order Created",
        "joined": "Joined",
        "partially_fulfilled": "Partially fulfilled",
        "fulfilled": "Fulfilled",
        "declined": "Declined",
        "cancelled": "Cancelled",
        "expired": "Expired",
    }
    WAITING: ClassVar[tuple[str, ...]] = ("not_created", "refused")  # TikTok does not have it
    LIVE: ClassVar[tuple[str, ...]] = ("created", "joined", "partially_fulfilled", "fulfilled")
    GIVEN_UP: ClassVar[tuple[str, ...]] = ("declined", "cancelled", "expired")
    LIFE: ClassVar[timedelta] = timedelta(days=90)  # without anybody joining
    MOST_VIDEOS: ClassVar[int] = 10
    SPARK_DAYS: ClassVar[tuple[int, ...]] = (7, 30, 60, 365)

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="orders")
    participant = models.ForeignKey("campaigns.Participant", models.CASCADE, related_name="orders")
    account = models.ForeignKey("creators.Account", models.CASCADE, related_name="orders")
    bulk = models.ForeignKey(Bulk, models.SET_NULL, null=True, blank=True, related_name="orders")
    number = models.PositiveSmallIntegerField()  # its place among the participant's orders, from 1
    videos = models.PositiveSmallIntegerField()
    spark_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # when the creator is asked to be done
    # What tells this order from all others at TikTok, within the description: so a lost answer is found again.
    marker = models.CharField(max_length=12, unique=True)
    told_description = models.CharField(max_length=60, blank=True)
    generation = models.CharField(max_length=3, blank=True)  # tcm or tto: which of TikTok's interfaces made it
    asked_at = models.DateTimeField(null=True, blank=True)  # set before TikTok is asked; without an answer it may exist
    tiktok_id = models.CharField(max_length=40, blank=True)  # the order's, or with tto the campaign's
    invite_link = models.URLField(max_length=300, blank=True)
    code = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    created_at = models.DateTimeField(null=True, blank=True)  # at TikTok
    read_at = models.DateTimeField(null=True, blank=True)  # when TikTok was asked for what is known now
    refusal = models.TextField(blank=True)
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["participant", "number"], name="one_order_per_number"),
            models.UniqueConstraint(
                fields=["workspace", "invite_link"], condition=~models.Q(invite_link=""), name="link_of_one_order"
            ),
            models.UniqueConstraint(
                fields=["workspace", "tiktok_id"], condition=~models.Q(tiktok_id=""), name="order_known_once"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state"])]

    def __str__(self) -> str:
        return f"Order {self.number} of {self.account}"

    @property
    def queue_label(self) -> str:
        return f"Create the order of {self.account} in {self.campaign}"

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


class Deliverable(Stateful):
    """One asked-for post of an order. Where it stands is read from TikTok, never said by hand."""

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "open": {"uploaded": Can.SYSTEM, "published_pending_id": Can.SYSTEM, "published": Can.SYSTEM},
        "uploaded": {"open": Can.SYSTEM, "published_pending_id": Can.SYSTEM, "published": Can.SYSTEM},
        "published_pending_id": {"open": Can.SYSTEM, "uploaded": Can.SYSTEM, "published": Can.SYSTEM},
        "published": {"open": Can.SYSTEM, "uploaded": Can.SYSTEM},
    }
    STATES: ClassVar[dict[str, str]] = {
        "open": "Open",
        "uploaded": "Uploaded, in review",
        "published_pending_id": "Published, id follows",
        "published": "Published",
    }
    DONE: ClassVar[tuple[str, ...]] = ("published", "published_pending_id")

    class SetBy(models.TextChoices):
        LINK = "link", "Invite link"
        CODE = "code", "Campaign code"

    order = models.ForeignKey(Order, models.CASCADE, related_name="deliverables")
    place = models.PositiveSmallIntegerField()  # in the order, from 1
    number = models.PositiveSmallIntegerField()  # in all of the participant's orders, from 1
    name = models.CharField(max_length=60)
    video_id = models.CharField(max_length=40, blank=True)
    post = models.ForeignKey("creators.Post", models.SET_NULL, null=True, blank=True, related_name="deliverables")
    # A person moved the post here; TikTok goes on having it in this order, whose readings say how it stands.
    moved_from = models.ForeignKey(Order, models.SET_NULL, null=True, blank=True, related_name="moved_away")
    # How the Branded Content Toggle came on; empty while nothing was handed in or TikTok's times do not tell.
    set_by = models.CharField(max_length=4, choices=SetBy, blank=True)
    tied_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # Why what was handed in last is not tied any more: rejected or removed, in TikTok's words.
    lost = models.CharField(max_length=10, blank=True)
    lost_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("order_id", "place")
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="one_deliverable_per_place"),
            models.UniqueConstraint(
                fields=["workspace", "video_id"], condition=~models.Q(video_id=""), name="post_in_one_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]

    @property
    def told_by(self) -> Order:
        """The order in which TikTok has the post; TikTok is asked for it there."""
        return self.moved_from or self.order

    @property
    def branded(self) -> bool | None:
        """Is the Branded Content Toggle on? Tying turns it on; None while nothing is tied."""
        return True if self.state != "open" else None
