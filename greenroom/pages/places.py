"""Where somebody can go and what they can do there: the pages and actions that the palette and the keys know."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from greenroom.core.access import Can
from greenroom.core.models import Member


@dataclass(frozen=True)
class Place:
    """A page or an action by the name of its URL. `words` are further words it is found by, `keys` lead there.

    `needs` is the permission an action takes where that is more than its page does.
    """

    name: str
    icon: str
    label: Any
    words: Any = ""
    keys: str = ""
    anchor: str = ""
    needs: Can | None = None


PAGES = (
    Place("home", "home", _("Home"), _("start overview needs you"), "g h"),
    Place("creators", "people", _("Creators"), _("accounts handles list"), "g c"),
    Place("campaigns", "campaign", _("Campaigns"), _("orders links codes briefs influencers"), "g a"),
    Place("posts", "post", "All Posts", _("videos photos published add to campaign"), "g p"),
    Place("connections", "plug", _("Connections"), _("sources grants tokens marketplace business account"), "g n"),
    Place("surfaces", "plug", _("TikTok's surfaces"), _("api login kit business shop research scopes connectors")),
    Place("imports", "upload", _("Imports"), _("files csv excel xlsx"), "g i"),
    Place("jobs", "refresh", _("Jobs"), _("queue syncs runs failures quota"), "g j"),
    Place("settings", "sliders", _("Settings"), _("workspace general time zone currency language"), "g s"),
    Place("settings_members", "people", _("Members"), _("people team settings invitations")),
    Place("settings_roles", "shield", _("Roles"), _("permissions settings")),
    Place("settings_security", "lock", _("Security"), _("second factor sign-in settings")),
    Place("settings_audit", "clock", _("Audit log"), _("history events who changed settings")),
    Place("settings_fields", "tag", _("Labels, lists and fields"), _("custom fields settings")),
    Place("settings_templates", "send", _("Message templates"), _("placeholders e-mail reminders settings")),
    Place("settings_keys", "key", _("API keys"), _("tokens programs settings")),
    Place("settings_hooks", "bolt", _("Webhooks"), _("endpoints deliveries settings")),
    Place("old_source", "trash", _("Old source"), _("leave former source purge certificate legacy settings")),
    Place("help", "help", _("Help"), _("articles questions")),
)
ACTIONS = (
    Place("creator_add", "plus", _("Add creator"), _("new account handle")),
    Place("campaign_add", "plus", _("Add campaign"), _("new order brand")),
    Place("post_missing", "search", _("Why is this post missing?"), _("paste address video not in campaign diagnosis")),
    Place("import_new", "upload", _("Import a file"), _("csv excel xlsx upload posts days")),
    Place("settings_members", "send", _("Invite a member"), _("person team add user"), needs=Can.MEMBERS_MANAGE),
    Place("connections", "link", _("Share the join page"), _("creators application form link"), anchor="#join"),
    Place(
        "connections",
        "building",
        _("Connect a business account"),
        _("brand allow-list own"),
        anchor="#brand",
        needs=Can.CONNECTIONS_WRITE,
    ),
    Place("settings_keys", "key", _("Make an API key"), _("token program"), needs=Can.KEYS_MANAGE),
)


def address(place: Place, member: Member) -> str:
    """Where the place is for this member; "" when their role does not open it."""
    href, needs = _address(place.name, member.workspace.slug)
    return href + place.anchor if {needs, place.needs or needs} <= member.permissions else ""


def keyed(member: Member) -> list[tuple[Place, str]]:
    """The places that keys lead to, with their addresses."""
    told = [(one, address(one, member)) for one in PAGES if one.keys]
    return [(one, href) for one, href in told if href]


@lru_cache(maxsize=1024)
def _address(name: str, slug: str) -> tuple[str, Can]:
    href = reverse(name, args=[slug])
    return href, resolve(href).func.needs  # type: ignore[attr-defined]
