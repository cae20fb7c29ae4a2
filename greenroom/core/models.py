"""The nouns every workspace has: the tenant, its people, what happened."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from greenroom.core.access import ROLES, Can
from greenroom.core.scope import Scoped
from greenroom.core.work import Due


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do is said by their Member rows, one per workspace."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = False
    date_joined = models.DateTimeField(auto_now_add=True)
    # How this person likes to see things; empty: as the workspace says. Only what is shown changes, never what is kept.
    time_zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """The tenant: a brand or an agency."""

    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    # How times, new amounts and words are shown to who has no wish of their own; nothing stored is ever converted.
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    language = models.CharField(max_length=16, default="en")
    mfa_required = models.BooleanField(default=False)
    operators_allowed = models.BooleanField(default=True)
    # The TikTok policies the operator accepted. No live connector may be used before (GOV-08).
    policy_version = models.CharField(max_length=60, blank=True)
    policy_accepted_at = models.DateTimeField(null=True, blank=True)
    policy_accepted_by = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Member(Scoped):
    """A person in a workspace, with one role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role, role) for role in ROLES])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_workspace")]

    # Set while an operator of the install looks in; such a Member is never saved.
    operator: "OperatorSession | None" = None

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    @property
    def permissions(self) -> frozenset[Can]:
        return ROLES[self.role]

    @property
    def by(self) -> str:
        """How events name this person."""
        return f"operator:{self.user_id}" if self.operator else f"member:{self.pk}"


class OperatorSession(Due, Scoped):
    """An operator of the install in a workspace they are no member of: for a reason, for a time, in the audit log."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=16)
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Operator access of {self.user}"

    @property
    def member(self) -> Member:
        """What pages take the operator for: no row, so its number is that of none."""
        member = Member(pk=0, workspace=self.workspace, user=self.user, role=self.role)
        member.operator = self
        return member


class Event(Scoped):
    """One thing that happened: `connection.active`, `account.added`. It goes only with its workspace.

    Never changed, but that what is personal is taken out when its creator is deleted.
    """

    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, blank=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "subject", "id"]),
            models.Index(fields=["workspace", "name", "id"]),
            # The audit log: newest first, whole or of one actor or name, from any point on.
            models.Index(fields=["workspace", "at", "id"]),
            models.Index(fields=["workspace", "by", "at", "id"]),
            models.Index(fields=["workspace", "name", "at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.name} {self.subject}"
