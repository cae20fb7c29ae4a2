"""The TikTok app as far as the marketplace goes: inbox, invitation, invite link, deliverables, upload, review."""

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from qrcode.main import QRCode  # type: ignore[import-untyped]

from greenroom.sandbox import invitations, spark
from greenroom.sandbox.authorize import COOKIE
from greenroom.sandbox.http import ApiError, Request, Response, redirect
from greenroom.sandbox.market import Campaign, Order, Upload
from greenroom.sandbox.marketplace_orders import review_status
from greenroom.sandbox.pages import Html, html, page
from greenroom.sandbox.people import FIXTURES, Account

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Answer = tuple[Response, str]
STATES = {
    "uploaded": "Uploaded, not posted yet",
    "reviewing": "In review",
    "published": "Published",
    "rejected": "Rejected",
    "removed": "Removed",
}
ENDED = {"declined": "declined", "expired": "did not answer in time to"}


def short_link(world: "World", request: Request) -> Answer:
    """`GET /t/<key>/`: an invite link, which leads to the share page as TikTok's short links do."""
    try:
        campaign = world.market.behind_link(request.path)
    except ApiError:
        return _nothing("This link leads nowhere.")
    inner = f"https://www.tiktok.com/creatorlink/open?campaignID={campaign.campaign_id}&link={campaign.link}"
    return redirect("/creatorlink/share-link?" + urlencode({"share_url": inner, "link": campaign.link})), "302"


def share(world: "World", request: Request) -> Answer:
    """`GET /creatorlink/share-link`: the web's end of an invite link. Joining happens in the app."""
    try:
        campaign = world.market.behind_link(request.query.get("link", ""))
    except ApiError:
        return _nothing("This link leads nowhere.")
    body = html(SHARE, brand=campaign.brand_name, key=quote(key_of(campaign)), qr=_qr(campaign.link))
    return page("Open in the TikTok app", body, kind="card"), "200"


def _qr(text: str) -> Html:
    """A QR code as a picture in the page."""
    code = QRCode(border=2)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return html(QR, size=len(rows), dots=dots)


def respond(world: "World", request: Request) -> Answer | None:
    """A screen of the app below `/_sim/`; None when the path is none."""
    screen = SCREENS.get(request.path.removeprefix("/_sim/").strip("/"))
    return screen(world, request, player(world, request)) if screen else None


def player(world: "World", request: Request) -> Account:
    """Who is playing: the handle of the address, else whom the browser played last."""
    for handle in (request.query.get("handle"), request.cookies.get(COOKIE)):
        try:
            if handle:
                return world.account(handle)
        except KeyError:
            continue
    return world.account(FIXTURES[0][0])


def inbox(world: "World", request: Request, account: Account) -> Answer:
    """The inbox, in which the marketplace is a line among `System Notifications`."""
    found = invitations.inbox(world, account.handle)
    newest = found[0].text if found else "Nothing new"
    body = html(INBOX, name=account.display_name, count=len(found), newest=newest, handle=account.handle)
    return page("Inbox", body, kind="card"), "200"


def notifications(world: "World", request: Request, account: Account) -> Answer:
    """`System Notifications`: each opens by `View More`."""
    lines = [
        html(NOTICE, text=one.text, at=f"{one.sent_at:%-d %b, %H:%M}", to=_behind(one, account))
        for one in invitations.inbox(world, account.handle)
    ]
    body = html(NOTICES, name=account.display_name, lines=lines or [html("<li><p>Nothing new.</p></li>")])
    return page("System Notifications", body, kind="card"), "200"


def _behind(notice: invitations.Notice, account: Account) -> str:
    places = {"marketplace": "/_sim/invitation", "campaign": "/_sim/campaign", "link": "/_sim/request"}
    return f"{places.get(notice.kind, '/_sim/spark')}?{urlencode({'handle': account.handle, 'key': notice.key})}"


def invitation(world: "World", request: Request, account: Account) -> Answer:
    """The invitation to the marketplace, with `Join`."""
    if invitations.open_one(world, account.handle) is None:
        return _nothing("This invitation is no longer open.")
    found = invitations.view(world, handle=account.handle)
    name = next(one.brand_name for one in invitations.inbox(world, account.handle) if one.key == found.invitation_id)
    return page("TikTok Creator Marketplace", html(INVITATION, brand=name, handle=account.handle), kind="card"), "200"


def joined(world: "World", request: Request, account: Account) -> Answer:
    """What the creator sees after `Join`."""
    if world.membership(account) != "IN":
        return _nothing("You are not in TikTok Creator Marketplace.")
    return page("You joined", html(JOINED, name=account.display_name, handle=account.handle), kind="card"), "200"


