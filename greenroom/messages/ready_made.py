"""The templates every workspace starts with. Pure data; a workspace may change or remove them."""

from typing import NamedTuple


class Text(NamedTuple):
    key: str
    name: str
    subject: str
    body: str


_ASKED = """What we ask for:
{{deliverables}}

Type of content: {{content_type}}
When: {{date_range}}"""
_BYE = "\n\n{{sender_name}}"

TEXTS: tuple[Text, ...] = (
    Text(
        "instructions",
        "Campaign instructions",
        "{{campaign_name}}: what we ask for and when",
        "Hi {{first_name}},\n\nthank you for working with {{brand_name}} on {{campaign_name}}.\n\n{{description}}\n\n"
        + _ASKED
        + "\n\n{{requirements|No further requirements.}}\n\nPlease upload through the invite link we send you, so that "
        "TikTok marks your posts as branded content. All of this is on your page, too: {{portal_link}}" + _BYE,
    ),
    Text(
        "invite_link",
        "Invite link",
        "{{campaign_name}}: your TikTok invite link",
        "Hi {{first_name}},\n\nhere is your own invite link for {{campaign_name}} by {{brand_name}}:\n\n"
        "{{invite_link}}\n\nOpen it on your phone as {{handle}}, choose Join Campaign, and upload from there. Please "
        "don't pass it on: it works for you only.\n\n" + _ASKED + _BYE,
    ),
    Text(
        "forgot_link",
        "You forgot the link, here is the code",
        "{{campaign_name}}: a code for a post without the link",
        "Hi {{first_name}},\n\nif you have posted for {{campaign_name}} without the invite link, nothing is lost. Open "
        "the post's settings in TikTok, turn on Content disclosure, Branded content, and enter this campaign code:\n\n"
        "{{campaign_code}}\n\nIs your post about something else? Then please use your link for ours:\n\n"
        "{{invite_link}}\n\n" + _ASKED + _BYE,
    ),
    Text(
        "authentication",
        "Request authentication",
        "{{brand_name|We}} would like to see your figures for {{campaign_name}}",
        "Hi {{first_name}},\n\nplease connect {{handle}} on your page, so that we can read how your posts for "
        "{{campaign_name}} do:\n\n{{portal_link}}\n\nYou choose what is shared, TikTok asks you to confirm, and you "
        "can stop at any time. Are you connected already? Then your permission may end soon; the same page "
        "renews it.\n\n"
        "Type of content: {{content_type}}\nWhen: {{date_range|as agreed}}" + _BYE,
    ),
    Text(
        "spark_ads",
        "Request Spark Ads",
        "{{campaign_name}}: may we use your posts as ads?",
        "Hi {{first_name}},\n\nwe would like to run your posts for {{campaign_name}} as Spark Ads for "
        "{{spark_days}}.\n\nOur request is in TikTok under System Notifications: open it and choose for how long. Did "
        "you agree already? Then your permission may end soon; the Ad settings of each post, under Ad authorization, "
        "give it more time. There you can take it back, too.\n\n" + _ASKED + _BYE,
    ),
)
"""In the order in which they are listed."""
