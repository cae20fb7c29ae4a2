"""Hiding: from one moment on nothing of a former source is shown, long before the last of it is gone (MIG-03)."""

from datetime import datetime

from greenroom.creators.models import Post
from greenroom.imports import running
from greenroom.imports.models import Import
from greenroom.observations import erasure
from greenroom.purges.models import Purge


def hide(purge: Purge, *, by: str, at: datetime) -> int:
    """Take posts and readings of the source out of every list, figure and file; returns how many posts. Call it in the
    transaction in which the purge starts. What is just coming in of it is stopped."""
    erasure.withhold(purge.workspace, purge.source, reason=purge.reason, by=by, at=at)
    for one in Import.objects.within(purge.workspace).filter(former=True, state="started"):
        running.cancel(one, by=by, at=at)
    posts = Post.everything.within(purge.workspace).filter(basis=Post.Basis.LEGACY, hidden_at=None)
    return int(posts.update(hidden_at=at))
