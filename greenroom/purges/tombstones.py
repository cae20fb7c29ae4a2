"""Tombstones: asked for by id, and marked when their post is tied again."""

from greenroom.core.models import Event, Workspace
from greenroom.purges.models import Tombstone

TIED = "campaignpost.tied"


def find(workspace: Workspace | int, item_id: str) -> Tombstone | None:
    """The tombstone of a post by TikTok's id, or None: no purge removed it."""
    found: Tombstone | None = (
        Tombstone.objects.within(workspace).filter(item_id=item_id).select_related("account", "campaign").first()
    )
    return found


def when(workspace: Workspace, item_id: str) -> str:
    """ "on 3 March 2026" for a post that was purged and is not back; empty for any other."""
    found = find(workspace, item_id)
    return "" if found is None or found.tied_again_at else f"on {found.purged_at:%-d %B %Y}"


def notice(event: Event) -> None:
    """A post of an order is told: if it was purged once, it is back, with new values only."""
    if event.name == TIED and (item := event.data.get("video")):
        rows = Tombstone.objects.within(event.workspace_id).filter(item_id=str(item), tied_again_at=None)
        rows.update(tied_again_at=event.at)
