"""Shapes of the answers about Spark Ads. What is optional may be missing; all times are UTC."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Days = Literal[7, 30, 60, 365]
CodeStatus = Literal["NOT_USED", "IN_USE", "EXPIRED", "DELETED"]
ItemType = Literal["VIDEO", "CAROUSEL"]
IdentityType = Literal["CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT"]


class Authorization(TypedDict, total=False):
    """`business/post/authorize/…`; the two times as `YYYY-MM-DD HH:MM:SS`."""

    item_id: str
    auth_code: str
    auth_code_start_time: str
    auth_code_end_time: str
    authorization_days: int
    auth_code_status: CodeStatus


class AuthInfo(TypedDict, total=False):
    """Until when an ad account may run a post: `YYYY-MM-DD HH:MM:SS`, or ISO where it comes with an identity."""

    ad_auth_status: str
    auth_start_time: str
    auth_end_time: str
    invite_start_time: str


class Item(TypedDict, total=False):
    """The post as ads know it. `status`: `ITEM_STATUS_HESITATE_RECOMMEND` is public."""

    auth_code: str
    item_id: str
    item_type: ItemType
    text: str
    status: str
    stitch_original_item_id: str | None
    duet_original_item_id: str | None
    is_multi_duet_stitch: bool
    mentioned_item_ids: list[str]
    anchor_list: list[dict[str, Any]]
    carousel_info: dict[str, Any] | None


class Author(TypedDict):
    """Whose post it is: the identity to use in the ad."""

    tiktok_name: str
    identity_id: str
    identity_type: IdentityType


class Film(TypedDict, total=False):
    """The video file. Addresses work for an hour."""

    bit_rate: int
    duration: float
    size: int
    width: int
    height: int
    poster_url: str
    preview_url: str
    url: str
    signature: str
    format: str


class SparkPost(TypedDict, total=False):
    """One post an ad account may run. `video_info` is None for a carousel."""

    auth_info: AuthInfo
    item_info: Item
    user_info: Author
    video_info: Film | None


class Identity(TypedDict, total=False):
    """Who an ad can speak as."""

    identity_id: str
    identity_type: IdentityType
    identity_authorized_bc_id: str | None
    display_name: str
    username: str | None
    profile_image: str | None
    can_push_video: bool
    can_pull_video: bool
    can_use_live_ads: bool
    can_manage_message: bool
    available_status: str
    is_gpppa: bool
    ads_only_mode: bool
