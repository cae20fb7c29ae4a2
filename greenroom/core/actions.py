"""Verbs about workspaces and their people."""

from datetime import datetime

from django.utils.text import slugify

from greenroom.core import events
from greenroom.core.models import Member, User, Workspace

RESERVED = {"callback", "connected", "i"}  # words that stand where a workspace does below /join/


def create_workspace(*, workspace: str, name: str, email: str, password: str | None, at: datetime) -> Member:
    """Make a workspace and its owner; returns the owner's membership. Without `password` the person can't sign in."""
    made = Workspace.objects.create(name=workspace, slug=_free_slug(workspace))
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, password, name=name)
    owner = Member.objects.create(workspace=made, user=user, role="owner")
    events.note(made, "workspace.created", by=owner.by, at=at, subject=events.about(made))
    return owner


def accept_policy(workspace: Workspace, *, version: str, by: str, at: datetime) -> None:
    """Keep which version of TikTok's developer policies the operator accepted, when and who (GOV-08)."""
    workspace.policy_version, workspace.policy_accepted_at, workspace.policy_accepted_by = version, at, by
    workspace.save(update_fields=["policy_version", "policy_accepted_at", "policy_accepted_by"])
    events.note(workspace, "workspace.policy_accepted", by=by, at=at, version=version)


def _free_slug(name: str) -> str:
    stem = slugify(name)[:34] or "workspace"
    taken = RESERVED | set(Workspace.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if slug not in taken)
