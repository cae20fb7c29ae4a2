"""The creator's leave to advertise a post, and the boosts made with it."""

from typing import ClassVar

from django.db import models

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.secrets import EncryptedText
from greenroom.core.state import Stateful
from greenroom.core.work import Due


class SparkAuthorization(Stateful, Due):
    """Whether a post may be run as a Spark Ad, as TikTok says. There is none before somebody asked or the code came.

    As a due row it asks TikTok. `days_asked` is what was asked; the creator may give other days, and only `until`
    counts. The code lets whoever has it promote the post, so it is kept encrypted.
    """

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "requested": {"authorized": Can.SYSTEM, "declined": Can.SYSTEM, "revoked": Can.SYSTEM},
        "authorized": {"expired": Can.SYSTEM, "revoked": Can.SYSTEM, "requested": Can.CAMPAIGNS_WRITE},
        "declined": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM},
        "expired": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM},
        "revoked": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM},
    }
    STATES: ClassVar[dict[str, str]] = {
        "requested": "Requested",
        "authorized": "Authorized",
        "declined": "Declined",
        "expired": "Expired",
        "revoked": "Revoked",
    }

    post = models.OneToOneField("creators.Post", models.CASCADE, related_name="spark")
    days_asked = models.PositiveSmallIntegerField()
    days_given = models.PositiveSmallIntegerField(null=True, blank=True)
    code = EncryptedText(blank=True)
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    in_use = models.BooleanField(default=False)  # an advertiser runs the post with it
    asked_at = models.DateTimeField(null=True, blank=True)
    requests_left = models.PositiveSmallIntegerField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # when TikTok said what is known now
    done = models.JSONField(default=dict)  # steps of the guide: {"1": [by, at]}
    by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"Spark Ads authorization of {self.post}"

    @property
    def queue_label(self) -> str:
        return f"Ask TikTok for the Spark Ads authorization of {self.post}"

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


class Boost(Scoped):
    """A time in which a post was advertised. What it brings counts on the post itself (SPK-06), so from
    `started_at` on readings are organic and paid together, unless TikTok tells the split."""

    post = models.ForeignKey("creators.Post", models.CASCADE, related_name="boosts")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    told_by = models.CharField(max_length=8, choices=[("tiktok", "TikTok"), ("person", "A person")])
    spend_minor = models.BigIntegerField(null=True, blank=True)  # as a person entered it; None: not known
    currency = models.CharField(max_length=3, blank=True)
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("started_at",)
        indexes = [models.Index(fields=["workspace", "post"])]

    def __str__(self) -> str:
        return f"Boost of {self.post} from {self.started_at:%Y-%m-%d %H:%M}"