def campaign(world: "World", request: Request, account: Account) -> Answer:
    """Behind an invite link: what is asked for, `Join Campaign`, then uploading and what became of it."""
    try:
        found = world.market.behind_link(request.query.get("key", ""))
        order = world.market.order_of(found, account.handle)
    except ApiError as refused:
        told = "This link is for somebody else." if refused.code == 40001 else "This link leads nowhere."
        return _nothing(f"{told} You are @{account.handle}.")
    body = html(
        CAMPAIGN,
        brand=found.brand_name,
        name=found.name,
        description="" if found.description == found.name else found.description,
        handle=account.handle,
        deliverables=[_asked(order, place) for place in range(len(found.deliverables))],
        spark=_spark(found),
        next=_next(order),
        uploads=[_upload(one) for one in reversed(order.uploads)],
    )
    return page(found.name, body), "200"


def _asked(order: Order, place: int) -> Html:
    asked = order.campaign.deliverables[place]
    done = place not in order.open_places
    days = f"Spark Ads, {asked.spark_days} days" if asked.spark_days else ""
    return html(ASKED, name=asked.name, spark=days, state="Handed in" if done else "Open")


def _spark(found: Campaign) -> Html:
    days = sorted({one.spark_days for one in found.deliverables if one.spark_days})
    if not days:
        return Html("")
    told = ", ".join(str(one) for one in days)
    return html("<p>Spark Ads authorization: {brand} may advertise your posts for {days} days.</p>",
                brand=found.brand_name, days=told)  # fmt: skip


def _next(order: Order) -> Html:
    link, handle = order.campaign.link, order.handle
    if order.state == "created":
        return html(JOIN, link=link, handle=handle)
    if order.state != "joined":
        return html('<p class="problem">You {state} this order.</p>', state=ENDED[order.state])
    if not order.open_places:
        return html("<p>Everything is handed in.</p>")
    names = [order.campaign.deliverables[place].name for place in order.open_places]
    options = [html("<option>{name}</option>", name=name) for name in dict.fromkeys(names)]
    return html(UPLOAD, link=link, handle=handle, options=options)


def _upload(made: Upload) -> Html:
    return html(
        UPLOADED,
        name=made.deliverable.name,
        caption=made.caption or "Without a caption",
        state=STATES[made.state],
        reason=f"({made.reason})" if made.reason else "",
        review=review_status(made),
        deeds=_upload_deeds(made),
    )


def _upload_deeds(made: Upload) -> Html:
    hidden = html(HIDDEN, handle=made.order.handle, video_id=made.video_id, key=key_of(made.order.campaign))
    if made.state == "uploaded":
        return html(POST, hidden=hidden)
    return (
        html(MODERATE, hidden=hidden, approve=APPROVE if made.state == "reviewing" else "") if made.live else Html("")
    )


def request_page(world: "World", request: Request, account: Account) -> Answer:
    """A brand's wish that a post be linked."""
    found = world.market.requests.get(request.query.get("key", ""))
    if found is None or found.handle != account.handle or found.status != "IN_REVIEW":
        return _nothing("This request is no longer open.")
    told = html(REQUEST, brand=found.campaign.brand_name, video_id=found.video_id, key=found.request_id,
                handle=account.handle)  # fmt: skip
    return page("Link your video", told, kind="card"), "200"


def spark_page(world: "World", request: Request, account: Account) -> Answer:
    """A brand's wish to advertise a post; the creator chooses for how long."""
    found = world.market.sparks.get(request.query.get("key", ""))
    if found is None or found.handle != account.handle or found.status != "WAITING":
        return _nothing("This request is no longer open.")
    options = [_days(days, chosen=days == found.days) for days in spark.DAYS]
    told = html(SPARK, video_id=found.video_id, handle=account.handle, options=options)
    return page("Spark Ads authorization", told, kind="card"), "200"


def _days(days: int, *, chosen: bool) -> Html:
    selected = Html(" selected" if chosen else "")
    return html('<option value="{days}"{selected}>{days} days</option>', days=days, selected=selected)


def _nothing(text: str) -> Answer:
    return page("Not here", html(NOTHING, text=text), kind="card", status=404), "404"


def key_of(found: Campaign) -> str:
    return found.link.rstrip("/").rpartition("/")[2]


