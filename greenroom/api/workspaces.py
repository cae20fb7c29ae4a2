"""Workspaces: those the caller may enter."""

from datetime import datetime

from django.conf import settings as install
from ninja import Query, Router
from pydantic import Field

from greenroom.api import caller, pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, everywhere, reads, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Text, Told, at_utc, one_of
from greenroom.core import actions, currencies, display
from greenroom.core.access import Can
from greenroom.core.models import Workspace
from greenroom.people import workspaces as people

router = Router(tags=["workspaces"])


class WorkspaceTold(Told):
    """A tenant: a brand or an agency."""

    id: Id
    slug: str = Field(description="What stands in every address below /w/.")
    name: str
    role: str | None = Field(description="The caller's role in it.")
    time_zone: str
    currency: str
    language: str
    created_at: datetime
    policy_version: str | None = Field(description="Which version of TikTok's policies the operator accepted (GOV-08).")
    policy_accepted_at: datetime | None

    @classmethod
    def of(cls, row: Workspace, role: str) -> "WorkspaceTold":
        return cls(
            id=str(row.pk),
            slug=row.slug,
            name=row.name,
            role=role,
            time_zone=row.time_zone,
            currency=row.currency,
            language=row.language,
            created_at=row.created_at,
            policy_version=row.policy_version or None,
            policy_accepted_at=at_utc(row.policy_accepted_at),
        )


class WorkspaceChange(Given):
    """What changes; the rest stays as it is. Only the look changes: no amount and no moment is converted."""

    name: str | None = Field(None, min_length=1, max_length=80, pattern=WORD)
    time_zone: one_of(*display.zones()) | None = None  # type: ignore[valid-type]
    currency: one_of(*(code for code, _ in currencies.choices())) | None = None  # type: ignore[valid-type]
    language: one_of(*(code for code, _ in install.LANGUAGES)) | None = None  # type: ignore[valid-type]


class PolicyGiven(Given):
    """The version of TikTok's developer policies that the operator accepted."""

    version: Text = Field(min_length=1, max_length=60, examples=["2026-01-15"])


@everywhere(router, "/workspaces", needs=Can.WORKSPACE_READ, gives=Page[WorkspaceTold])
def list_workspaces(request: Call, asked: Query[Narrowed]) -> Page[WorkspaceTold]:
    """The workspaces of the caller.

    A key belongs to one workspace, a person may be in several.
    """
    mine = caller.workspaces(request.caller)
    told = WorkspaceTold.of
    return pages.of_list(mine, asked, lambda one: told(*one), of=WorkspaceTold, key=lambda one: (0, one[0].pk))


@reads(router, "", needs=Can.WORKSPACE_READ, gives=WorkspaceTold)
def get_workspace(request: Call, workspace: str) -> WorkspaceTold:
    """One workspace."""
    return WorkspaceTold.of(request.workspace, request.caller.role)


@changes(router, "", needs=Can.WORKSPACE_MANAGE, gives=WorkspaceTold)
def change_workspace(request: Call, workspace: str, body: WorkspaceChange) -> WorkspaceTold:
    """Change the workspace's name, time zone, currency or display language."""
    told = body.model_dump(exclude_none=True)
    people.change(request.workspace, by=request.caller.by, at=request.at, **told)
    return WorkspaceTold.of(request.workspace, request.caller.role)


@writes(router, "/policy", needs=Can.WORKSPACE_MANAGE, gives=WorkspaceTold)
def record_policy(request: Call, workspace: str, body: PolicyGiven) -> WorkspaceTold:
    """Record which version of TikTok's policies was accepted.

    Before that nothing live can be connected (GOV-08).
    """
    actions.accept_policy(request.workspace, version=body.version, by=request.caller.by, at=request.at)
    return WorkspaceTold.of(request.workspace, request.caller.role)
