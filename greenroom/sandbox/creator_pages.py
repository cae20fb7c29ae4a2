"""The creator simulator: a page on which a tester plays a creator, in place of the TikTok app."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from greenroom.sandbox import app_deeds, app_pages, boosts, invitations, orders, truth
from greenroom.sandbox.authorize import COOKIE, WORDS
from greenroom.sandbox.http import Request, Response
from greenroom.sandbox.pages import Html, html, page
from greenroom.sandbox.people import FIXTURES, Account

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

SHOWN_POSTS = 12
SHOWN_ORDERS = 20


def respond(world: "World", request: Request) -> tuple[Response, str]:
    """`GET /_sim/?handle=`: the creator's page; other paths are screens of the app, and POSTs deeds on them."""
    found = app_deeds.respond(world, request) if request.method == "POST" else app_pages.respond(world, request)
    if found is not None:
        return found
    if request.path.removeprefix("/_sim/").strip("/"):
        return page("Not here", html("<h1>Nothing is here</h1>"), kind="card", status=404), "404"
    handle = request.query.get("handle") or request.cookies.get(COOKIE) or FIXTURES[0][0]
    try:
        account, problem = world.account(handle), ""
    except KeyError:
        account, problem = world.account_at(0), f"Nobody here has the handle {handle}."
    cookie = {"Set-Cookie": f"{COOKIE}={account.handle}; Path=/; HttpOnly; SameSite=Lax"}
    return page(f"{account.display_name} on the sandbox", _body(world, account, problem), headers=cookie), "200"


def _body(world: "World", account: Account, problem: str) -> Html:
    at = world.clock.now()
    profile = truth.profile(world, account, at=at)
    followers = profile["followers_count"]
    return html(
        PAGE,
        name=account.display_name,
        handle=account.handle,
        problem=html('<p class="problem" role="alert">{text}</p>', text=problem) if problem else Html(""),
        options=[_option(world.account_at(n), account) for n in range(min(world.size, 30))],
        followers=f"{followers:,}",
        likes=f"{profile['total_likes']:,}",
        videos=f"{profile['videos_count']:,}",
        kind="Business" if account.business else "Personal",
        marketplace=_marketplace(world, account),
        apps=_apps(world, account),
        notices=len(invitations.inbox(world, account.handle)),
        campaigns=_campaigns(world, account),
        code=_code(world, account, at=at),
        posts=_posts(world, account, at=at),
        now=f"{at:%-d %b %Y, %H:%M} UTC",
        shown=SHOWN_POSTS,
    )


def _option(one: Account, chosen: Account) -> Html:
    selected = Html(" selected" if one.index == chosen.index else "")
    return html('<option value="{handle}"{selected}>@{handle}</option>', handle=one.handle, selected=selected)


def _marketplace(world: "World", account: Account) -> Html:
    status = world.membership(account)
    words = {
        "IN": "is in the Creator Marketplace.",
        "INVITED": "has an invitation to the Creator Marketplace.",
        "NOT_IN": "is not in the Creator Marketplace.",
    }[status]
    deed, label = ("leave", "Leave the marketplace") if status == "IN" else ("join", "Join the marketplace")
    return html(MEMBER, name=account.display_name, words=words, deed=deed, label=label, handle=account.handle)


def _apps(world: "World", account: Account) -> Html:
    scopes: dict[str, list[str]] = {}
    for grant in world.grants.of(account.index):
        known = scopes.setdefault(grant.app_id, [])
        known += [scope for scope in grant.scopes if scope not in known]
    if not scopes:
        return html('<p class="hint">No app may see this account.</p>')
    items = [
        html(
            APP,
            name=world.apps[app_id].name,
            app_id=app_id,
            scopes=", ".join(WORDS.get(one, one) for one in granted),
            handle=account.handle,
        )
        for app_id, granted in scopes.items()
    ]
    return html('<ul class="list">{items}</ul>', items=items)


def _campaigns(world: "World", account: Account) -> Html:
    lines = [
        html(CAMPAIGN, name=one.campaign.name, brand=one.campaign.brand_name, state=one.state,
             handed=len(one.live), asked=len(one.campaign.deliverables), handle=account.handle, key=one.campaign.link)
        for one in orders.of(world, account.handle)[:SHOWN_ORDERS]
    ]  # fmt: skip
    if not lines:
        return html('<p class="hint">No brand has asked for anything.</p>')
    return html('<ul class="list">{lines}</ul>', lines=lines)


