"""Which streams an account needs: a pure decision from what is open to us.

An account's posts are read through exactly one surface at a time. Surfaces lag behind each other by up to two days, so
two of them side by side would make a post's series run backwards.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from greenroom.syncs.streams import STREAMS, Stream

POSTS_IN_ORDER = (
    "organic_posts",
    "display_posts",
    "marketplace_authorized_posts_tto",
    "marketplace_authorized_posts_tcm",
    "marketplace_public_posts_tto",
    "marketplace_public_posts_tcm",
)
"""The richest surface first."""


@dataclass(frozen=True)
class Doors:
    """What is open: scopes of each live grant of the account by dialect, and of the workspace's marketplace grant
    the generations it holds an account id for."""

    in_marketplace: bool = False
    authenticated: bool = False
    grants: Mapping[str, Collection[str]] = field(default_factory=dict)
    generations: Collection[str] = ()

    @property
    def closed(self) -> bool:
        """Neither authenticated nor in the marketplace: nothing of the account is read (ACC-10)."""
        return not (self.authenticated or self.in_marketplace)


def wanted(doors: Doors) -> list[str]:
    """Names of the streams to run for an account, best first; empty when it may not be read."""
    if doors.closed:
        return []
    open_now = {name for name, one in STREAMS.items() if one.gives in ("account", "posts") and _opens(one, doors)}
    authorized = {name for name in open_now if name.startswith("marketplace_authorized_t")}
    profiles = {"organic_profile"} & open_now or {"display_profile"} & open_now
    profiles |= authorized or _newest({name for name in open_now if name.startswith("marketplace_public_t")})
    posts = [name for name in POSTS_IN_ORDER if name in open_now][:1]
    return [*sorted(profiles), *posts]


def _opens(one: Stream, doors: Doors) -> bool:
    if one.dialect == "marketplace":
        return doors.in_marketplace and one.generation in doors.generations
    scopes = doors.grants.get(one.dialect)
    if scopes is None or (one.needs and one.needs not in scopes):
        return False
    # A creator's own token opens both generations; which of them TikTok serves us shows in the brand's account ids.
    return not one.generation or (doors.in_marketplace and one.generation in (doors.generations or ("tto",)))


def _newest(names: set[str]) -> set[str]:
    return {name for name in names if name.endswith("_tto")} or names
