"""The answers as TikTok writes them: nothing renamed, and every key may be missing.

Missing is how TikTok says "not yet", "no longer" or "not for you", so nothing here has a default.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class Share(TypedDict, total=False):
    """One part of an audience list; exactly one naming key is present, `percentage` is a fraction."""

    age: str
    gender: str
    country: str
    city_name: str
    device: str
    usage: str
    type: str
    percentage: float


class Second(TypedDict, total=False):
    """One point of a curve over the seconds of a post."""

    second: str
    percentage: float


class Source(TypedDict, total=False):
    """One place viewers came from."""

    impression_source: str
    percentage: float


class Hour(TypedDict, total=False):
    """How many followers were active in one hour (UTC, "0" to "23") of a day."""

    hour: str
    count: int


class Day(TypedDict, total=False):
    """One day (UTC) of an account, ready after 24 to 48 hours."""

    date: str
    video_views: int
    unique_video_views: int
    profile_views: int
    likes: int
    comments: int
    shares: int
    daily_total_followers: int
    daily_new_followers: int
    daily_lost_followers: int
    followers_count: int
    audience_activity: list[Hour]
    engaged_audience: int
    bio_link_clicks: int
    email_clicks: int
    phone_number_clicks: int
    address_clicks: int
    lead_submissions: int
    app_download_clicks: int


class Profile(TypedDict, total=False):
    """`business/get/`."""

    is_business_account: bool
    display_name: str
    profile_image: str
    username: str
    profile_deep_link: str
    bio_description: str
    is_verified: bool
    following_count: int
    followers_count: int
    total_likes: int
    videos_count: int
    audience_ages: list[Share]
    audience_genders: list[Share]
    audience_countries: list[Share]
    audience_cities: list[Share]
    metrics: list[Day]


class Video(TypedDict, total=False):
    """One entry of `business/video/list/`: lifetime totals."""

    item_id: str
    media_type: str
    is_ad: bool
    thumbnail_url: str
    share_url: str
    embed_url: str
    caption: str
    video_duration: float
    create_time: str
    likes: int
    comments: int
    shares: int
    favorites: int
    reach: int
    video_views: int
    total_time_watched: float
    average_time_watched: float
    full_video_watched_rate: float
    new_followers: int
    profile_views: int
    website_clicks: int
    phone_number_clicks: int
    lead_submissions: int
    app_download_clicks: int
    email_clicks: int
    address_clicks: int
    video_view_retention: list[Second]
    impression_sources: list[Source]
    audience_genders: list[Share]
    audience_countries: list[Share]
    audience_cities: list[Share]
    audience_types: list[Share]
    engagement_likes: list[Second]


class VideoSettings(TypedDict, total=False):
    """`business/video/settings/`."""

    privacy_level_options: list[str]
    comment_disabled: bool
    duet_disabled: bool
    stitch_disabled: bool
    max_video_post_duration_sec: int


class User(TypedDict, total=False):
    """`v2/user/info/`: the developer platform spells its counters differently."""

    open_id: str
    union_id: str
    avatar_url: str
    avatar_url_100: str
    avatar_large_url: str
    display_name: str
    bio_description: str
    profile_deep_link: str
    is_verified: bool
    username: str
    follower_count: int
    following_count: int
    likes_count: int
    video_count: int


class DisplayVideo(TypedDict, total=False):
    """One entry of `v2/video/list/` and `v2/video/query/`: public posts only."""

    id: str
    create_time: int
    cover_image_url: str
    share_url: str
    video_description: str
    title: str
    duration: int
    height: int
    width: int
    embed_html: str
    embed_link: str
    like_count: int
    comment_count: int
    share_count: int
    view_count: int
    is_aigc: bool


class MarketplaceStatus(TypedDict, total=False):
    """Whether a handle is in the marketplace; INVITED is only said by the older generation."""

    handle_name: str
    status: Literal["IN", "NOT_IN", "INVALID", "INVITED"]


class Label(TypedDict, total=False):
    """A content or industry label of a marketplace creator."""

    label_id: str
    label_name: str


class CreatorRate(TypedDict, total=False):
    """What a marketplace creator asks for a post."""

    rate: float
    currency: str
    is_negotiable_type: bool


class PublicCreator(TypedDict, total=False):
    """`creator/public/`: what the marketplace shows without the creator's consent."""

    handle_name: str
    display_name: str
    profile_image: str
    bio: str
    creator_id: str
    followers_count: int
    following_count: int
    videos_count: int
    likes_count: int
    median_views: int
    engagement_rate: float
    creator_price: float
    currency: str
    industry_labels: list[Label]
    content_labels: list[Label]


class AuthorizedCreator(TypedDict, total=False):
    """`creator/authorized/`: the union of what both generations answer with the creator's own token."""

    profile_image: str
    handle_name: str
    display_name: str
    bio: str
    following_count: int
    followers_count: int
    likes_count: int
    videos_count: int
    creator_rate: CreatorRate
    country_code: str
    location: str
    topics: list[str]
    creator_badges: list[str]
    is_on_vacation: bool
    content_labels: list[Label]
    industry_labels: list[Label]
    audience_countries: list[Share]
    audience_genders: list[Share]
    audience_ages: list[Share]
    audience_devices: list[Share]
    audience_device: list[Share]
    audience_usages: list[Share]
    audience_usage: list[Share]
    audience_locales: list[Share]
    average_views: int
    average_likes: int
    average_comments: int
    average_shares: int
    six_seconds_views_rate: float
    engagement_rate: float
    completion_rate: float
    followers_growth_rate: float


class MarketplacePost(TypedDict, total=False):
    """One post as the marketplace lists it, public or authorized; `create_time` is `YYYY-MM-DD HH:MM:SS` UTC."""

    video_id: str
    display_name: str
    thumbnail_url: str
    embed_url: str
    caption: str
    likes: int
    comments: int
    shares: int
    favorites: int
    video_views: int
    engagement_count: int
    engagement_rate: float
    create_time: str
    caption_hashtags: list[str]
    mentioned_accounts: list[str]
    collaboration_status: str


class MarketplaceAccount(TypedDict, total=False):
    """`tto/oauth2/info/`."""

    tto_tcm_account_id: str
    account_name: str
    timezone: str
    country: str
    business_verification_status: str


class TokenInfo(TypedDict, total=False):
    """`tt_user/token_info/get/`; `creator_id` is the open id, `scope` is comma separated."""

    app_id: str
    scope: str
    creator_id: str


class Advertiser(TypedDict, total=False):
    """One entry of `oauth2/advertiser/get/`."""

    advertiser_id: str
    advertiser_name: str
