"""What each kind of file may hold, and by which names its columns are known. Data; `mapping` reads it.

A field of figures is one that files may supply to the readings of its kind (`schema.supplied_by`), so a new field there
is a new column here. Names are compared by their plain words: `createTime`, `create_time` and `Create time` are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from greenroom.observations import schema

NOUN = {"creators": "account", "posts": "post", "account_days": "account_day"}
"""Kind of file -> kind of reading."""

WORDS = {"creators": "creator", "posts": "post", "account_days": "day"}
"""What one row is called."""


@dataclass(frozen=True)
class Field:
    """Something a column may hold. `type` says how its cells are read; `names` are known headers, the best first."""

    key: str
    label: str
    type: str  # of a fact: see FACTS; of a figure: count, change, number, share, seconds, flag
    names: tuple[str, ...] = ()
    required: bool = False
    figure: bool = False


_ACCOUNT = "account handle|handle|username|user name|unique id|creator handle|author handle|author username|tiktok handle|tiktok username|creator username|account|author|account name|user|creator|profile url|profile link|tiktok profile|tiktok url|author unique id|channel"  # fmt: skip  # noqa: E501
_OBSERVED = "observed at|snapshot|snapshot date|as of|observed|read at|captured at|collected at|retrieved at|reading date|report date|data date|statistics date"  # fmt: skip  # noqa: E501

FACTS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "creators": (
        ("handle", "Handle", "handle", f"{_ACCOUNT}|tiktok|link|url|profile"),
        ("name", "Name", "name", "name|creator name|full name|display name|nickname|author name|real name|creator"),
        ("email", "Email", "email", "email|e mail|email address|contact email|business email|mail|contact"),
        ("country", "Country", "country", "country|country code|country region|region|location|market|territory"),
        ("labels", "Labels", "labels", "labels|label|tags|tag"),
        ("about", "About", "note", "about|note|notes|remark|remarks|internal note|bio|description"),
        ("observed_at", "Date of the figures", "moment", f"{_OBSERVED}|date|day|month|time|timestamp"),
    ),
    "posts": (
        ("post", "Post id or link", "post", "item id|video id|post id|aweme id|video link|post link|video url|post url|share url|permalink|webvideourl|web video url|tiktok link|video|post|item|link|url|id"),  # noqa: E501
        ("account", "Account", "handle", f"{_ACCOUNT}|author meta name|creator name|author name"),
        ("posted_at", "Posted", "moment", "post time|posted at|publish time|published at|create time|created at|create time iso|post date|posted on|publish date|date posted|date published|upload date|upload time|published|posted|video create time|date|created|timestamp|time"),  # noqa: E501
        ("caption", "Caption", "caption", "caption|video title|video description|title|description|desc|text|post caption|video caption"),  # noqa: E501
        ("duration_s", "Length", "seconds", "duration s|duration|video duration|duration seconds|duration sec|video length|length|video duration seconds|video meta duration"),  # noqa: E501
        ("share_url", "Link", "link", "video link|post link|share url|video url|post url|permalink|web video url|link|url"),  # noqa: E501
        ("observed_at", "Date of the figures", "moment", f"{_OBSERVED}|time|date"),
    ),
    "account_days": (
        ("date", "Day", "day", "date|day|stat date|period|time|datum|fecha|data"),
        ("account", "Account", "handle", _ACCOUNT),
        ("observed_at", "Date of the figures", "moment", _OBSERVED),
    ),
}  # fmt: skip
"""Kind of file -> (key, label, type, names) of what is no figure. A required one is in REQUIRED."""

REQUIRED = {"creators": {"handle"}, "posts": {"post"}, "account_days": {"date"}}

_SHARED_FIGURES = {
    "views": "plays|play count|total views|video views|total video views|view count|views count|video view count|number of views|organic video views",  # noqa: E501
    "likes": "total likes|like count|likes count|digg count|diggs|hearts|heart count|number of likes|applause",
    "comments": "total comments|comment count|comments count|number of comments|conversation",
    "shares": "total shares|share count|shares count|number of shares|amplification",
    "favorites": "favourites|saves|save count|bookmarks|total bookmarks|collects|collect count|total saves|add to favorites|favorite count",  # noqa: E501
    "followers": "follower count|followers count|total followers|fans|subscribers|number of followers|audience",
    "engagement_rate": "er|eng rate|engagement rate percent|avg engagement rate|average engagement rate",
}
FIGURES: Mapping[str, Mapping[str, str]] = {
    "account": {
        **_SHARED_FIGURES,
        "likes": "total likes|likes received|heart count|hearts|like count|likes count",
        "following": "following count|follows",
        "posts": "videos|video count|posts count|post count|number of videos|videos count|total videos|total posts",
        "avg_views": "views avg|average views|mean views|views per post|views per video|avg video views|average video views",  # noqa: E501
        "median_views": "views median",
        "avg_likes": "likes avg|average likes|mean likes|likes per post",
        "avg_comments": "comments avg|average comments|mean comments|comments per post",
        "avg_shares": "shares avg|average shares|mean shares|shares per post",
        "completion_rate": "video completion rate|watched full video|completion",
        "is_verified": "verified",
    },
    "post": {
        **_SHARED_FIGURES,
        "engagements": "total engagements|engagement count|interactions|total interactions",
        "reach": "reached audience|total reached audience|unique viewers|viewers|unique views|people reached",
        "total_play_time": "total time watched|total watch time|watch time|play time",
        "avg_play_time": "average watch time|average time watched|avg watch time|average view time|average play time|avg view time|mean watch time",  # noqa: E501
        "video_completion_rate": "watched full video|completion rate|full video watched rate|full view rate|video completion|finish rate|watched full video rate",  # noqa: E501
        "video_view_retention": "view retention|retention rate|video retention",
        "new_followers": "followers gained|new follows|follows",
        "profile_views": "profile visits",
    },
    "account_day": {
        **_SHARED_FIGURES,
        "video_views": "views|post views|plays|total views|video view|views count|daily views",
        "unique_video_views": "viewers|total viewers|unique viewers|reached audience|reach|unique views",
        "profile_views": "profile visits|profile view",
        "daily_new_followers": "new followers|followers gained|gained followers|new follows|follows",
        "daily_lost_followers": "lost followers|unfollows|followers lost",
        "daily_total_followers": "net followers total",
        "posts": "videos|posts published|published posts|published videos|new posts|new videos|number of posts|video count",  # noqa: E501
        "engaged_audience": "engaged users|engaged viewers",
    },
}
"""Kind of reading -> field -> further names of its column; its own name is always known."""

DIFFERENCE = "Greenroom works the difference out from Followers"
LEFT_OUT = {
    "difference in followers from previous day": DIFFERENCE,
    "difference in followers from previous viewer": DIFFERENCE,
    "new viewers": "part of the viewers only",
    "returning viewers": "part of the viewers only",
    "views in the last 7 days": "a moving window; Total views says it",
}
"""Columns of TikTok's own exports that are not taken in, and why."""

BALANCES = frozenset({"daily_new_followers"})
"""Figures that some sources give as gains less losses, so that they may be negative."""

LABEL = 40  # characters of a label's name

TYPES = {"int": "count", "float": "number", "bool": "flag"}


@cache
def fields(kind: str) -> dict[str, Field]:
    """Everything a file of this kind may hold, by key."""
    facts = {
        key: Field(key, label, how, tuple(names.split("|")), required=key in REQUIRED[kind])
        for key, label, how, names in FACTS[kind]
    }
    return facts | {one.key: one for one in _figures(NOUN[kind]) if one.key not in facts}


def _figures(noun: str) -> list[Field]:
    found = []
    for key in schema.supplied_by(noun, "file", ()):
        described = schema.KINDS[noun].fields[key]
        how = "share" if described.unit == "fraction" else TYPES.get(described.type)
        if how is None or described.type in schema.LISTS:
            continue
        if described.unit == "seconds":
            how = "seconds"
        if key in BALANCES:
            how = "change"
        names = (key.replace("_", " "), *filter(None, FIGURES[noun].get(key, "").split("|")))
        label = key.replace("_", " ").replace("avg ", "average ").capitalize()
        found.append(Field(key, label, how, names, figure=True))
    return found