SCREENS = {
    "inbox": inbox,
    "notifications": notifications,
    "invitation": invitation,
    "joined": joined,
    "campaign": campaign,
    "request": request_page,
    "spark": spark_page,
}
NOTHING = '<h1>{text}</h1><p><a href="/_sim/">Back to the app</a></p>'
SHARE = """<h1>{brand} invites you to a campaign</h1>
<p>Open this link in the TikTok app to see what is asked for.</p>
{qr}
<p class="hint">On a computer, scan the code with your phone.</p>
<p><a class="button" href="/_sim/campaign?key={key}">Open in the TikTok app</a></p>"""
QR = """<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="QR code of this link" width="200"
height="200">
<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{dots}"/></svg>"""
INBOX = """<h1>Inbox of {name}</h1>
<ul class="list"><li><p><a href="/_sim/notifications?handle={handle}"><b>System Notifications</b></a> ({count})<br>
<small>{newest}</small></p></li></ul>
<p><a href="/_sim/?handle={handle}">Back to the profile</a></p>"""
NOTICES = """<h1>System Notifications</h1>
<p class="hint">You are {name}.</p>
<ul class="list">{lines}</ul>"""
NOTICE = """<li><p>{text}<br><small>{at}</small></p><a class="button" href="{to}">View More</a></li>"""
INVITATION = """<h1>TikTok Creator Marketplace</h1>
<p>{brand} invited you to join TikTok Creator Marketplace, where brands find creators.</p>
<form method="post" action="/_sim/creator/invitation"><input type="hidden" name="handle" value="{handle}">
<div class="buttons"><button name="action" value="decline">Decline</button>
<button class="go" name="action" value="join">Join</button></div></form>"""
JOINED = """<h1>You joined TikTok Creator Marketplace</h1>
<p>Brands can find {name} now.</p>
<p><a href="/_sim/?handle={handle}">Back to the profile</a></p>"""
CAMPAIGN = """<h1>{name}</h1>
<p class="hint">{brand} asks @{handle}. {description}</p>
<h2>Required deliverables</h2>
<ul class="list">{deliverables}</ul>
{spark}
{next}
<h2>Your uploads</h2>
<ul class="list">{uploads}</ul>"""
ASKED = "<li><p><b>{name}</b><br><small>{spark}</small></p><span>{state}</span></li>"
JOIN = """<form method="post" action="/_sim/creator/order"><input type="hidden" name="handle" value="{handle}">
<input type="hidden" name="link" value="{link}"><div class="buttons">
<button name="action" value="decline">Decline</button>
<button class="go" name="action" value="join">Join Campaign</button></div></form>"""
UPLOAD = """<h2>Upload your deliverables</h2>
<form class="row" method="post" action="/_sim/creator/upload"><input type="hidden" name="handle" value="{handle}">
<input type="hidden" name="link" value="{link}">
<div class="field"><label for="which">Deliverable</label><select id="which" name="deliverable">{options}</select></div>
<div class="field"><label for="words">Caption</label><input id="words" name="caption" maxlength="2200"></div>
<div class="field"><label for="late">Hours until brands are told the id (sandbox)</label>
<input id="late" name="late_hours" type="number" min="0" max="48" value="0"></div>
<button class="go">Upload</button></form>"""
UPLOADED = """<li><p><b>{name}</b> {caption}<br><small>{state} {reason} <code>{review}</code></small></p>{deeds}</li>"""
HIDDEN = """<input type="hidden" name="handle" value="{handle}"><input type="hidden" name="video_id" value="{video_id}">
<input type="hidden" name="key" value="{key}">"""
POST = """<form method="post" action="/_sim/creator/post">{hidden}<button class="go">Post</button></form>"""
APPROVE = Html('<button name="verdict" value="approve">Approve</button>')
MODERATE = """<details><summary>Play the moderators</summary>
<form class="row" method="post" action="/_sim/creator/moderate">
{hidden}<div class="field"><label>Reason <input name="reason" maxlength="200"></label></div>{approve}
<button name="verdict" value="reject">Reject</button><button name="verdict" value="remove">Remove</button>
</form></details>"""
REQUEST = """<h1>Link your video</h1>
<p>{brand} asks you to link the video <code>{video_id}</code> to a campaign.</p>
<form method="post" action="/_sim/creator/request"><input type="hidden" name="handle" value="{handle}">
<input type="hidden" name="key" value="{key}"><div class="buttons"><button name="action" value="reject">Reject</button>
<button class="go" name="action" value="approve">Approve</button></div></form>"""
SPARK = """<h1>Spark Ads authorization</h1>
<p>A brand asks to advertise your video <code>{video_id}</code>.</p>
<form method="post" action="/_sim/creator/spark"><input type="hidden" name="handle" value="{handle}">
<input type="hidden" name="video_id" value="{video_id}">
<div class="field"><label for="days">For how long</label><select id="days" name="days">{options}</select></div>
<div class="buttons"><button name="action" value="reject">Reject</button>
<button class="go" name="action" value="approve">Approve</button></div></form>"""
