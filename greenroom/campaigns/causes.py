"""The words of every cause a post can be missing by: what is so, what to do, the button and where it leads.

`who` is the author, `day` when the post was published, `why` more words where there are any.
"""

CAUSES: dict[str, tuple[str, str, str, str]] = {
    "not_a_post": (
        "This is not the address of a TikTok post. {why}.",
        "Open the post in TikTok, choose Share, then Copy link, and paste that: it has /video/ or /photo/ in it.",
        "Paste another address",
        "again",
    ),
    "short_link": (
        "This is a short link: only TikTok knows which post is behind it.",
        "Open it, wait until the post is there, copy the long address from the browser and paste it here.",
        "Open the short link",
        "open",
    ),
    "removed": (
        "It was in {campaign} and was taken down{why}.",
        "Its last figures stay where they were read. Ask {who} for another post.",
        "Open the post",
        "post",
    ),
    "here": (
        "It is there already, in {campaign}.",
        "If a list does not show it, take the list's filters off.",
        "Open the post",
        "post",
    ),
    "other_campaign": (
        "It is in another campaign: {campaign}. A post is in one campaign at most.",
        "If it belongs here, move it from there. The move is kept in its history.",
        "Open the post",
        "post",
    ),
    "hidden": (
        "Only the former source knew it. It is hidden until what that source left is purged.",
        "To keep it, have it tied by an order of {who}; then its figures come from TikTok.",
        "Open the plan",
        "old_source",
    ),
    "purged": (
        "Only the former source knew it, and what that source left was purged{why}.",
        "Have it tied by an order of {who}: send the code of one. Then it comes back with figures from TikTok.",
        "See what was purged",
        "old_source",
    ),
    "in_review": (
        "{who} has handed it in for {campaign}, and TikTok's review is not over.",
        "Nothing: it comes by itself when it passes, mostly within a day.",
        "Open the order",
        "order",
    ),
    "rejected": (
        "It was handed in for {campaign} and refused or taken down{why}.",
        "Ask {who} for another post; its place in the order is open again.",
        "Open the order",
        "order",
    ),
    "archived": (
        "{campaign} was put away, so its orders are not followed.",
        "Take it back from the archive; it then asks TikTok how its orders stand.",
        "Open the campaign",
        "campaign",
    ),
    "unknown_account": (
        "{who} is not in your list of creators.",
        "Add the account; its posts come with the first reading.",
        "Add the creator",
        "creator_add",
    ),
    "account_gone": (
        "{who} was deleted here, with all that was read.",
        "If the creator agrees, add the account again.",
        "Add the creator",
        "creator_add",
    ),
    "grant_over": (
        "{who} is not authenticated any more: the consent was withdrawn or has lapsed, so nothing new is read.",
        "Ask the creator to authenticate again, or create an order: its posts are tracked without that.",
        "Open the creator",
        "creator",
    ),
    "unsupported": (
        "{who} can't be tracked: not authenticated and not in TikTok's Creator Marketplace.",
        "Invite the creator to authenticate or into the marketplace, or create an order: its posts are tracked "
        "without either.",
        "See the ways out",
        "handle_invite",
    ),
    "wrong_account": (
        "It was published by {who}, but {order} is what was ordered in {campaign}.",
        "Ask the creator to publish with the account that has the order, or create an order for {who}.",
        "Open the order",
        "order",
    ),
    "no_participant": (
        "{who} does not take part in {campaign}.",
        "Add the creator to the campaign, then create an order.",
        "Add influencers",
        "participants_add",
    ),
    "no_order": (
        "{who} takes part in {campaign} but has no order that runs.",
        "Create an order and send its code; the creator adds it to the post.",
        "Create Order",
        "orders_create",
    ),
    "no_campaign": (
        "It is in All Posts but in no campaign: {who} has no order that runs.",
        "Add it to a campaign by hand; the next page says which figures will be missing.",
        "Add to a campaign",
        "post_add",
    ),
    "outside_dates": (
        "It was published on {day}, outside the dates of {campaign}.",
        "Change the campaign's dates if it belongs there, or add it by hand.",
        "Change the dates",
        "campaign_settings",
    ),
    "id_late": (
        "TikTok has a post for the order of {who} but does not tell its id yet; that takes up to 48 hours.",
        "Nothing: it comes by itself. Until then its figures are not there yet, which is not zero.",
        "Open the order",
        "order",
    ),
    "not_read_yet": (
        "TikTok has not shown it to us yet: it is new, private, or older than what TikTok lists of {who}.",
        "Wait for the next reading of the account; if it stays away, ask {who} whether the post is public.",
        "Open the creator",
        "creator",
    ),
    "order_full": (
        "Every post that was ordered of {who} in {campaign} is there already, so the code ties no more.",
        "Create another order for one more post and send its code.",
        "Create Order",
        "orders_create",
    ),
    "link_unused": (
        "It is out, but neither the invite link nor the Campaign Code of {campaign} was used.",
        "Send {who} the code below. The creator adds it to the post in TikTok, and the post is tied.",
        "Send the code",
        "message_write",
    ),
    "link_unused_no_code": (
        "It is out, but the invite link of {campaign} was not used, and TikTok gives no Campaign Code with this order.",
        "Add it by hand; the next page says which figures will be missing.",
        "Add to a campaign",
        "post_add",
    ),
}
"""By cause: what is so, what to do, the button's words, where it leads."""
