"""METRICS: every number the product can show, one line each. The catalogue in docs/metrics.md is made from it."""

from greenroom.metrics.metric import (
    Absent,
    Cost,
    Count,
    Gain,
    Growth,
    Last,
    LastOfPost,
    MeanOf,
    Metric,
    OfDay,
    Part,
    Ratio,
    SumOf,
    Unit,
    Weighted,
)
from greenroom.observations import schema

_OF_POSTS = (
    Metric("views", "Video views", Gain("views"), "Plays of the videos, organic and paid, as TikTok counts them.",
           tiktok_name="Views", aliases=("video_views",)),
    Metric("likes", "Likes", Gain("likes"), "Likes of the posts.", tiktok_name="Like"),
    Metric("comments", "Comments", Gain("comments"), "Comments on the posts.", tiktok_name="Comment"),
    Metric("shares", "Shares", Gain("shares"), "Shares of the posts.", tiktok_name="Shares"),
    Metric("favorites", "Saves", Gain("favorites"), "How often the posts were saved.", tiktok_name="Favorites"),
    Metric("engagement", "Engagement", SumOf(("likes", "comments", "shares")),
           "Likes plus comments plus shares, over the posts for which all three are known.",
           variant="engagement_lcs", rows=("total_engagements",), aliases=("total_engagements",)),
    Metric("engagement_lcss", "Engagement with saves", SumOf(("likes", "comments", "shares", "favorites")),
           "Likes plus comments plus shares plus saves, over the posts for which all four are known.",
           rows=("total_engagements",)),
    Metric("engagement_rate", "Engagement rate", Ratio("engagement", "views"),
           "Likes, comments and shares by views: sum by sum, over the posts that have both.",
           "percent", variant="engagement_rate_views_lcs", rows=("engagement_rate",)),
    Metric("engagement_rate_views_lcss", "Engagement rate with saves", Ratio("engagement_lcss", "views"),
           "Likes, comments, shares and saves by views, only over the posts whose saves are known.",
           "percent", rows=("engagement_rate",)),
    Metric("mean_engagement_rate", "Mean engagement rate of posts", Ratio("engagement", "views", mean=True),
           "The mean of the posts' own engagement rates; a small post weighs as much as a large one.",
           "percent", variant="mean_of_engagement_rate_views_lcs", rows=("engagement_rate",)),
    Metric("share_rate", "Share rate", Ratio("shares", "views"),
           "Shares by views: how likely a viewer is to pass the video on.", "percent", variant="share_rate_views"),
    Metric("posts", "Posts", Count(),
           "The posts we know of, in the window the posts published in it. TikTok's own count is `video_count`."),
    Metric("engagement_per_post", "Engagement per post", MeanOf("engagement"),
           "The mean engagement of a post, over the posts whose engagement is known.", "number",
           rows=("total_engagements",)),
    Metric("reach", "Reach", Gain("reach"),
           "Different people who saw a video. Summed over posts it counts people who saw several more than once.",
           tiktok_name="Reach Audience"),
    Metric("impressions", "Impressions", Absent("post"),
           "How often a video was put on a screen. No source supplies it, and views are never shown in its place.",
           freshness="never"),
    Metric("total_play_time", "Total play time", Gain("total_play_time"), "Watch time summed over all views.",
           "seconds", tiktok_name="Total Play Time"),
    Metric("avg_play_time", "Average play time", Weighted("avg_play_time", "views"),
           "Watch time per view; over several posts weighted by views.", "seconds", tiktok_name="Average Watch Time"),
    Metric("video_completion_rate", "Completion rate of videos", Weighted("video_completion_rate", "views"),
           "Share of views that ran to the end; over several posts weighted by views.", "percent",
           tiktok_name="Watched Full Video", variant="completion_rate_views_weighted"),
    Metric("video_completion_rate_unweighted", "Completion rate of videos, unweighted",
           Weighted("video_completion_rate"),
           "Share of views that ran to the end; the plain mean of the posts.", "percent"),
    Metric("video_view_retention", "Video view retention", LastOfPost("video_view_retention"),
           "Share of viewers still watching, one number for the video.", "percent"),
    Metric("retention_by_second", "Retention rate by second", LastOfPost("retention_by_second"),
           "Share of viewers still watching at each second; seconds may be missing.", "curve",
           tiktok_name="Video view retention"),
    Metric("audience_age", "Audience age of a post", LastOfPost("audience_ages"), "Viewers by age group.", "shares"),
    Metric("audience_gender", "Audience gender of a post", LastOfPost("audience_genders"), "Viewers by gender.",
           "shares", tiktok_name="Gender"),
    Metric("audience_country", "Audience country of a post", LastOfPost("audience_countries"), "Viewers by country.",
           "shares", tiktok_name="Territories"),
    Metric("audience_geography", "Audience geography of a post", LastOfPost("audience_cities"),
           "Viewers by place finer than a country.", "shares"),
    Metric("new_followers", "New followers from posts", Gain("new_followers"),
           "People who followed the account from a post.", tiktok_name="New Followers"),
)  # fmt: skip

