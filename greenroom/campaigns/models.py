"""A campaign, who takes part in it, what they agreed to."""

from typing import ClassVar

from django.db import models

from greenroom.campaigns.order import Bulk, Deliverable, Order
from greenroom.campaigns.post import CampaignPost
from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due

__all__ = [
    "Acceptance",
    "Bulk",
    "Campaign",
    "CampaignPost",
    "Deliverable",
    "Document",
    "Heard",
    "Order",
    "Participant",
    "Subscription",
]


class Campaign(Stateful, Due):
    """A programme of work with creators. As a due row it asks TikTok how its orders stand."""

    class Mode(models.TextChoices):
        AUTO = "auto", "Every creator gets an order by itself"
        MANUAL = "manual", "Orders are created one by one or in bulk"

    class Content(models.TextChoices):
        ANY = "any", "Any post"
        VIDEO = "video", "Video"
        PHOTO = "photo", "Photo post"

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "draft": {"active": Can.CAMPAIGNS_WRITE, "archived": Can.CAMPAIGNS_WRITE},
        "active": {"paused": Can.CAMPAIGNS_WRITE, "closed": Can.CAMPAIGNS_WRITE},
        "paused": {"active": Can.CAMPAIGNS_WRITE, "closed": Can.CAMPAIGNS_WRITE},
        "closed": {"active": Can.CAMPAIGNS_WRITE, "archived": Can.CAMPAIGNS_WRITE},
        "archived": {"closed": Can.CAMPAIGNS_WRITE},
    }
    STATES: ClassVar[dict[str, str]] = {
        "draft": "Draft",
        "active": "Active",
        "paused": "Paused",
        "closed": "Closed",
        "archived": "Archived",
    }

    name = models.CharField(max_length=80)
    tiktok = models.BooleanField(default=False)  # is TikTok a platform of this campaign?
    # What creators see in TikTok. Both are needed before there is any order (CMP-03).
    brand_name = models.CharField(max_length=60, blank=True)
    description = models.TextField(max_length=500, blank=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.AUTO)
    strict = models.BooleanField(default=False)  # orders only for accounts that can be tracked in any case (ORD-03)
    # What each creator is asked for, unless their own row says otherwise.
    required = models.PositiveSmallIntegerField(default=1)
    deliverables = models.JSONField(default=list)  # names, in order; those that are missing are "Video 3"
    spark_days = models.PositiveSmallIntegerField(null=True, blank=True)  # 7, 30, 60, 365 or not asked for
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    content = models.CharField(max_length=8, choices=Content, default=Content.VIDEO)
    requirements = models.TextField(max_length=4000, blank=True)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    nudged_at = models.DateTimeField(null=True, blank=True)  # TikTok told of something since

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=["workspace", "state"])]

    def __str__(self) -> str:
        return self.name

    @property
    def queue_label(self) -> str:
        return f"Ask TikTok how the orders of {self.name} stand"

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]

    @property
    def is_named(self) -> bool:
        """Are brand name and description saved?"""
        return bool(self.brand_name and self.description)

    @property
    def takes_orders(self) -> bool:
        """May orders be created now?"""
        return self.tiktok and self.is_named and self.state == "active"


class Participant(Scoped):
    """A creator's account in a campaign. What is asked of it, in one or more orders, is its assignment."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participants")
    account = models.ForeignKey("creators.Account", models.CASCADE, related_name="participations")
    required = models.PositiveSmallIntegerField(null=True, blank=True)  # None: as the campaign says
    added_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["campaign", "account"], name="one_participant_per_account")]

    def __str__(self) -> str:
        return f"{self.account} in {self.campaign}"

    @property
    def wanted(self) -> int:
        """How many posts are asked of this account."""
        return self.campaign.required if self.required is None else self.required


class Document(Scoped):
    """A version of the brief or the agreement of a campaign; never changed, only followed by the next version.

    `content` of a brief: text, checklist (list of lines). Of an agreement: terms, fee, deliverables, dates,
    data_access, renewal (texts).
    """

    class Kind(models.TextChoices):
        BRIEF = "brief", "Brief"
        AGREEMENT = "agreement", "Agreement"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("-version",)
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "version"], name="one_version_per_document")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version} of {self.campaign}"


class Acceptance(Scoped):
    """A creator read a brief or agreed to an agreement. It is evidence: it goes only with its workspace or campaign."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="acceptances")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="acceptances")
    who = models.CharField(max_length=120)
    # The consent by which the account was read when the agreement was accepted; None: none was given yet.
    consent = models.ForeignKey("creators.Consent", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "participant"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.who} accepted {self.document}"


class Subscription(Scoped, Due):
    """That TikTok tells this install of a marketplace account's posts. As a due row it looks every day whether it does.

    TikTok ends a subscription without a word, so what is kept here is only what we last knew.
    """

    connection = models.OneToOneField("creators.Connection", models.CASCADE, related_name="subscription")
    tiktok_id = models.CharField(max_length=40, blank=True)  # empty: there is none
    url = models.CharField(max_length=500, blank=True)  # where TikTok was told to call

    class Meta:
        indexes = [models.Index(fields=["tiktok_id"])]

    def __str__(self) -> str:
        return f"TikTok's webhooks for {self.connection}"

    @property
    def queue_label(self) -> str:
        return f"Look whether TikTok tells of posts: {self.connection}"


class Heard(models.Model):
    """A delivery of TikTok's that was taken; the same one again is a replay. Of the whole install, as TikTok's app is.

    It is known by what was signed, not by its bytes: TikTok's scheme signs `é` and its escape alike.
    """

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the signature
    told_at = models.DateTimeField(db_index=True)  # as TikTok signed it; the row goes when that is stale anyway

    def __str__(self) -> str:
        return f"TikTok's delivery of {self.told_at:%Y-%m-%d %H:%M:%S}"
