"""Templates, messages as they were sent, who wants none, and what is reminded of."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from greenroom.core.access import Can
from greenroom.core.scope import Scoped
from greenroom.core.state import Stateful
from greenroom.core.work import Due


class Template(Scoped):
    """A text with placeholders. `key` names a ready-made one, which reminders use; empty for one of the workspace."""

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=8000)
    key = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)  # one more with each change of subject or body
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint("workspace", Lower("name"), name="one_template_per_name"),
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=~models.Q(key=""), name="one_template_per_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Message(Stateful, Due):
    """One text to one creator, as rendered. As a due row it sends itself.

    An attempt begins by setting `begun_at`. Whoever finds it set without an outcome can't know whether the mail left,
    and does not send a second one.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        COPY = "copy", "Text to copy"

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "queued": {"sent": Can.SYSTEM, "failed": Can.SYSTEM, "skipped": Can.SYSTEM},
        "failed": {"queued": Can.CAMPAIGNS_WRITE, "sent": Can.SYSTEM},
    }
    STATES: ClassVar[dict[str, str]] = {
        "queued": "Waiting",
        "sent": "Sent",
        "failed": "Failed",
        "skipped": "Not sent",
        "copied": "To copy",
    }

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="messages")
    participant = models.ForeignKey(
        "campaigns.Participant", models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    account = models.ForeignKey("creators.Account", models.CASCADE, related_name="messages")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, blank=True, related_name="messages")
    template_name = models.CharField(max_length=80, blank=True)  # as it was then
    template_version = models.PositiveIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=16, blank=True)  # of a reminder
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    to = models.EmailField(blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    reason = models.CharField(max_length=20, blank=True)  # why it was not sent or failed, for machines
    words = models.TextField(blank=True)  # and for people
    # What was asked for in one action has one key: asked twice, it is sent once.
    once = models.CharField(max_length=100, unique=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["campaign", "-id"]), models.Index(fields=["account", "-id"])]

    def __str__(self) -> str:
        return f"Message to {self.account}"

    @property
    def queue_label(self) -> str:
        return f"Send a message to {self.account}"

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


class OptOut(Scoped):
    """A creator wants no messages from this workspace. `own`: they said so themselves, so only they take it back."""

    creator = models.OneToOneField("creators.Creator", models.CASCADE, related_name="opt_out")
    own = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"No messages to creator {self.creator_id}"


class Reminders(Due, Scoped):
    """Which reminders a campaign sends; None: not that one. As a due row it looks who needs one."""

    campaign = models.OneToOneField("campaigns.Campaign", models.CASCADE, related_name="reminders")
    not_joined = models.PositiveSmallIntegerField(null=True, blank=True)  # days since the order was created
    not_uploaded = models.PositiveSmallIntegerField(null=True, blank=True)  # days before it is due
    not_linked = models.PositiveSmallIntegerField(null=True, blank=True)  # days since something else was posted
    expiring = models.PositiveSmallIntegerField(null=True, blank=True)  # days before the authorisation ends
    spark_ending = models.PositiveSmallIntegerField(null=True, blank=True)  # days before a code of Spark Ads ends

    class Meta:
        verbose_name_plural = "reminders"

    def __str__(self) -> str:
        return f"Reminders of {self.campaign}"

    @property
    def queue_label(self) -> str:
        return f"Remind creators in {self.campaign}"


class Reminded(Scoped):
    """A reminder was written about this order or grant; there is no second one."""

    key = models.CharField(max_length=60, unique=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="reminded")

    def __str__(self) -> str:
        return self.key
