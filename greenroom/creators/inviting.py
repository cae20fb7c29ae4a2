"""Inviting to the marketplace as rows: the rules a workspace goes by, what people attested, the invites.

`models.py` shows these classes as its own.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due
from greenroom.creators import eligibility


class Ruleset(Scoped):
    """A version of the marketplace's rules that a workspace loaded beside those that come with the program."""

    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    document = models.JSONField()  # what eligibility.Rules.parse reads
    by = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("effective_from", "pk")
        constraints = [models.UniqueConstraint(fields=["workspace", "version"], name="one_ruleset_per_version")]

    def __str__(self) -> str:
        return f"{self.version}, from {self.effective_from}"


class Attestation(Scoped):
    """What somebody vouches for about an account: yes or no, when, and how they know. Never a date of birth."""

    class About(models.TextChoices):
        AGE = "age", "The creator is of age"
        CONTENT = "content", "The content suits the programme's audience"

    class Method(models.TextChoices):
        CREATOR = "creator", "The creator said so"
        AGREEMENT = "agreement", "It stands in the agreement"
        DOCUMENT = "document", "A document was seen, and not kept"
        REVIEW = "review", "The newest posts were looked at"

    account = models.ForeignKey("creators.Account", models.CASCADE, related_name="attestations")
    about = models.CharField(max_length=8, choices=About)
    holds = models.BooleanField()
    method = models.CharField(max_length=12, choices=Method)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["account", "about", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {'yes' if self.holds else 'no'}, {self.at:%Y-%m-%d}"


class MarketplaceInvite(Stateful, Due):
    """Our request that an account join TikTok's marketplace.

    As a due row it sends itself where that failed, asks TikTok how it stands, and ends when its time is over. TikTok
    tells `delivered` and `accepted`; that the creator looked at it or said no is noted by whoever heard so.
    """

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "draft": {
            "sent": Can.SYSTEM,
            "accepted": Can.SYSTEM,  # they were in already
            "rejected_ineligible": Can.SYSTEM,
            "cancelled": Can.CREATORS_WRITE,
        },
        "sent": {
            "delivered": Can.SYSTEM,
            "viewed": Can.CREATORS_WRITE,
            "accepted": Can.SYSTEM,
            "declined": Can.CREATORS_WRITE,
            "expired": Can.SYSTEM,
            "cancelled": Can.CREATORS_WRITE,
        },
        "delivered": {
            "viewed": Can.CREATORS_WRITE,
            "accepted": Can.SYSTEM,
            "declined": Can.CREATORS_WRITE,
            "expired": Can.SYSTEM,
            "cancelled": Can.CREATORS_WRITE,
        },
        "viewed": {
            "accepted": Can.SYSTEM,
            "declined": Can.CREATORS_WRITE,
            "expired": Can.SYSTEM,
            "cancelled": Can.CREATORS_WRITE,
        },
    }
    OPEN: ClassVar[tuple[str, ...]] = ("draft", "sent", "delivered", "viewed")
    STATES: ClassVar[dict[str, str]] = {
        "draft": "Not sent yet",
        "sent": "Sent",
        "delivered": "Delivered",
        "viewed": "Viewed",
        "accepted": "Accepted",
        "declined": "Declined",
        "rejected_ineligible": "Refused: not eligible",
        "expired": "Expired",
        "cancelled": "Cancelled",
    }
    LIFE: ClassVar[timedelta] = timedelta(days=30)

    account = models.ForeignKey("creators.Account", models.CASCADE, related_name="invites")
    rules_version = models.CharField(max_length=40)
    programme = models.CharField(max_length=120)
    verdicts = models.JSONField(default=list)  # what was known of each rule when it was decided
    overridden = models.BooleanField(default=False)  # sent although a rule was known to fail
    failing = models.JSONField(default=list)  # rules for which it was refused
    refusal = models.TextField(blank=True)  # TikTok's words; empty when it was not asked
    by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "marketplace invite"
        ordering = ("-made_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state__in=("draft", "sent", "delivered", "viewed")),
                name="one_open_invite_per_account",
            )
        ]

    def __str__(self) -> str:
        return f"Marketplace invite to {self.account}"

    @property
    def queue_label(self) -> str:
        return str(self)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def state_words(self) -> str:
        return self.STATES[self.state]

    @property
    def failing_labels(self) -> list[str]:
        """The failing rules as people say them."""
        return [eligibility.LABELS.get(rule, rule) for rule in self.failing]
