"""What the placeholders are worth for one participant. Reads rows, asks nobody."""

from collections.abc import Callable, Sequence
from datetime import date

from greenroom.campaigns import splitting
from greenroom.campaigns.models import Campaign, Order, Participant
from greenroom.creators import links

COUNTED = (*Order.WAITING, *Order.LIVE)


def values(participant: Participant, *, sender: str) -> dict[str, str]:
    """{placeholder: text}; empty where there is nothing. `participant` comes from `writing.rows`."""
    campaign, account = participant.campaign, participant.account
    orders = [one for one in participant.orders.all() if one.state in COUNTED]
    live = [one for one in orders if one.state in Order.LIVE]
    return {
        "first_name": first_name(account.creator.name),
        "handle": f"@{account.handle}",
        "campaign_name": campaign.name,
        "brand_name": campaign.brand_name,
        "description": campaign.description,
        "requirements": campaign.requirements,
        "deliverables": deliverables(participant, orders),
        "due_date": day(due_on(campaign, orders)),
        "date_range": date_range(campaign.starts_on, campaign.ends_on) or day(due_on(campaign, orders)),
        "content_type": campaign.get_content_display(),
        "invite_link": each(live, lambda order: order.invite_link),
        "campaign_code": each(live, lambda order: order.code),
        "spark_days": spark_days(campaign, orders, getattr(participant, "spark_days", None)),
        "promo_code": "",
        "tracking_link": "",
        "portal_link": links.absolute("portal"),
        "sender_name": sender,
    }


def first_name(name: str) -> str:
    """The first word of a name; of one that is a handle, all of it."""
    return name.split()[0] if name.split() else ""


def deliverables(participant: Participant, orders: Sequence[Order]) -> str:
    """What is asked for, numbered as in TikTok."""
    rows = [(one.number, one.name) for order in orders for one in order.deliverables.all()]
    if not rows:
        told = splitting.named(participant.campaign.deliverables, 1, participant.wanted)
        rows = list(enumerate(told, 1))
    return "\n".join(f"{number}. {name}" for number, name in sorted(rows))


def due_on(campaign: Campaign, orders: Sequence[Order]) -> date | None:
    """The nearest last day of what is not done yet; else the campaign's."""
    days = [one.due_on for one in orders if one.due_on and one.state != "fulfilled"]
    return min(days, default=campaign.ends_on)


def spark_days(campaign: Campaign, orders: Sequence[Order], of_posts: int | None) -> str:
    """For how long ads with the posts are asked for: the longest of the orders, else of single posts."""
    days = max((one.spark_days or 0 for one in orders), default=0) or of_posts or campaign.spark_days
    return f"{days} days" if days else ""


def each(orders: Sequence[Order], part: Callable[[Order], str]) -> str:
    """The link or code of each order: alone as it is, several one a line with their ranges (MSG-06)."""
    told = [(order, part(order)) for order in sorted(orders, key=lambda one: one.number) if part(order)]
    if len(told) < 2:
        return told[0][1] if told else ""
    return "\n".join(f"{span(order)}: {text}" for order, text in told)


def span(order: Order) -> str:
    """Which of the participant's posts an order is for: 1-10, or 11."""
    numbers = [one.number for one in order.deliverables.all()]
    first, last = min(numbers, default=0), max(numbers, default=0)
    return str(first) if first == last else f"{first}-{last}"


def day(on: date | None) -> str:
    """29 March 2026."""
    return f"{on.day} {on:%B %Y}" if on else ""


def date_range(starts: date | None, ends: date | None) -> str:
    """2 to 29 March 2026; from or until a day where the other is open; empty without both."""
    if starts and ends:
        if starts == ends:
            return day(starts)
        same_month = (starts.year, starts.month) == (ends.year, ends.month)
        first = str(starts.day) if same_month else f"{starts.day} {starts:%B}"
        return f"{first if starts.year == ends.year else day(starts)} to {day(ends)}"
    if starts:
        return f"from {day(starts)}"
    return f"until {day(ends)}" if ends else ""
