"""Creators, their accounts, and the grants by which we read them."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower

from greenroom.core.access import Can
from greenroom.core.scope import Scoped, ScopedQuerySet
from greenroom.core.secrets import EncryptedText
from greenroom.core.state import Stateful
from greenroom.core.work import Due
from greenroom.creators.allowlist import Allowlisting
from greenroom.creators.crm import Field, FieldValue, Label, List, Listed, Note, View
from greenroom.creators.inviting import Attestation, MarketplaceInvite, Ruleset
from greenroom.creators.portal import PortalVisit

__all__ = [
    "Account",
    "Allowlisting",
    "Attestation",
    "Authorization",
    "Connection",
    "Consent",
    "Creator",
    "Field",
    "FieldValue",
    "Label",
    "List",
    "Listed",
    "MarketplaceInvite",
    "Note",
    "PortalVisit",
    "Post",
    "Ruleset",
    "StateChange",
    "View",
]


class Present(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Without what is gone: whoever lists, counts, measures or looks up can't forget to leave it out."""

    def get_queryset(self) -> "ScopedQuerySet[models.Model]":
        found: ScopedQuerySet[models.Model] = super().get_queryset().filter(gone_at=None)
        return found


class Shown(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Without posts that are hidden: whoever lists, counts, measures or exports can't forget to leave them out."""

    def get_queryset(self) -> "ScopedQuerySet[models.Model]":
        found: ScopedQuerySet[models.Model] = super().get_queryset().filter(hidden_at=None)
        return found


class Creator(Scoped):
    """The person. One creator may have several TikTok accounts.

    `objects` are those who are here; `everyone` also those who are gone: deleted, or merged into another.
    """

    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    about = models.TextField(blank=True)  # in a sentence; what happened and was said are notes
    import_id = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import that made the row
    created_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")

    objects: ClassVar[Any] = Present()
    everyone: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "name"])]

    def __str__(self) -> str:
        return self.name


class Account(Scoped):
    """One TikTok handle of a creator, with two independent attributes: authenticated, and in the marketplace.

    `authenticated` is true exactly while the creator's own grant is active; no staff action sets it (ACC-08).
    `in_marketplace` is None until TikTok has been asked. `objects` leave out accounts of deleted creators, whose rows
    stay for what refers to them; `everyone` has them.
    """

    class Purpose(models.TextChoices):
        CREATOR = "creator", "Creator"
        BRAND = "brand", "Brand-owned"

    class Origin(models.TextChoices):
        CRM = "crm", "Added in the CRM"
        DASHBOARD = "dashboard", "Added by the creator in the dashboard"
        APPLICATION = "application", "Application form"
        BRAND = "brand", "Connected as brand-owned"
        LEGACY = "legacy", "Kept from the former source"
        IMPORT = "import", "Imported from a file"

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="accounts")
    handle = models.CharField(max_length=60)
    display_name = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.CREATOR)
    origin = models.CharField(max_length=12, choices=Origin)
    # The id TikTok gives this (user, app) pair: `open_id`, `business_id` or `creator_id` by endpoint. Text: over 2^53.
    open_id = models.CharField(max_length=80, blank=True)
    is_business = models.BooleanField(null=True)
    authenticated = models.BooleanField(default=False)
    in_marketplace = models.BooleanField(null=True)  # as TikTok last said
    marketplace_checked_at = models.DateTimeField(null=True, blank=True)
    official_since = models.DateTimeField(null=True, blank=True)  # first reading from an official source
    import_id = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import that made the row
    created_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = Present()
    everyone: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("handle"), name="one_account_per_handle")]
        indexes = [models.Index(fields=["workspace", "open_id"])]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def access(self) -> str:
        """The column of the availability table: auth_ttcm, auth_non_ttcm, unauth_ttcm or unauth_non_ttcm."""
        return f"{'auth' if self.authenticated else 'unauth'}_{'ttcm' if self.in_marketplace else 'non_ttcm'}"

    @property
    def supported(self) -> bool:
        """May it be read at all? Not authenticated and not in the marketplace means no (ACC-03)."""
        return self.authenticated or bool(self.in_marketplace)

    @property
    def label(self) -> str:
        """TikTok's word for the membership, as shown and as the API says it (ACC-12)."""
        return "Marketplace" if self.in_marketplace else "Non-TTCM"

    @property
    def account_type(self) -> str:
        """The API's word for the kind of account (API-01, API-04)."""
        return "tiktok_business" if self.purpose == self.Purpose.BRAND else "tiktok_creator"