_BOOSTED = (
    Metric("organic_views", "Organic views", Part(("views",), "organic"),
           "Views that nobody paid for. Of a boosted post as TikTok splits them; where it tells no split, frozen as "
           "they were last read before the boost began. Of a post without a known boost they are all its views."),
    Metric("paid_views", "Paid views", Part(("views",), "paid"),
           "Views brought by boosts. As TikTok splits them; where it tells no split, what came on top of the views "
           "last read before the boost began. Of a post without a known boost it is 0."),
    Metric("organic_engagement", "Organic engagement", Part(("likes", "comments", "shares"), "organic"),
           "Likes plus comments plus shares that nobody paid for, split and frozen as organic views are.",
           rows=("total_engagements",)),
    Metric("paid_engagement", "Paid engagement", Part(("likes", "comments", "shares"), "paid"),
           "Likes plus comments plus shares brought by boosts, split and frozen as paid views are.",
           rows=("total_engagements",)),
    Metric("organic_engagement_rate", "Organic engagement rate", Ratio("organic_engagement", "organic_views"),
           "Organic engagement by organic views: sum by sum, over the posts that have both.", "percent",
           rows=("engagement_rate",)),
    Metric("paid_engagement_rate", "Paid engagement rate", Ratio("paid_engagement", "paid_views"),
           "Paid engagement by paid views: sum by sum, over the posts that have both.", "percent",
           rows=("engagement_rate",)),
    Metric("boost_cost", "Cost of boosts", Cost(),
           "What boosting the posts cost, as TikTok reports it, else as people noted it. Of several posts only where "
           "all of it is in one currency.", "money"),
    Metric("cost_per_paid_view", "Cost per paid view", Ratio("boost_cost", "paid_views"),
           "The cost of boosts by the views they brought: sum by sum, over the posts that have both.", "money"),
    Metric("cost_per_paid_engagement", "Cost per paid engagement", Ratio("boost_cost", "paid_engagement"),
           "The cost of boosts by the likes, comments and shares they brought, over the posts that have both.",
           "money", rows=("total_engagements",)),
)  # fmt: skip

