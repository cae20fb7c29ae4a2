"""Scoped: every row belongs to a workspace."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from greenroom.core.models import Workspace

_M = TypeVar("_M", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[_M]):
    """A queryset that can be narrowed to one tenant; views start every query with it."""

    def within(self, workspace: "Workspace | int") -> Self:
        """Only rows of `workspace` (a Workspace or its id)."""
        return self.filter(workspace_id=workspace if isinstance(workspace, int) else workspace.pk)


class Scoped(models.Model):
    """A row of one workspace. Read it through `Model.objects.within(workspace)`."""

    workspace = models.ForeignKey("core.Workspace", models.CASCADE, related_name="+")

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
