"""Posts that are known from a former source only become tombstones; the others stay, without what it said of them."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from greenroom.campaigns.models import CampaignPost
from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.observations import relations, view
from greenroom.purges import told
from greenroom.purges.models import Purge, Tombstone

AT_ONCE = 500
ROW = ("item_id", "account_id", "posted_at", "caption", "share_url", "media_type", "duration_s", "first_seen_at")


def bury(purge: Purge, *, at: datetime) -> Iterator[int]:
    """Some posts after the other, each lot in one transaction; yields how many. Whoever is killed goes on there."""
    official = officially_read(purge.workspace_id, purge.source)
    while lot := list(_former(purge.workspace_id)[:AT_ONCE]):
        with transaction.atomic():
            _bury(purge, lot, official, at=at)
        yield len(lot)
    yield _without_texts(purge.workspace_id)


def officially_read(workspace: int, source: str) -> set[int]:
    """The posts of which there is a reading that did not come from the source."""
    sql = f"select distinct subject from {relations.READINGS['post']} where source_class <> $which"  # noqa: S608
    return {row["subject"] for row in view.unwithheld(workspace).rows(sql, {"which": source})}


def _former(workspace: int) -> Any:
    return Post.everything.within(workspace).filter(basis=Post.Basis.LEGACY).order_by("pk")


def _bury(purge: Purge, lot: Sequence[Post], official: set[int], *, at: datetime) -> None:
    entries = {one.post_id: one for one in CampaignPost.objects.filter(post__in=lot)}
    digests = _digests(purge, lot, entries)
    told.redact(_events(purge.workspace_id, lot, entries))
    for post in lot:
        entry = entries.get(post.pk)
        Tombstone.objects.update_or_create(
            workspace_id=purge.workspace_id,
            item_id=post.item_id,
            defaults={
                "purge": purge,
                "account_id": post.account_id,
                "campaign_id": entry.campaign_id if entry else None,
                "digest": digests[post.pk],
                "reason": purge.reason,
                "purged_at": at,
                "tied_again_at": None,
            },
        )
    former = [one.pk for one in entries.values() if one.how == CampaignPost.How.FORMER]
    CampaignPost.objects.filter(pk__in=former).delete()
    stays = [post.pk for post in lot if post.pk in official]
    bare = {"caption": "", "share_url": "", "duration_s": None} if stays else {}
    mine = Post.everything.filter(pk__in=stays)
    mine.filter(pk__in=[post.pk for post in lot if post.last_seen_at == post.first_seen_at]).update(**bare)
    mine.update(basis=Post.Basis.MANUAL, hidden_at=None, import_id=None)
    Post.everything.filter(pk__in=[post.pk for post in lot if post.pk not in official]).delete()


def _events(workspace: int, lot: Sequence[Post], entries: dict[int, CampaignPost]) -> list[Event]:
    subjects = [f"post:{post.pk}" for post in lot] + [f"campaignpost:{one.pk}" for one in entries.values()]
    return list(Event.objects.within(workspace).filter(subject__in=subjects))


def _digests(purge: Purge, lot: Sequence[Post], entries: dict[int, CampaignPost]) -> dict[int, str]:
    """By post the SHA-256 of all that goes of it: its row, its place in a campaign, the source's readings."""
    sql = (
        f"select * from {relations.READINGS['post']}"  # noqa: S608
        " where source_class = $which and list_contains($posts, subject) order by subject, observed_at, surface"
    )
    asked = {"which": purge.source, "posts": [post.pk for post in lot]}
    readings: dict[int, list[dict[str, Any]]] = {}
    for row in view.unwithheld(purge.workspace_id).rows(sql, asked):
        readings.setdefault(row["subject"], []).append({key: value for key, value in row.items() if value is not None})
    found = {}
    for post in lot:
        whole: dict[str, Any] = {name: getattr(post, name) for name in ROW}
        whole["campaign"] = entries[post.pk].campaign_id if post.pk in entries else None
        whole["readings"] = readings.get(post.pk, [])
        found[post.pk] = sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()
    return found


def _without_texts(workspace: int) -> int:
    """Posts that an order or a person has kept: what only the source's file said of them goes."""
    CampaignPost.objects.within(workspace).filter(how=CampaignPost.How.FORMER).delete()  # of posts that stay
    rows = told.texts(workspace)
    return int(rows.update(caption="", share_url="", duration_s=None))
