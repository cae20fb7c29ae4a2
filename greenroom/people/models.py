"""Who is asked to come in."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from greenroom.core.access import ROLES, Can
from greenroom.core.state import Stateful


class Invitation(Stateful):
    """A person asked by e-mail to become a member. Open until accepted or withdrawn; the link has an end of its own."""

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {"open": {"accepted": Can.SYSTEM, "withdrawn": Can.MEMBERS_MANAGE}}

    state = models.CharField(max_length=24, default="open")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])
    by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    # Each sending makes a new link; only that of the last sending works.
    sent = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"], condition=models.Q(state="open"), name="one_open_invitation_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.email

    def is_over(self, at: datetime) -> bool:
        """Is the last link that was sent too old?"""
        return self.until <= at