_OF_ACCOUNTS = (
    Metric("followers", "Followers", Last("followers", adds=True),
           "How many accounts follow the account. Over several accounts people are counted once per account.",
           tiktok_name="Followers", freshness="real time", aliases=("follower_count",)),
    Metric("like_count", "Like count", Last("likes", adds=True), "All likes the account's posts ever got.",
           freshness="real time"),
    Metric("video_count", "Video count", Last("posts", adds=True), "TikTok's own count of the account's public posts.",
           freshness="real time"),
    Metric("avg_views", "Average views", Last("avg_views"),
           "TikTok's mean views of the account's recent videos.", freshness="daily"),
    Metric("median_views", "Median views", Last("median_views"),
           "TikTok's median views of the account's recent videos.", freshness="daily"),
    Metric("account_engagement_rate", "Engagement rate, TikTok's own", Last("engagement_rate"),
           "The engagement rate TikTok states for the account. Ours over the posts is `engagement_rate`.", "percent",
           freshness="daily"),
    Metric("completion_rate", "Completion rate", Last("completion_rate"),
           "Share of views that ran to the end, as TikTok states it for the account.", "percent", freshness="daily"),
    Metric("creator_rate", "Creator rate", Last("creator_rate"), "What the creator asks for a video.", "money",
           freshness="daily"),
    Metric("creator_rate_currency", "Currency of the creator rate", Last("creator_rate_currency"),
           "The currency of the creator rate, ISO 4217.", "text", freshness="daily"),
    Metric("audience_countries", "Audience countries", Last("audience_countries"), "Followers by country.", "shares"),
    Metric("audience_genders", "Audience genders", Last("audience_genders"), "Followers by gender.", "shares"),
    Metric("audience_ages", "Audience ages", Last("audience_ages"), "Followers by age group.", "shares"),
    Metric("audience_locales", "Audience locales", Last("audience_locales"), "Followers by language and place.",
           "shares"),
    Metric("profile_image", "Profile image", Last("profile_image"), "Address of the profile picture.", "text",
           freshness="real time"),
    Metric("user_name", "User name", Last("user_name"), "The handle.", "text", freshness="real time"),
    Metric("display_name", "Display name", Last("display_name"), "The name shown on the profile.", "text",
           freshness="real time"),
    Metric("creator_id", "Creator ID", Last("creator_id"), "The id TikTok gives the account towards our app.", "text",
           freshness="real time"),
)  # fmt: skip

_OF_DAYS = (
    Metric("daily_views", "Views by day", OfDay("video_views"),
           "Views of all the account's videos on a day, organic and paid, as TikTok counts the day in UTC.",
           tiktok_name="Views"),
    Metric("daily_profile_views", "Profile views by day", OfDay("profile_views"),
           "Views of the account's profile on a day.", tiktok_name="Profile views"),
    Metric("daily_followers", "Followers by day", OfDay("followers", adds=False),
           "Followers at the end of the day; of a window, of its last day that TikTok told.", tiktok_name="Followers"),
    Metric("daily_likes", "Likes by day", OfDay("likes"),
           "Likes of all the account's videos on a day, gross: a like taken back does not lower it.",
           tiktok_name="Likes"),
    Metric("daily_comments", "Comments by day", OfDay("comments"),
           "Comments on all the account's videos on a day, gross.", tiktok_name="Comments"),
    Metric("daily_shares", "Shares by day", OfDay("shares"),
           "Shares of all the account's videos on a day, gross.", tiktok_name="Shares"),
    Metric("daily_new_followers", "New followers by day", OfDay("daily_new_followers"),
           "People who began to follow the account on a day. TikTok tells it of Business accounts only.",
           tiktok_name="New followers"),
    Metric("daily_viewers", "Viewers by day", OfDay("unique_video_views"),
           "Different people who saw a video of the account on a day. Over several days people count once per day.",
           tiktok_name="Unique video views"),
    Metric("daily_posts", "Posts by day", OfDay("posts"),
           "How many posts the account published on a day, as a file tells it; TikTok supplies no such count."),
)  # fmt: skip

_DERIVED = (
    Metric("derived_followers_growth", "Followers growth (derived)", Growth("followers"),
           "The change between our own first and newest daily follower readings; TikTok supplies no growth.",
           derived=True, freshness="real time"),
    Metric("derived_avg_likes", "Average likes (derived)", MeanOf("likes"),
           "The mean of the likes of the posts we may read; TikTok supplies no average.", "number", derived=True),
    Metric("derived_avg_comments", "Average comments (derived)", MeanOf("comments"),
           "The mean of the comments of the posts we may read; TikTok supplies no average.", "number", derived=True),
    Metric("derived_engagements", "Engagement (derived)", SumOf(("likes", "comments", "shares")),
           "Likes plus comments plus shares where TikTok gives the parts but not the total.", derived=True),
)  # fmt: skip

