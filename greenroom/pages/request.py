"""The request as `needs` hands it to a page of a workspace."""

from django.http import HttpRequest

from greenroom.core.models import Member, Workspace


class StaffRequest(HttpRequest):
    """A member, in a workspace, with the permission the page needs."""

    workspace: Workspace
    member: Member
