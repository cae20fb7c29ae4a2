"""What is read from TikTok, when, and how each attempt went."""

from django.db import models

from greenroom.core.scope import Scoped
from greenroom.core.work import Due
from greenroom.creators.models import Account, Connection
from greenroom.syncs.streams import STREAMS


class Sync(Scoped, Due):
    """One stream of one account (or of the workspace): its place, its schedule, its health.

    `due_at` is also the name of the reading that is due: a run writes only while it still stands, so that however often
    a reading is tried, and by whom, it is stored once.
    """

    stream = models.CharField(max_length=40)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="syncs")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="syncs")
    cursor = models.JSONField(default=dict)
    rows_total = models.BigIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)  # of the newest run; with `every_s` the pace this sync plans for
    every_s = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "connection", "account"], name="one_sync_per_stream"),
            models.UniqueConstraint(
                fields=["stream", "connection"], condition=models.Q(account=None), name="one_workspace_sync_per_stream"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "stream"])]

    def __str__(self) -> str:
        return f"{self.words} of {self.account or self.workspace}"

    @property
    def words(self) -> str:
        """What is read, for people: "Marketplace profile (older interface)"."""
        stream = STREAMS.get(self.stream)
        if stream is None:
            return self.stream.replace("_", " ").capitalize()
        return f"{stream.label} (older interface)" if stream.generation == "tcm" else stream.label

    @property
    def queue_label(self) -> str:
        return f"Read {self.words[:1].lower()}{self.words[1:]} of {self.account or self.workspace}"


class Run(Scoped):
    """One attempt of a sync."""

    class Outcome(models.TextChoices):
        OK = "ok", "Read"
        REPEATED = "repeated", "Not needed any more"
        PARKED = "parked", "Not open any more"
        WAITING = "waiting", "Waits for another worker"
        THROTTLED = "throttled", "TikTok asked to wait"
        UNAVAILABLE = "unavailable", "TikTok did not answer"
        UNAUTHORIZED = "unauthorized", "The grant has ended"
        REJECTED = "rejected", "TikTok refused"
        FAILED = "failed", "Failed"

    sync = models.ForeignKey(Sync, models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    rows = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    archive = models.CharField(max_length=200, blank=True)  # where the raw answers are, below GREENROOM_HOME/archive

    class Meta:
        indexes = [models.Index(fields=["sync", "-id"]), models.Index(fields=["archive"])]

    def __str__(self) -> str:
        return f"{self.sync} at {self.started_at:%Y-%m-%d %H:%M}: {self.outcome}"


class Schedule(Scoped):
    """A workspace's own intervals by the age of posts; without a row the default plan holds.

    `steps` are rows of [hours of age, minutes between readings], the youngest first.
    """

    steps = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_schedule_per_workspace")]

    def __str__(self) -> str:
        return f"Schedule of {self.workspace}"


class QuotaBucket(models.Model):
    """How much of one TikTok ceiling is used, shared by all workers: the app's, or one account's for one endpoint.

    `full_at` is the generic cell rate algorithm's theoretical arrival time, in epoch seconds.
    """

    name = models.CharField(max_length=160, unique=True)
    full_at = models.FloatField(default=0)
    used_total = models.BigIntegerField(default=0)  # places reserved, a few more than requests made
    used_today = models.BigIntegerField(default=0)
    today = models.DateField(null=True, blank=True)  # the UTC day `used_today` counts
    blocked_until = models.DateTimeField(null=True, blank=True)  # TikTok said 40100

    def __str__(self) -> str:
        return self.name


class Sweep(Due):
    """Removes archive files that no run knows; what a worker leaves that dies between file and transaction."""

    swept_through = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return "Clear leftovers from the archive"