def _code(world: "World", account: Account, *, at: datetime) -> Html:
    shown = world.posts_of(account.index, at=at)[:SHOWN_POSTS]
    options = [html('<option value="{id}">{caption}</option>', id=one.item_id, caption=one.caption) for one in shown]
    return html(CODE, handle=account.handle, options=options) if options else Html("")


def _posts(world: "World", account: Account, *, at: datetime) -> list[Html]:
    now = truth.minute(at)
    rows = []
    for post in world.posts_of(account.index, at=at)[:SHOWN_POSTS]:
        count = boosts.counters(world, post, now)
        rows.append(
            html(
                ROW,
                caption=post.caption,
                created=f"{datetime.fromtimestamp(post.created, UTC):%-d %b, %H:%M}",
                views=f"{count.views:,}",
                likes=f"{count.likes:,}",
                comments=f"{count.comments:,}",
                shares=f"{count.shares:,}",
            )
        )
    return rows


PAGE = """<h1>You are {name}</h1>
{problem}
<form class="row" method="get" action="/_sim/">
<div class="field"><label for="who">Play somebody else</label><select id="who" name="handle">{options}</select></div>
<button>Switch</button>
</form>
<h2>Account</h2>
<dl class="facts">
<div><dt>Handle</dt><dd>@{handle}</dd></div><div><dt>Followers</dt><dd>{followers}</dd></div>
<div><dt>Likes</dt><dd>{likes}</dd></div><div><dt>Posts</dt><dd>{videos}</dd></div><div><dt>Kind</dt><dd>{kind}</dd></div>
</dl>
<h2>Creator Marketplace</h2>
{marketplace}
<p><a href="/_sim/inbox?handle={handle}">Inbox</a> ({notices})</p>
<h2>Campaigns</h2>
{campaigns}
{code}
<h2>Connected apps</h2>
{apps}
<h2>Publish a post</h2>
<form class="row" method="post" action="/_sim/creator/publish">
<input type="hidden" name="handle" value="{handle}">
<div class="field"><label for="caption">Caption</label><input id="caption" name="caption" maxlength="2200"></div>
<label class="scope"><input type="checkbox" name="branded"> <span>Branded content</span></label>
<button class="go">Publish</button>
</form>
<h2 id="posts">Newest posts</h2>
<p class="hint">Live figures of the newest {shown}, at {now}. Apps see most of them one to two days later.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="posts"><table>
<thead><tr><th scope="col">Post</th><th scope="col">Published</th><th scope="col">Views</th><th scope="col">Likes</th>
<th scope="col">Comments</th><th scope="col">Shares</th></tr></thead>
<tbody>{posts}</tbody>
</table></div>"""
MEMBER = """<form class="row" method="post" action="/_sim/creator/{deed}"><p>{name} {words}</p>
<input type="hidden" name="handle" value="{handle}"><button>{label}</button></form>"""
APP = """<li><p><b>{name}</b> <code>{app_id}</code><br><small>May see or do: {scopes}.</small></p>
<form method="post" action="/_sim/creator/withdraw"><input type="hidden" name="handle" value="{handle}">
<input type="hidden" name="app_id" value="{app_id}"><button>Withdraw</button></form></li>"""
ROW = """<tr><th scope="row">{caption}</th><td>{created}</td><td>{views}</td><td>{likes}</td><td>{comments}</td>
<td>{shares}</td></tr>"""
CAMPAIGN = """<li><p><b>{name}</b> {brand}<br><small>{handed} of {asked} handed in, {state}</small></p>
<a class="button" href="/_sim/campaign?handle={handle}&amp;key={key}">Open</a></li>"""
CODE = """<form class="row" method="post" action="/_sim/creator/code">
<input type="hidden" name="handle" value="{handle}">
<div class="field"><label for="coded">Post</label><select id="coded" name="video_id">{options}</select></div>
<div class="field"><label for="code">Campaign Code</label><input id="code" name="code" required></div>
<button>Add code</button></form>"""
