"""Campaigns, orders, reviews and reports as TikTok writes them: nothing renamed, and every key may be missing."""

from __future__ import annotations

from typing import Literal, TypedDict

from greenroom.tiktok.types import Share


class Deliverable(TypedDict, total=False):
    """One asked-for post of an order: name (60 characters) and Spark days 0, 7, 30, 60 or 365."""

    deliverable_name: str
    spark_ads_requested_authorization_days: int


class Quota(TypedDict, total=False):
    """How many videos an order holds."""

    current_video_count: int
    per_creator_video_limit: int
    total_video_limit: int


class Order(TypedDict, total=False):
    """One order. `video_ids` were uploaded, which does not mean published; `quota` counts also those without an id."""

    order_id: str
    handle_name: str
    campaign_code: str
    invite_link: str
    video_ids: list[str]
    quota: Quota


class MadeOrders(TypedDict, total=False):
    """`tcm/order/create/v2/`. An order of the 200 a code has is used up when a creator joins."""

    campaign_code: str
    invite_link: str
    remaining_orders: int
    orders: list[Order]


class Review(TypedDict, total=False):
    """One post of an order in TikTok's review. Times are `YYYY-MM-DD HH:MM:SS` UTC."""

    video_id: str
    video_status: Literal["INIT", "UPLOAD", "RELEASE", "DELETE"]
    bind_status: Literal["BIND", "UNBIND"]
    review_status: Literal[
        "NO_REVIEW", "CONTENT_REVIEWING", "AD_REVIEWING", "CONTENT_REVIEW_FAIL", "AD_REVIEW_FAIL", "SUCCEED", "ALL_FAIL"
    ]
    content_judge_status: str
    ad_judge_status: str
    music_review_status: str
    advertiser_operate: Literal["DEFAULT", "REJECT", "APPROVE"]
    is_advertiser_reject: bool
    reject_reason: str
    upload_time: str
    publish_time: str
    content_judge_time: str
    ad_judge_time: str
    operation_time: str
    delete_time: str
    embed_url: str


class DmInfo(TypedDict, total=False):
    """The brand's TikTok account for direct messages."""

    business_account_handle: str
    dm_allowed: bool


class Campaign(TypedDict, total=False):
    """A campaign of TikTok One. `video_ids` passed review. There is no status."""

    campaign_id: str
    campaign_type: Literal["CAMPAIGN", "BRAND_LINK"]
    campaign_channel_type: str
    brand_profile_id: str
    brand_name: str
    campaign_name: str
    campaign_description: str
    handle_names: list[str]
    failed_handle_names: list[str]
    anchor_id: str
    advertiser_ids: list[str]
    spark_ads_requested_authorization_days: int
    invite_link: str
    create_time: str
    update_time: str
    country_codes: list[str]
    video_ids: list[str]
    dm_info: DmInfo


class LinkState(TypedDict, total=False):
    """How far a brand's wish to link a post is; `last_reminded_timestamp` in epoch seconds."""

    video_id: str
    status: Literal["IN_REVIEW", "APPROVE", "REJECTED", "REVOKE"]
    campaign_id: str
    campaign_type: str
    last_reminded_timestamp: int
    number_of_requests: int
    link_request_id: str


class LinkRequest(TypedDict, total=False):
    """One wish, as the creator sees it."""

    video_id: str
    link_request_id: str


class LinkRequests(TypedDict, total=False):
    """`tto/creator/link/request/get/`."""

    campaign_id: str
    spark_authorization_days: int
    link_requests: list[LinkRequest]


class DailyStat(TypedDict, total=False):
    """One day of a post; a metric that is missing has no valid value that day."""

    date: str
    views: int
    video_views_organic: int
    video_views_paid: int
    engagement_rate: float
    video_completion_rate: float
    likes: int
    comments: int
    shares: int
    favorites: int