# Rows of the account table that only the former source had. They stay named, so that nothing else takes their place.
_FORMER_ROWS: tuple[tuple[str, str, Unit], ...] = (
    ("legacy_avg_views", "Average views (former source)", "number"),
    ("avg_comments", "Average comments", "number"),
    ("avg_likes", "Average likes", "number"),
    ("followers_growth", "Followers growth", "percent"),
    ("follower_credibility", "Follower credibility", "percent"),
    ("legacy_followers", "Followers (former source)", "count"),
    ("total_posts", "Total posts", "count"),
    ("audience_reachability", "Audience reachability", "percent"),
    ("audience_gender_age", "Audience gender and age", "shares"),
    ("notable_followers", "Notable followers", "text"),
)
_FORMER = tuple(
    Metric(key, label, Last(key), f"{label}, as the former source stated it; no official source supplies it.",
           unit, freshness="never")
    for key, label, unit in _FORMER_ROWS
)  # fmt: skip

METRICS: dict[str, Metric] = {m.key: m for m in (*_OF_POSTS, *_BOOSTED, *_OF_ACCOUNTS, *_OF_DAYS, *_DERIVED, *_FORMER)}
"""Every metric by its key, in the order of the catalogue."""

_NAMES = {name: m for m in METRICS.values() for name in (m.variant, *m.aliases) if name} | METRICS

# Rows of the availability tables whose metric goes by another name.
_ROWS = {
    ("account", "follower_count"): "followers",
    ("account", "engagement_rate"): "account_engagement_rate",
    ("post", "video_views"): "views",
    ("post", "total_engagements"): "engagement",
}


class UnknownMetric(ValueError):
    """There is no metric of this name; `measure` never guesses."""

    status = 404


def find(name: str) -> Metric:
    """The metric of this key, formula name or alias. Raises UnknownMetric."""
    try:
        return _NAMES[name]
    except KeyError:
        raise UnknownMetric(f"No metric is called {name!r}; `docs/metrics.md` lists them.") from None


def of_row(table: str, row: str) -> Metric:
    """The metric that shows a row of an availability table ("account" or "post"). Raises UnknownMetric."""
    return find(_ROWS.get((table, row), row))


def fields(metric: Metric) -> tuple[str, ...]:
    """The fields of a reading that the metric is worked out from, each once; they are fields of `metric.grain`."""
    match metric.formula:
        case Gain(field) | LastOfPost(field) | Last(field) | Growth(field) | OfDay(field):
            found: tuple[str, ...] = (field,)
        case Part(counters):
            found = counters
        case Weighted(field, weight):
            found = (field, weight) if weight else (field,)
        case SumOf(parts):
            found = tuple(field for part in parts for field in fields(find(part)))
        case Ratio(top, bottom):
            found = fields(find(top)) + fields(find(bottom))
        case MeanOf(part):
            found = fields(find(part))
        case _:
            found = ()
    return tuple(dict.fromkeys(found))


def rows(metric: Metric) -> tuple[str, ...]:
    """All rows of the availability table of `metric.grain` that must allow the metric: its own and its fields'."""
    described = schema.KINDS[metric.grain].fields
    of_fields = tuple(row for field in fields(metric) if (row := described[field].entitlement))
    return tuple(dict.fromkeys((*metric.rows, *of_fields)))


def consent_required(metric: Metric) -> bool:
    """True when no surface gives it without the account owner's grant (GOV-05)."""
    described = schema.KINDS[metric.grain].fields
    return any(described[field].consent_required for field in fields(metric))
