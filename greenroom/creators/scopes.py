"""What each permission lets us read, in a creator's words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from greenroom.tiktok import auth


@dataclass(frozen=True)
class Scope:
    """One of TikTok's permissions: its name there, its name here, and what it opens."""

    key: str
    title: str
    words: str


@dataclass(frozen=True)
class Group:
    """Permissions that are asked for together; `needed` ones can't be left out."""

    key: str
    title: str
    words: str
    scopes: tuple[str, ...]
    without: str = ""
    needed: bool = False


SCOPES: dict[str, Scope] = {
    scope.key: scope
    for scope in (
        Scope("user.info.basic", "Name and picture", "Your display name and profile picture"),
        Scope("user.info.username", "Username", "Your @username, so that we know whose figures these are"),
        Scope("user.info.profile", "Profile", "Your bio, profile link and verified badge"),
        Scope("user.info.stats", "Counters", "How many followers, likes and videos you have, and how many you follow"),
        Scope("user.account.type", "Account type", "Whether yours is a personal or a business account"),
        Scope(
            "user.insights",
            "Account analytics",
            "Daily views and profile visits; ages, genders, countries and cities of your followers as shares. "
            "Never names",
        ),
        Scope("video.list", "Videos", "Your public videos with views, likes, comments, shares and saves"),
        Scope(
            "video.insights",
            "Video analytics",
            "How long and how completely each video is watched, where viewers come from, and their ages, genders and "
            "countries as shares. Never names",
        ),
        Scope("biz.creator.info", "Marketplace profile", "Your Creator Marketplace profile: topics, country and rate"),
        Scope("biz.creator.insights", "Marketplace figures", "Your averages and audience, as shown there"),
    )
}

GROUPS: tuple[Group, ...] = (
    Group(
        "profile",
        "Profile",
        "Needed: name, username, picture, followers, likes, number of videos, kind of account",
        ("user.info.basic", "user.info.username", "user.info.profile", "user.info.stats", "user.account.type"),
        needed=True,
    ),
    Group(
        "videos",
        "Video figures",
        "Your public videos with views, likes, comments, shares, and how they are watched",
        ("video.list", "video.insights"),
        without="Video figures off: nothing about your videos is read.",
    ),
    Group(
        "audience",
        "Audience",
        "Daily account figures; ages, genders, countries and cities of your followers. Never names",
        ("user.insights",),
        without="Audience off: daily figures and audience stay empty.",
    ),
    Group(
        "marketplace",
        "Marketplace profile",
        "Your rate, topics and averages, if you are in TikTok's Creator Marketplace",
        ("biz.creator.info", "biz.creator.insights"),
        without="Marketplace profile off: rate and averages stay empty.",
    ),
)

NEVER = "Direct messages, comments, drafts and posting"

_ASKED: dict[str, tuple[str, ...]] = {
    "accounts": auth.ACCOUNTS_SCOPES,
    "login_kit": auth.LOGIN_KIT_SCOPES,
    "marketplace": (),
}


def asked(dialect: str, groups: Iterable[str] | None = None) -> tuple[str, ...]:
    """The scopes to ask for: all of the dialect's, or only those of the chosen groups and of the needed ones."""
    everything = _ASKED[dialect]
    if groups is None:
        return everything
    chosen = set(groups)
    wanted = {scope for group in GROUPS if group.needed or group.key in chosen for scope in group.scopes}
    return tuple(scope for scope in everything if scope in wanted)


def groups_of(granted: Collection[str]) -> list[str]:
    """The groups of which something was granted; all of them when nothing was granted yet."""
    return [group.key for group in GROUPS if not granted or not set(group.scopes).isdisjoint(granted)]


def in_words(scopes: Collection[str]) -> list[Scope]:
    """The granted scopes as a creator reads them, in the order of the table; an unknown one keeps TikTok's name."""
    known = [scope for key, scope in SCOPES.items() if key in scopes]
    return [*known, *(Scope(key, key, "As TikTok describes it") for key in scopes if key not in SCOPES)]


def held_back(dialect: str, scopes: Collection[str]) -> list[Scope]:
    """What was asked for and not granted."""
    return in_words([scope for scope in _ASKED[dialect] if scope not in scopes])
