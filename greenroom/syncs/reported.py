"""A row of either order report in one shape: TikTok One's names, lists of shares, a curve by second. Pure.

Both reports write some values in two ways, and the older one has names and groups of its own. A key that is not there
stays away; nothing is worked out but shares from counts.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Item = Mapping[str, Any]

OLDER = {
    "lifetime_gender_distribution": "audience_genders_distribution",
    "lifetime_top_age_distribution": "audience_age_distribution",
    "lifetime_top_country_distribution": "audience_countries_distribution",
}
"""What the older report calls who watched, and the newer name."""

NEVER_BOOSTED = "1970-01-01"


def item_id(item: Item) -> str:
    """Which post a row is about; empty when it does not say."""
    about = item.get("dimensions") or item.get("video_info") or {}
    return str(about.get("video_id") or "")


def figures(item: Item) -> dict[str, Any]:
    """The figures of a row, of either report, in TikTok One's names."""
    told = {OLDER.get(name, name): value for name, value in (item.get("metrics") or item).items()}
    if states := _opened(told.pop("most_popular_country_state_distribution", None)):
        told["audience_locale_distribution"] = _opened(states.get("locale_distribution"))
    if "video_view_retention" in told:
        told["video_view_retention"] = _curve(_opened(told["video_view_retention"]))
    if "video_views_by_source" in told:
        told["video_views_by_source"] = _shares(_opened(told["video_views_by_source"]))
    return {name: value for name, value in told.items() if value is not None}


def boosted_on(item: Item) -> str:
    """The first day on which the post was advertised, as the older report tells it; empty when it was never."""
    day = str((item.get("metrics") or {}).get("video_boosted_date") or "")[:10]
    return "" if day == NEVER_BOOSTED else day


def _opened(told: Any) -> Any:
    """The value itself where TikTok sent it as JSON text."""
    return json.loads(told) if isinstance(told, str) and told[:1] in "[{" and told else told


def _curve(told: Any) -> list[dict[str, Any]] | None:
    """One number per second as entries with their second; a second without a number is a gap."""
    if not isinstance(told, list) or not told:
        return None
    if isinstance(told[0], Mapping):
        return told
    return [{"second": second, "percentage": share} for second, share in enumerate(told) if share is not None]


def _shares(told: Any) -> list[dict[str, Any]] | None:
    """Views by source as shares of them all, from an object or from a list of entries."""
    counts = dict(_counted(told))
    total = sum(counts.values())
    return [{"source": name, "percentage": count / total} for name, count in counts.items()] if total else None


def _counted(told: Any) -> Iterable[tuple[str, float]]:
    if isinstance(told, Mapping):
        return [(name, count) for name, count in told.items() if count is not None]
    if isinstance(told, list):
        return [(one["source"], one["video_views"]) for one in told if one.get("video_views") is not None]
    return []
