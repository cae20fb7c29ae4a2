"""The placeholders a text may hold, as data: the catalogue of the settings page, of the form and of the renderer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Placeholder:
    """`type` is what stands in its place, `source` where that comes from, `missing` why there may be nothing."""

    name: str
    label: str
    type: str
    example: str
    source: str
    missing: str


CATALOGUE: tuple[Placeholder, ...] = (
    Placeholder("first_name", "First name", "Text", "Ana", "The creator's name", "The creator has no name."),
    Placeholder("handle", "Handle", "Text", "@ana.bakes", "The account in the campaign", "The account has no handle."),
    Placeholder("campaign_name", "Campaign name", "Text", "Oat Season", "The campaign", "The campaign has no name."),
    Placeholder(
        "brand_name",
        "Brand name",
        "Text",
        "Pebblewick",
        "The campaign's settings",
        "The campaign has no brand name yet.",
    ),
    Placeholder(
        "description",
        "Description",
        "Text",
        "Show one real breakfast.",
        "The campaign's settings",
        "The campaign has no description yet.",
    ),
    Placeholder(
        "requirements",
        "Requirements",
        "Text",
        "No music with lyrics.",
        "The campaign's settings",
        "The campaign has no requirements written down.",
    ),
    Placeholder(
        "deliverables",
        "Deliverables",
        "List, one a line",
        "1. Unboxing\n2. Recipe",
        "The creator's orders; before there is one, the campaign's settings",
        "Nothing is asked of this creator.",
    ),
    Placeholder(
        "due_date",
        "Due date",
        "Date",
        "29 March 2026",
        "The creator's next order that is not done; else the campaign's last day",
        "Neither the order nor the campaign has a last day.",
    ),
    Placeholder(
        "date_range",
        "Date range",
        "Dates",
        "2 to 29 March 2026",
        "The campaign's first and last day; else the due date",
        "The campaign has neither a first nor a last day.",
    ),
    Placeholder("content_type", "Content type", "Text", "Video", "The campaign's settings", "No content type is set."),
    Placeholder(
        "invite_link",
        "Invite link",
        "Link, or one a line with its range",
        "1-10: https://www.tiktok.com/t/a1\n11-12: https://www.tiktok.com/t/b2",
        "The creator's orders at TikTok",
        "The creator has no order with an invite link.",
    ),
    Placeholder(
        "campaign_code",
        "Campaign code",
        "Code, or one a line with its range",
        "TCM-7F3A",
        "The creator's orders at TikTok",
        "The creator has no order with a campaign code.",
    ),
    Placeholder(
        "spark_days",
        "Spark Ads duration",
        "Days",
        "30 days",
        "The creator's orders; else what was asked for single posts; else the campaign's settings",
        "No Spark Ads are asked for.",
    ),
    Placeholder(
        "promo_code",
        "Promo code",
        "Code",
        "ANA10",
        "Promo codes, which Greenroom does not have yet",
        "Greenroom has no promo codes yet.",
    ),
    Placeholder(
        "tracking_link",
        "Tracking link",
        "Link",
        "https://pebblewick.example/?c=ana",
        "Tracking links, which Greenroom does not have yet",
        "Greenroom has no tracking links yet.",
    ),
    Placeholder(
        "portal_link",
        "Portal link",
        "Link",
        "https://greenroom.example/me/",
        "The creator's own page; it asks for their address, so the link can be shown to anybody",
        "This install has no address.",
    ),
    Placeholder(
        "sender_name",
        "Sender name",
        "Text",
        "Mia",
        "Whoever sends it; the workspace for reminders",
        "The sender has no name.",
    ),
)
BY_NAME: dict[str, Placeholder] = {one.name: one for one in CATALOGUE}