class OrderMetrics(TypedDict, total=False):
    """Figures both reports share. `two_seconds_views` and `six_seconds_views` are rates, despite the name."""

    video_views: int
    video_views_organic: int
    video_views_paid: int
    reach: int
    engagement_count: int
    engagement_rate: float
    likes: int
    comments: int
    shares: int
    total_play_time: int
    average_view_time: float
    video_completion_rate: float
    two_seconds_views: float
    six_seconds_views: float
    video_view_retention: list[float]
    video_views_by_source: dict[str, int]
    daily_stats: list[DailyStat]


class InsightMetrics(OrderMetrics, total=False):
    """What the older report can add."""

    lifetime_gender_distribution: list[Share]
    lifetime_top_age_distribution: list[Share]
    lifetime_top_country_distribution: list[Share]
    lifetime_device_distribution: list[Share]
    video_boosted_date: str


class Dimensions(TypedDict, total=False):
    """Whose figures a row of the older report has."""

    tcm_account_id: str
    order_id: str
    order_type: str
    video_id: str
    handle_name: str
    video_first_release_time: str


class Insight(TypedDict, total=False):
    """A row of `tcm/report/get/v2/`."""

    dimensions: Dimensions
    metrics: InsightMetrics


class VideoInfo(TypedDict, total=False):
    """Which post a row of `tto/tcm/report/` is about; `authorization_code` is the Spark code when there is one."""

    video_id: str
    create_time: str
    embed_url: str
    thumbnail_url: str
    authorization_code: str


class CreatorInfo(TypedDict, total=False):
    """Whose post it is."""

    display_name: str
    handle_name: str


class ReportedVideo(OrderMetrics, total=False):
    """A row of `tto/tcm/report/`."""

    video_info: VideoInfo
    creator_info: CreatorInfo
    reach_organic: int
    reach_paid: int
    engagement_rate_organic: float
    likes_organic: int
    likes_paid: int
    comments_organic: int
    comments_paid: int
    shares_organic: int
    shares_paid: int
    favorites: int
    favorites_organic: int
    favorites_paid: int
    average_view_time_organic: float
    video_completion_rate_organic: float
    organic_two_seconds_views: float
    organic_six_seconds_views: float
    audience_genders_distribution: list[Share]
    audience_countries_distribution: list[Share]
    audience_age_distribution: list[Share]
    audience_device_distribution: list[Share]
    audience_locale_distribution: list[dict[str, str | float]]
    audience_language_distribution: list[dict[str, str | float]]
    audience_interest_distribution: list[dict[str, str | float]]
    anchor_id: str


class SparkStatus(TypedDict, total=False):
    """`tcm/tt_video/status/`; times in UTC. A code can be there while the answer is still WAITING."""

    video_id: str
    auth_status: Literal["WAITING", "REJECTED", "ACCEPTED"]
    auth_status_updated_time: str
    num_remaining_request: int
    requested_authorization_days: int
    auth_code: str
    auth_code_start_time: str
    auth_code_end_time: str
    auth_code_status: Literal["NOT_USED", "IN_USE", "EXPIRED", "DELETED"]


class Invited(TypedDict):
    """What became of invitations to the marketplace: handles, and the reasons by handle."""

    in_tcm: list[str]
    invited: list[str]
    reject_reasons: dict[str, str]


class SubscriptionDetail(TypedDict, total=False):
    """What a subscription is about."""

    access_token: str
    tto_tcm_account_id: str


class Subscription(TypedDict, total=False):
    """One entry of `subscription/get/`."""

    subscription_id: str
    callback_url: str
    subscription_detail: SubscriptionDetail


class VideoEvent(TypedDict, total=False):
    """The entry of a `TCM_VIDEOS` delivery: uploaded and linked, or (another event) passed review.

    `handle_name` is missing when TikTok cannot match the creator, `video_id` while TikTok does not tell it yet.
    """

    event_type: str
    tto_campaign_event_type: Literal["tto_video_uploaded", "tto_video_published"]
    event_time: str
    video_id: str
    handle_name: str
    campaign_id: str
    tto_tcm_account_id: str
    log_id: str
