"""Every event there is: its name, when it happens, what its data holds. Forms, documents and tests read this.

The page of the documentation: `python -m greenroom.hooks.catalogue > docs/events.md`.
"""

import sys
from collections.abc import Iterable

from greenroom.hooks import campaigns, purges, spark
from greenroom.hooks.kinds import Group, group

EVERYTHING = "*"
TEST = "endpoint.test"  # goes to the endpoint it is about and to no other
_IMPORT = ("file", "sha256", "kind", "rows", "counts")

GROUPS: tuple[Group, ...] = (
    group(
        "account",
        "TikTok accounts",
        ("added", "An account came into the list.", "handle", "origin"),
        ("refused", "An account could not be added.", "handle", "code", "reason"),
        ("authentication_requested", "A creator was asked to authenticate.", "mailed"),
        ("authenticated", "The creator's grant makes the account authenticated.", "cause"),
        ("unauthenticated", "The account has no live grant any more.", "cause"),
        ("joined_marketplace", "TikTok says that the account is in the Creator Marketplace.", "cause"),
        ("left_marketplace", "TikTok says that the account is in the Creator Marketplace no longer.", "cause"),
        ("found_outside_marketplace", "TikTok was first asked and says: not in the Marketplace.", "cause"),
        ("renamed", "The account's handle changed at TikTok.", "was", "handle"),
        ("claimed", "The creator turned out to be the owner of an account that was in the list.", "kept_with"),
        ("joined_creator", "The account was put with a creator who has others.", "creator"),
        ("repurposed", "A creator's account became brand-owned, or the other way round.", "was", "to"),
        ("data_erased", "The account's readings were purged.", "reason", "removed"),
        ("allowlisting_requested", "Somebody wants TikTok to allow a business account.", "handle"),
        ("allowlisted", "TikTok allows the business account; it can be connected.", "handle", "was"),
    ),
    group(
        "marketplaceinvite",
        "Invites to the marketplace",
        ("drafted", "It was decided to invite.", "handle", "rules_version", "failing", "unknown", "overridden"),
        ("sent", "TikTok took the invite.", "was", "handle"),
        ("delivered", "TikTok shows the invitation as open; it is in the creator's inbox.", "was", "handle"),
        ("viewed", "Somebody heard that the creator looked at it.", "was", "handle"),
        ("accepted", "TikTok says that the account is in.", "was", "handle"),
        ("declined", "The creator said no, or TikTok shows the invitation no more.", "was", "handle", "why"),
        ("rejected_ineligible", "Rules fail, by our check or TikTok's.", "was", "handle", "failing", "text"),
        ("expired", "Nobody answered in 30 days.", "was", "handle", "why"),
        ("cancelled", "It was given up.", "was", "handle", "why"),
        ("retried", "Somebody had TikTok asked at once."),
    ),
    group(
        "attestation",
        "Attestations",
        ("given", "Somebody vouched for an account. Yes or no is not told.", "account", "about", "method"),
    ),
    group(
        "ruleset",
        "Rules of the marketplace",
        ("loaded", "A version of the rules was loaded.", "version", "programme", "effective_from"),
    ),
    group(
        "creator",
        "Creators",
        ("changed", "What is known of a creator was changed.", "before", "after"),
        ("labelled", "A creator got a label.", "label", "label_name"),
        ("unlabelled", "A label was taken off a creator.", "label", "label_name"),
        ("listed", "A creator was put on a list.", "list", "list_name"),
        ("unlisted", "A creator was taken off a list.", "list", "list_name"),
        ("portal_link_sent", "A creator was sent the link to their own page.", "minutes"),
        ("merged", "Two records became one.", "other", "moved", "labels", "before", "after", "taken", "swapped"),
        ("unmerged", "A merge was taken apart.", "other", "event", "before", "after"),
        ("deleted", "A creator was deleted; erase what you keep of them.", "accounts", "removed", "kept"),
    ),
    group("creators", "Exports of creators", ("exported", "The list was downloaded.", "format", "accounts", "filters")),
    group(
        "connection",
        "Connections",
        ("active", "A grant was given, or given again.", "was", "scopes", "how"),
        ("renewed", "A live grant was given again.", "scopes", "how"),
        ("expiring", "A grant ends soon.", "was", "until"),
        ("lapsed", "TikTok ended the grant; nothing is read through it.", "was", "reason"),
        ("revoked", "The grant was withdrawn.", "was", "at_tiktok"),
        ("retried", "Somebody had the tokens renewed at once."),
    ),
    group(
        "authorization",
        "Consents",
        ("refused", "A creator came back from TikTok without a grant that we can keep.", "code", "reason"),
    ),
    *campaigns.GROUPS,
    *spark.GROUPS,
    group(
        "portal",
        "Creators' own pages",
        ("opened", "A creator opened their page.", "how", "device"),
        ("closed", "A creator's page was closed in the browsers it was open in.", "visits"),
    ),
    group(
        "import",
        "Imports",
        ("uploaded", "A file was brought.", "file", "sha256", "kind", "rows"),
        ("new", "A large file was read and can be looked at; a small one is read as it is brought.", "was", *_IMPORT),
        ("refused", "A large file can't be read.", "was", "reason", *_IMPORT),
        ("started", "An import began.", "was", *_IMPORT),
        ("finished", "An import is done.", "was", *_IMPORT),
        ("cancelled", "An import was stopped; what it took in stays until it is undone.", "was", *_IMPORT),
        ("failed", "An import could not go on.", "was", "reason", *_IMPORT),
        ("undone", "What an import took in was removed.", "was", "kept", *_IMPORT),
        ("discarded", "A file was forgotten of which nothing was taken in.", "file", "sha256", "kind"),
        ("retried", "Somebody had an import go on at once."),
    ),
    group(
        "sync",
        "Readings",
        ("finished", "A reading was stored.", "stream", "account", "rows"),
        ("retried", "Somebody had a reading taken at once."),
    ),
    group(
        "schedule", "Schedule", ("changed", "How often posts are read was changed: [hours of age, minutes].", "steps")
    ),
    group(
        "connector",
        "Connectors",
        ("registered", "A source of figures was registered.", "key", "source_class"),
        ("refused", "A source of figures was refused.", "manifest", "reason"),
    ),
    group("erasure", "Erasures", ("retried", "Somebody had an erasure run at once.")),
    *purges.GROUPS,
    group(
        "label",
        "Labels",
        ("made", "A label was made.", "name", "hue"),
        ("changed", "A label got another name or colour.", "before", "after"),
        ("removed", "A label was deleted; the event keeps whose it was.", "before"),
    ),
    group(
        "list",
        "Lists",
        ("made", "A list was made.", "name"),
        ("changed", "A list got another name.", "before", "after"),
        ("reordered", "A creator was moved within a list.", "creator", "before", "after"),
        ("removed", "A list was deleted; the event keeps who was on it.", "before"),
    ),
    group(
        "note",
        "Notes",
        ("added", "A note on a creator was written. Its text is not told.", "creator", "characters"),
        ("changed", "A note was rewritten.", "creator", "before", "after"),
        ("removed", "A note was deleted.", "creator", "before"),
    ),
    group(
        "field",
        "Own fields",
        ("made", "A field of creators was made.", "name", "kind", "choices"),
        ("changed", "A field got another name or other choices.", "before", "after"),
        ("removed", "A field was deleted with its values.", "before"),
    ),
    group(
        "view",
        "Saved views",
        ("saved", "A view of a list was saved.", "page", "name", "query", "shared"),
        ("changed", "A saved view was changed.", "before", "after"),
        ("removed", "A saved view was deleted.", "before"),
        ("default_set", "A member chose the view a list opens with.", "page", "before", "after"),
    ),
    group(
        "member",
        "Members",
        ("invited", "Somebody was invited. The subject is the invitation.", "email", "role"),
        ("joined", "Somebody became a member.", "who", "email", "role", "invited_by"),
        ("role_changed", "A member got another role.", "who", "before", "after"),
        ("removed", "A membership was ended.", "who", "email", "before", "after"),
        ("signed_in", "A member signed in.", "device", "address"),
        ("sign_in_failed", "Somebody failed to sign in as a member.", "device", "address"),
        ("signed_out", "A member was signed out everywhere by somebody else.", "sessions"),
        ("second_factor_added", "A member has a second factor now.", "device", "address"),
        ("second_factor_removed", "A member has no second factor any more.", "device", "address"),
    ),
    group(
        "invitation",
        "Invitations of members",
        ("sent_again", "An invitation was mailed again with a new link.", "email"),
        ("accepted", "An invitation was accepted.", "was"),
        ("withdrawn", "An invitation was taken back.", "was", "email", "role"),
    ),
    group(
        "operator",
        "Operators",
        ("entered", "The operator of the install came in, for a time and a reason.", "reason", "role", "until", "who"),
        ("left", "Operator access ended.", "how", "who"),
    ),
    group(
        "operatorsession", "Operator access", ("retried", "Somebody had the end of operator access checked at once.")
    ),
    group(
        "key",
        "API keys",
        ("made", "An API key was made.", "label", "role", "prefix", "expires_at"),
        ("revoked", "An API key was revoked.", "was", "label", "prefix"),
        ("refused", "A key asked for something its role may not.", "tool", "arguments"),
    ),
    group("agent", "Agents", ("asked", "A program asked through the MCP server.", "tool", "arguments")),
    group("audit", "Audit log", ("exported", "The audit log was downloaded.", "format", "filters")),
    group("backup", "Backups", ("made", "A backup was made.", "rows", "readings", "with_keys")),
    group("vote", "Help", ("cast", "A reader said whether an article helped.", "article", "was", "helpful")),
    group(
        "endpoint",
        "Webhooks",
        ("added", "An endpoint was added.", "url", "names"),
        ("changed", "An endpoint's address, description or events changed.", "before", "after"),
        ("enabled", "An endpoint was switched on.", "was", "url"),
        ("paused", "An endpoint was switched off by a person.", "was", "url", "parked"),
        ("disabled", "Greenroom switched an endpoint off, because it is gone.", "was", "url", "reason", "parked"),
        ("secret_rotated", "An endpoint got a new secret; the old one signs too until the time told.", "old_until"),
        ("removed", "An endpoint was deleted with its log.", "was", "url"),
        ("replayed", "Everything an endpoint has not been told was sent again.", "deliveries"),
        ("test", "Somebody pressed “Send a test”. Only the tested endpoint is told.", "message"),
        ("retried", "Somebody had an endpoint's log tidied at once."),
    ),
    group(
        "delivery",
        "Webhook deliveries",
        ("replayed", "One event was sent to an endpoint again.", "event_name", "endpoint"),
        ("retried", "Somebody had a delivery sent at once."),
    ),
    group(
        "workspace",
        "Workspace",
        ("created", "The workspace was made."),
        ("changed", "The workspace's settings were changed.", "before", "after"),
        ("policy_accepted", "The accepted version of TikTok's policies was recorded.", "version"),
    ),
)

