"""The plan of a purge: what there is, where, and whom it touches. Counting it changes nothing (MIG-14)."""

from datetime import datetime
from typing import Any

from greenroom.campaigns.models import CampaignPost
from greenroom.core.models import Event, Workspace
from greenroom.observations import remains
from greenroom.purges import files, stores

Counts = dict[str, Any]


def count(workspace: Workspace, source: str, *, at: datetime) -> Counts:
    """What a purge of the source would meet at `at`.

    stores: {store: how many things}. accounts: {account id: readings}. campaigns: ids of those that have posts of it.
    backups: when backups were made, as far as this install knows. exports: what of the home folder would be deleted.
    """
    entries = CampaignPost.objects.within(workspace).filter(how=CampaignPost.How.FORMER)
    made = Event.objects.within(workspace).filter(name="backup.made", at__lte=at).order_by("at")
    return {
        "stores": stores.count(stores.Asked(workspace.pk, source, at)),
        "accounts": {str(key): rows for key, rows in sorted(remains.by_account(workspace.pk, source).items())},
        "campaigns": sorted(set(entries.order_by().values_list("campaign_id", flat=True))),
        "backups": [one.isoformat() for one in made.values_list("at", flat=True)],
        "exports": [path.name for path in files.exports(until=at)],
    }
