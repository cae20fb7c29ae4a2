"""The creator's own page as rows: in which browsers it is open. `models.py` shows the class as its own."""

from django.db import models

from greenroom.core.scope import Scoped


class PortalVisit(Scoped):
    """A browser in which a creator's page is open. `key` is that of the link it came by, which is used up by it."""

    creator = models.ForeignKey("creators.Creator", models.CASCADE, related_name="visits")
    key = models.CharField(max_length=32, unique=True)
    how = models.CharField(max_length=40)  # "link" or "consent"
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=45, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "creator", "-seen_at"])]

    def __str__(self) -> str:
        return f"{self.creator}'s page"
