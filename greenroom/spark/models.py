"""The creator's leave to advertise a post, and the boosts made with it."""

from datetime import datetime, timedelta
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
    counts. The code lets whoever has it promote the post, so it is kept encrypted. While more time is asked for it
    stays authorized: the code works on. Declined with a `refusal` was declined by TikTok, not by the creator.
    """

    DAYS: ClassVar[tuple[int, ...]] = (7, 30, 60, 365)
    SOON: ClassVar[timedelta] = timedelta(days=7)  # so long before its end somebody is told

    # All but asking follows from what TikTok says, so every state can become every other that TikTok may tell.
    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "requested": {"authorized": Can.SYSTEM, "declined": Can.SYSTEM, "expired": Can.SYSTEM, "revoked": Can.SYSTEM},
        "authorized": {"expired": Can.SYSTEM, "revoked": Can.SYSTEM},
        "declined": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM, "revoked": Can.SYSTEM},
        "expired": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM, "revoked": Can.SYSTEM},
        "revoked": {"requested": Can.CAMPAIGNS_WRITE, "authorized": Can.SYSTEM, "declined": Can.SYSTEM,
                    "expired": Can.SYSTEM},
    }  # fmt: skip
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
    asked_at = models.DateTimeField(null=True, blank=True)  # when TikTok took the last request
    more_asked_at = models.DateTimeField(null=True, blank=True)  # more time was asked for, without an answer yet
    requests_left = models.PositiveSmallIntegerField(null=True, blank=True)  # TikTok passes on 30 until an answer
    # A request on its way to TikTok. `left_before` is set right before it is sent: with fewer left, it was taken.
    wish = models.CharField(max_length=6, blank=True, choices=[("ask", "A request"), ("extend", "More time")])
    left_before = models.PositiveSmallIntegerField(null=True, blank=True)
    refusal = models.TextField(blank=True)  # TikTok's words when it did not take a request
    told_until = models.DateTimeField(null=True, blank=True)  # somebody was told that it ends then
    read_at = models.DateTimeField(null=True, blank=True)  # when TikTok said what is known now
    done = models.JSONField(default=dict)  # steps of the guide: {"1": [by, at]}
    by = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["workspace", "state", "until"])]

    def __str__(self) -> str:
        return f"Spark Ads authorization of {self.post}"

    @property
    def queue_label(self) -> str:
        return f"Ask TikTok for the Spark Ads authorization of {self.post}"

    @property
    def state_label(self) -> str:
        return "Refused by TikTok" if self.state == "declined" and self.refusal else self.STATES[self.state]

    def works(self, at: datetime) -> bool:
        """May an advertiser use the code now? By the clock, whether TikTok was asked since or not."""
        return self.state == "authorized" and bool(self.code) and self.until is not None and at < self.until

    def ends_soon(self, at: datetime) -> bool:
        """Does a code that works end within a week?"""
        return self.works(at) and self.until is not None and self.until - at <= self.SOON


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