class StateChange(Scoped):
    """One change of an account's attribute: history that can be asked about any past instant (ACC-21)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="changes")
    attribute = models.CharField(
        max_length=20, choices=[("authenticated", "authenticated"), ("in_marketplace", "in_marketplace")]
    )
    value = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    cause = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["account", "attribute", "at"])]

    def __str__(self) -> str:
        return f"{self.account} {self.attribute}={self.value} at {self.at:%Y-%m-%d %H:%M}"


class Connection(Stateful, Due):
    """A grant to read TikTok: tokens, scopes, state. As a due row it keeps its own tokens fresh.

    `account` is None for the workspace's own marketplace grant (a TikTok One brand account).
    """

    class Dialect(models.TextChoices):
        ACCOUNTS = "accounts", "TikTok for Business API"
        LOGIN_KIT = "login_kit", "Login Kit"
        MARKETPLACE = "marketplace", "TikTok Creator Marketplace"

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {
        "pending": {"active": Can.SYSTEM},
        "active": {"expiring": Can.SYSTEM, "lapsed": Can.SYSTEM, "revoked": Can.CONNECTIONS_WRITE},
        "expiring": {"active": Can.SYSTEM, "lapsed": Can.SYSTEM, "revoked": Can.CONNECTIONS_WRITE},
        "lapsed": {"active": Can.SYSTEM, "revoked": Can.CONNECTIONS_WRITE},
        "revoked": {"active": Can.SYSTEM},
    }
    LIVE: ClassVar[tuple[str, ...]] = ("active", "expiring")

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="connections")
    dialect = models.CharField(max_length=12, choices=Dialect)
    scopes = models.JSONField(default=list)  # what was granted, not what was asked
    access_token = EncryptedText(blank=True)
    refresh_token = EncryptedText(blank=True)
    open_id = models.CharField(max_length=80, blank=True)
    # The marketplace account ids this grant may act for: {"tto": […], "tcm": […]}.
    marketplace_ids = models.JSONField(default=dict)
    expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    # While one process swaps the tokens at TikTok no other may: a refresh token that rotates works once.
    swapping_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["dialect", "open_id"])]
        constraints = [
            models.UniqueConstraint(fields=["account", "dialect"], name="one_connection_per_account_and_dialect"),
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(account=None), name="one_marketplace_connection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dialect_display()} of {self.account or self.workspace}"

    @property
    def queue_label(self) -> str:
        return f"Keep the token fresh: {self}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def expires_within(self, span: timedelta, *, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at + span


class Consent(Scoped):
    """What a creator or brand agreed to: who, which scopes, when, how, until when, revoked when (GOV-06)."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="consents")
    who = models.CharField(max_length=120)
    scopes = models.JSONField(default=list)
    how = models.CharField(max_length=40)  # application form, invited link, creator portal, connections page
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "-at"])]

    def __str__(self) -> str:
        return f"{self.who}, {self.at:%Y-%m-%d}"


class Authorization(Scoped):
    """A visit to TikTok's consent page under way: what to do when the creator comes back with this `state`.

    Used once; the exchange is idempotent on it, because a doubled callback would burn TikTok's code.
    """

    state = models.CharField(max_length=64, unique=True)
    dialect = models.CharField(max_length=12, choices=Connection.Dialect)
    purpose = models.CharField(max_length=8, choices=Account.Purpose, default=Account.Purpose.CREATOR)
    # Whose account this is to be: an existing account, an existing creator's new account, or an applicant's.
    account = models.ForeignKey(Account, models.CASCADE, null=True)
    creator = models.ForeignKey(Creator, models.CASCADE, null=True)
    applicant = models.JSONField(default=dict)  # name, email from the application form
    handle = models.CharField(max_length=60, blank=True)  # who must be signed in at TikTok, when that is known
    how = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    redirect_uri = models.CharField(max_length=512)  # the exchange must name the same one
    verifier = EncryptedText(blank=True)  # PKCE
    return_to = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)  # an exchange is under way since
    # The code's worth, while TikTok can't be asked whose it is: a code works once, so it is not asked for twice.
    grant = EncryptedText(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    connection = models.ForeignKey(Connection, models.CASCADE, null=True)
    refusal = models.JSONField(default=dict)  # code, title, words: what a doubled callback is told again

    def __str__(self) -> str:
        return f"{self.get_dialect_display()} authorisation started {self.started_at:%Y-%m-%d %H:%M}"


class Post(Scoped):
    """One published TikTok post (video or photo) of an account.

    What is written here is what TikTok says at once (id, times, caption); figures are observations. `objects` leave out
    posts that are hidden until they are purged; `everything` has them.
    """

    class Basis(models.TextChoices):
        ORDER = "order", "Order"
        MANUAL = "manual", "Manual"
        LEGACY = "legacy", "Former source"

    account = models.ForeignKey(Account, models.CASCADE, related_name="posts")
    item_id = models.CharField(max_length=40)  # TikTok's id; text: over 2^53
    posted_at = models.DateTimeField()
    caption = models.TextField(blank=True)
    share_url = models.URLField(max_length=300, blank=True)
    media_type = models.CharField(max_length=8, default="VIDEO")
    duration_s = models.FloatField(null=True, blank=True)
    # How the post is tied to work we asked for; decides which fields exist. Orders set it, later.
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.MANUAL)
    import_id = models.BigIntegerField(null=True, blank=True, db_index=True)  # the import that made the row
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)  # known from a former source only, and about to be purged

    objects: ClassVar[Any] = Shown()
    everything: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "item_id"], name="one_row_per_post")]
        indexes = [models.Index(fields=["workspace", "-posted_at"])]

    def __str__(self) -> str:
        return self.item_id
