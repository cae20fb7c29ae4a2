"""A post in a campaign, as a row: which campaign, by what it came in, what is known of it being branded content.

`models.py` shows the class as its own.
"""

from typing import ClassVar

from django.db import models

from greenroom.core.scope import Scoped


class CampaignPost(Scoped):
    """One TikTok post in one campaign. A post is in one campaign at most, so that nothing is counted twice.

    `how` says what tied it: the order's invite link or campaign code (`order` where TikTok tells not which), a person
    by hand, or the former source. `untied` was tied once and is still out. What a post's figures may show is decided
    by `Post.basis`, never here.
    """

    class How(models.TextChoices):
        LINK = "link", "Invite link"
        CODE = "code", "Campaign code"
        ORDER = "order", "Order"
        HAND = "hand", "Added by hand"
        UNTIED = "untied", "Not tied any more"
        FORMER = "former", "Former source"

    TIED: ClassVar[tuple[str, ...]] = ("link", "code", "order")
    MODES: ClassVar[dict[str, str]] = {  # the badge (PUB-05)
        "link": "Order",
        "order": "Order",
        "code": "Code",
        "hand": "Manual",
        "untied": "Manual",
        "former": "Former source",
    }

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="posts")
    post = models.OneToOneField("creators.Post", models.CASCADE, related_name="entry")
    participant = models.ForeignKey(
        "campaigns.Participant", models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    deliverable = models.OneToOneField(
        "campaigns.Deliverable", models.SET_NULL, null=True, blank=True, related_name="entry"
    )
    how = models.CharField(max_length=6, choices=How)
    branded = models.BooleanField(default=True)  # is it advertising for the brand? Said by whoever adds it by hand
    posted_at = models.DateTimeField()  # the post's own, here so that a campaign's newest posts are one look
    added_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    removed_at = models.DateTimeField(null=True, blank=True)  # TikTok took it down, or the creator did
    removed_why = models.TextField(blank=True)

    class Meta:
        ordering = ("-posted_at", "-pk")
        indexes = [
            models.Index(fields=["campaign", "-posted_at", "-id"]),
            models.Index(fields=["workspace", "how", "-posted_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.post} in {self.campaign}"

    @property
    def mode(self) -> str:
        """How its figures come in, in a word: Order, Code, Manual."""
        return self.MODES[self.how]
