"""The events of Spark Ads: asking, permissions, boosts. None ever tells a code."""

from greenroom.hooks.kinds import Group, group

_ABOUT = ("post", "video", "handle", "days", "until")
_BOOST = ("post", "video", "started_at", "ended_at", "told_by", "spend_minor", "currency")

GROUPS: tuple[Group, ...] = (
    group(
        "sparkauthorization",
        "Spark Ads",
        ("requested", "A creator is asked to let a post be advertised.", "was", "with_order", *_ABOUT),
        ("reminded", "A creator who has not answered is asked again.", *_ABOUT),
        ("authorized", "The creator agreed; there is a code that works.", "was", "days_given", *_ABOUT),
        ("extension_asked", "More time is asked for; the code works on.", *_ABOUT),
        ("extended", "The code works for longer.", "was_until", *_ABOUT),
        ("extension_declined", "The creator gave no more time; the code works until its end.", *_ABOUT),
        ("declined", "The creator said no, or TikTok did not take the request.", "was", "words", *_ABOUT),
        ("refused", "TikTok did not take a reminder or a wish for more time.", "words", *_ABOUT),
        ("ends_soon", "A code ends within seven days. Told once for each end.", *_ABOUT),
        ("expired", "The code's time is over.", "was", *_ABOUT),
        ("revoked", "The creator took it back, or the post is not ours or not public any more.", "was", *_ABOUT),
        ("step_ticked", "Somebody ticked a step of the guide to Ads Manager.", "step", *_ABOUT),
        ("step_unticked", "Somebody took a tick back.", "step", *_ABOUT),
        ("retried", "Somebody had TikTok asked at once."),
    ),
    group(
        "boost",
        "Boosts",
        ("started", "TikTok says that an advertiser uses the code. It began at the latest then.", *_BOOST),
        ("noted", "Somebody noted that a post was advertised.", *_BOOST),
        ("ended", "A boost is over.", *_BOOST),
    ),
)
