"""Every event there is: its name, when it happens, what its data holds. Only data; `catalogue.py` reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of event. `data` are the keys beside those that every event has."""

    name: str
    when: str
    data: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Group:
    """The events of one noun."""

    noun: str
    title: str
    kinds: tuple[Kind, ...]

    @property
    def all_of(self) -> str:
        return f"{self.noun}.*"


_IMPORT = ("file", "sha256", "kind", "rows", "counts")


def _group(noun: str, title: str, *kinds: tuple[str, ...]) -> Group:
    return Group(noun, title, tuple(Kind(f"{noun}.{verb}", when, tuple(data)) for verb, when, *data in kinds))


GROUPS: tuple[Group, ...] = (
    _group(
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
    _group(
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
    _group(
        "attestation",
        "Attestations",
        ("given", "Somebody vouched for an account. Yes or no is not told.", "account", "about", "method"),
    ),
    _group(
        "ruleset",
        "Rules of the marketplace",
        ("loaded", "A version of the rules was loaded.", "version", "programme", "effective_from"),
    ),
    _group(
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
    _group(
        "creators", "Exports of creators", ("exported", "The list was downloaded.", "format", "accounts", "filters")
    ),
    _group(
        "connection",
        "Connections",
        ("active", "A grant was given, or given again.", "was", "scopes", "how"),
        ("renewed", "A live grant was given again.", "scopes", "how"),
        ("expiring", "A grant ends soon.", "was", "until"),
        ("lapsed", "TikTok ended the grant; nothing is read through it.", "was", "reason"),
        ("revoked", "The grant was withdrawn.", "was", "at_tiktok"),
        ("retried", "Somebody had the tokens renewed at once."),
    ),
    _group(
        "authorization",
        "Consents",
        ("refused", "A creator came back from TikTok without a grant that we can keep.", "code", "reason"),
    ),
    _group(
        "campaign",
        "Campaigns",
        ("created", "A campaign was made, as a draft.", "campaign"),
        ("changed", "Settings of a campaign were changed.", "fields"),
        ("active", "A campaign was activated; orders can be created.", "was", "campaign"),
        ("paused", "A campaign was paused: no new orders, and those there are go on.", "was", "campaign"),
        ("closed", "A campaign ended; its orders are still followed.", "was", "campaign"),
        ("archived", "A campaign was put away; its orders are not followed any more.", "was", "campaign"),
        ("creator_added", "A creator takes part.", "account", "handle"),
        ("creator_removed", "A creator was taken out; their orders were given up.", "account", "handle"),
        ("creator_asked", "Another number of posts is asked of one creator.", "account", "required"),
        ("retried", "Somebody had TikTok asked at once how the orders stand."),
    ),
    _group(
        "order",
        "Orders",
        ("asked", "It was decided to order; TikTok does not have it yet.", "handle", "campaign", "videos"),
        ("created", "TikTok made the order; it has a link, and mostly a code.", "was", "handle", "campaign"),
        ("refused", "TikTok refused to make the order, in these words.", "was", "handle", "words"),
        ("not_created", "A refused order is tried again.", "was"),
        ("joined", "The creator said so, handed something in, or lost all that was handed in.", "was", "handle"),
        ("partially_fulfilled", "Some of the posts are published.", "was", "handle"),
        ("fulfilled", "All posts are published.", "was", "handle"),
        ("declined", "The creator does not want it.", "was", "handle", "campaign"),
        ("cancelled", "It was given up here; TikTok has no call that takes it back.", "was", "handle", "campaign"),
        ("expired", "Nobody joined in 90 days.", "was"),
        ("order_full", "A post was handed in beyond what is asked. It counts nowhere.", "video"),
        ("post_taken", "TikTok shows a post that another order has; this one waits.", "video", "place"),
        ("made_too_late", "TikTok made an order that was given up meanwhile; it is followed.", "state"),
        ("retried", "Somebody had an order made at once."),
    ),
    _group(
        "deliverable",
        "Asked-for posts",
        ("uploaded", "A post was handed in and is in TikTok's review.", "was", "order", "video", "set_by"),
        ("published_pending_id", "A post passed; TikTok tells its id later.", "was", "order", "video", "set_by"),
        ("published", "A post passed TikTok's review and is tied to the order.", "was", "order", "video", "set_by"),
        (
            "open",
            "The post was rejected or removed; the place is open again.",
            "was",
            "order",
            "video",
            "why",
            "reason",
        ),
    ),
    _group(
        "document",
        "Briefs and agreements",
        ("published", "A version of the brief or the agreement was published.", "kind", "version", "campaign"),
        ("accepted", "A creator accepted this version.", "account", "kind", "version", "campaign"),
    ),
    _group(
        "subscription",
        "TikTok's own webhooks",
        ("made", "TikTok tells this install of posts from now on.", "url"),
        ("ended", "TikTok tells this install of posts no longer.", "url"),
        ("retried", "Somebody had it checked at once whether TikTok tells of posts."),
    ),
    _group(
        "portal",
        "Creators' own pages",
        ("opened", "A creator opened their page.", "how", "device"),
        ("closed", "A creator's page was closed in the browsers it was open in.", "visits"),
    ),
    _group(
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
    _group(
        "sync",
        "Readings",
        ("finished", "A reading was stored.", "stream", "account", "rows"),
        ("retried", "Somebody had a reading taken at once."),
    ),
    _group(
        "schedule", "Schedule", ("changed", "How often posts are read was changed: [hours of age, minutes].", "steps")
    ),
    _group(
        "connector",
        "Connectors",
        ("registered", "A source of figures was registered.", "key", "source_class"),
        ("refused", "A source of figures was refused.", "manifest", "reason"),
    ),
    _group("erasure", "Purges", ("retried", "Somebody had a purge run at once.")),
    _group(
        "label",
        "Labels",
        ("made", "A label was made.", "name", "hue"),
        ("changed", "A label got another name or colour.", "before", "after"),
        ("removed", "A label was deleted; the event keeps whose it was.", "before"),
    ),
    _group(
        "list",
        "Lists",
        ("made", "A list was made.", "name"),
        ("changed", "A list got another name.", "before", "after"),
        ("reordered", "A creator was moved within a list.", "creator", "before", "after"),
        ("removed", "A list was deleted; the event keeps who was on it.", "before"),
    ),
    _group(
        "note",
        "Notes",
        ("added", "A note on a creator was written. Its text is not told.", "creator", "characters"),
        ("changed", "A note was rewritten.", "creator", "before", "after"),
        ("removed", "A note was deleted.", "creator", "before"),
    ),
    _group(
        "field",
        "Own fields",
        ("made", "A field of creators was made.", "name", "kind", "choices"),
        ("changed", "A field got another name or other choices.", "before", "after"),
        ("removed", "A field was deleted with its values.", "before"),
    ),
    _group(
        "view",
        "Saved views",
        ("saved", "A view of a list was saved.", "page", "name", "query", "shared"),
        ("changed", "A saved view was changed.", "before", "after"),
        ("removed", "A saved view was deleted.", "before"),
        ("default_set", "A member chose the view a list opens with.", "page", "before", "after"),
    ),
    _group(
        "message",
        "Messages to creators",
        ("queued", "A message to a creator waits to be sent.", "was", "handle", "campaign", "template", "rule"),
        ("copied", "A text was written for a person to copy.", "handle", "campaign", "template", "rule"),
        ("sent", "The mail server took a message.", "was", "handle", "campaign", "rule"),
        ("failed", "A message could not be sent, or nobody knows.", "was", "handle", "campaign", "rule", "reason"),
        ("skipped", "A creator was not written to.", "was", "handle", "campaign", "template", "rule", "reason"),
        ("retried", "Somebody had a message sent at once."),
    ),
    _group(
        "template",
        "Message templates",
        ("made", "A template was made.", "template"),
        ("changed", "A template was changed.", "template", "version"),
        ("removed", "A template was deleted.", "template", "version"),
    ),
    _group(
        "optout",
        "Creators who want no messages",
        ("given", "A creator wants no messages.", "creator", "own"),
        ("ended", "A creator gets messages again.", "creator", "own"),
    ),
    _group(
        "reminders",
        "Reminders of campaigns",
        ("changed", "Reminders were switched on or off.", "campaign", "before", "after"),
        ("retried", "Somebody had a campaign look at once whom to remind."),
    ),
    _group(
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
    _group(
        "invitation",
        "Invitations of members",
        ("sent_again", "An invitation was mailed again with a new link.", "email"),
        ("accepted", "An invitation was accepted.", "was"),
        ("withdrawn", "An invitation was taken back.", "was", "email", "role"),
    ),
    _group(
        "operator",
        "Operators",
        ("entered", "The operator of the install came in, for a time and a reason.", "reason", "role", "until", "who"),
        ("left", "Operator access ended.", "how", "who"),
    ),
    _group(
        "operatorsession", "Operator access", ("retried", "Somebody had the end of operator access checked at once.")
    ),
    _group(
        "key",
        "API keys",
        ("made", "An API key was made.", "label", "role", "prefix", "expires_at"),
        ("revoked", "An API key was revoked.", "was", "label", "prefix"),
        ("refused", "A key asked for something its role may not.", "tool", "arguments"),
    ),
    _group("agent", "Agents", ("asked", "A program asked through the MCP server.", "tool", "arguments")),
    _group("audit", "Audit log", ("exported", "The audit log was downloaded.", "format", "filters")),
    _group("backup", "Backups", ("made", "A backup was made.", "rows", "readings", "with_keys")),
    _group("vote", "Help", ("cast", "A reader said whether an article helped.", "article", "was", "helpful")),
    _group(
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
    _group(
        "delivery",
        "Webhook deliveries",
        ("replayed", "One event was sent to an endpoint again.", "event_name", "endpoint"),
        ("retried", "Somebody had a delivery sent at once."),
    ),
    _group(
        "workspace",
        "Workspace",
        ("created", "The workspace was made."),
        ("changed", "The workspace's settings were changed.", "before", "after"),
        ("policy_accepted", "The accepted version of TikTok's policies was recorded.", "version"),
    ),
)