NAMES: frozenset[str] = frozenset(kind.name for group in GROUPS for kind in group.kinds)


def covers(chosen: str, name: str) -> bool:
    """Does `chosen` (a name, `noun.*` or `*`) stand for the event `name`?"""
    return chosen in (EVERYTHING, name) or (chosen.endswith(".*") and name.startswith(chosen[:-1]))


def unknown(chosen: Iterable[str]) -> list[str]:
    """Those that stand for no event there is."""
    return [one for one in chosen if not any(covers(one, name) for name in NAMES)]


def shortest(chosen: Iterable[str]) -> list[str]:
    """The same choice without what is said twice: `*` alone, `account.*` instead of `account.added` beside it."""
    wide = {one for one in chosen if one == EVERYTHING or one.endswith(".*")}
    if EVERYTHING in wide:
        return [EVERYTHING]
    return sorted(wide | {one for one in chosen if not any(covers(other, one) for other in wide)})


HEAD = """# Events

Made from `greenroom/hooks/catalogue.py` by `python -m greenroom.hooks.catalogue > docs/events.md`; do not edit.

One row for each thing that happened. The timeline, the audit log, the API and [webhooks](webhooks.md) tell the same
rows under the same names: `<noun>.<what happened>`. Every event has a number (`event_id`), a `workspace`, who did it
(`by`: `member:<id>`, `creator:<id>`, `key:<id>` or `system`), a time, and mostly a `subject` with `type` and `id`. The
keys named here come in addition.

Endpoints choose events by name, by noun (`account.*`), or all of them (`*`); who chooses a noun is told of its new
events after an upgrade too. New keys may be added to any event; none is removed or changes its meaning within a major
version.
"""


def page() -> str:
    """The whole page, Markdown."""
    parts = [HEAD]
    for noun in GROUPS:
        rows = [f"| `{one.name}` | {one.when} | {' '.join(f'`{key}`' for key in one.data)} |" for one in noun.kinds]
        parts.append("\n".join([f"## {noun.title}", "", "| name | when | data |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
