"""Comments on an account's own posts: reading, answering, liking, hiding, pinning, deleting."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from greenroom.sandbox import chance, posts, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.posts import Post
from greenroom.sandbox.routes import Call, Route

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

WORDS = (
    "Love this!", "Where is this from?", "Recipe please", "Part two?", "I tried it, it works",
    "¿Dónde lo compraste?", "Wow ✨",
    "Not for me", "What is the song?", "So calm", "Saving this for later", "First!",
)  # fmt: skip
TEXT_LIMIT = 150
SHOWN_REPLIES = 3


@dataclass(frozen=True)
class Comment:
    """One comment or reply. `author` is an account index; `parent` is empty for a comment on the post itself."""

    comment_id: str
    video_id: str
    author: int
    created: int
    text: str
    likes: int = 0
    parent: str = ""
    liked: bool = False
    pinned: bool = False
    hidden: bool = False


class Threads:
    """The comments of one post, by id. Drawn from the post on first sight, changed by calls from then on."""

    def __init__(self, world: "World", post: Post) -> None:
        self.by_id: dict[str, Comment] = {}
        count = min(3 + int(chance.draws("talk", world.seed, post.item_id)[0] * 40), 60)
        for place in range(count):
            self._draw(world, post, place)

    def _draw(self, world: "World", post: Post, place: int) -> None:
        u = chance.draws("comment", world.seed, post.item_id, place)
        created = post.created + 60 + int(u[0] ** 2 * 20 * posts.DAY)
        parent = ""
        if u[1] > 0.75 and self.by_id:
            heads = [one for one in self.by_id.values() if not one.parent and one.created < created]
            parent = heads[int(u[2] * len(heads))].comment_id if heads else ""
        made = Comment(
            comment_id=posts.item_id(created, "comment", world.seed, post.item_id, place),
            video_id=post.item_id,
            author=int(u[3] * world.size),
            created=created,
            text=WORDS[int(u[4] * len(WORDS))],
            likes=int(40 * u[5] ** 4),
            parent=parent,
        )
        self.by_id[made.comment_id] = made

    def heads(self, *, at: datetime, parent: str = "") -> list[Comment]:
        now = int(at.timestamp())
        return [one for one in self.by_id.values() if one.parent == parent and one.created <= now]


def listing(call: Call) -> Json:
    """`GET business/comment/list/`."""
    threads = _threads(call)
    wanted = set(call.listing("comment_ids"))
    if len(wanted) > 30:
        raise ApiError(40002, "comment_ids: Longer than maximum length 30.")
    found = [one for one in threads.heads(at=call.at) if not wanted or one.comment_id in wanted]
    replies = call.text("include_replies").lower() == "true"
    return _page(call, threads, found, replies=replies)


def replies(call: Call) -> Json:
    """`GET business/comment/reply/list/`."""
    threads = _threads(call)
    parent = _one(call, threads)
    return _page(call, threads, threads.heads(at=call.at, parent=parent.comment_id), replies=False)


def _page(call: Call, threads: Threads, found: list[Comment], *, replies: bool) -> Json:
    if call.choice("status", ("ALL", "PUBLIC"), "ALL") == "PUBLIC":
        found = [one for one in found if not one.hidden]
    field = call.choice("sort_field", ("create_time", "likes", "replies"), "create_time")
    order_name = "sort_order" if "sort_order" in call.parameters else "sort_type"
    order = call.choice(order_name, ("asc", "desc", "smart"), "desc")
    sign = 1 if order == "asc" else -1

    def rank(one: Comment) -> tuple[bool, int, str]:
        replies_under = len(threads.heads(at=call.at, parent=one.comment_id))
        value = {"create_time": one.created, "likes": one.likes, "replies": replies_under}[field]
        return not one.pinned, sign * value, one.comment_id

    found = sorted(found, key=rank)
    start = call.number("cursor", 0, least=0, most=10**9)
    end = start + call.number("max_count", 20, least=1, most=30)
    comments = [_shown(call, threads, one, replies=replies) for one in found[start:end]]
    return {"comments": comments, "cursor": min(end, len(found)), "has_more": end < len(found)}


def _shown(call: Call, threads: Threads, one: Comment, *, replies: bool = False) -> Json:
    author = call.world.account_at(one.author)
    under = threads.heads(at=call.at, parent=one.comment_id)
    shown: Json = {
        "comment_id": one.comment_id,
        "video_id": one.video_id,
        "unique_identifier": call.world.open_id(one.author, "people"),
        "user_id": call.world.open_id(one.author, "people"),
        "create_time": one.created,
        "text": one.text,
        "likes": one.likes + one.liked,
        "replies": len(under),
        "owner": one.author == call.account.index,
        "liked": one.liked,
        "pinned": one.pinned,
        "status": "HIDDEN" if one.hidden else "PUBLIC",
        "username": author.handle,
        "display_name": author.display_name,
        "profile_image": truth.media(call.world, author.handle, at=call.at),
        "parent_comment_id": one.parent,
    }
    if replies:
        shown["reply_list"] = [_shown(call, threads, reply) for reply in under[:SHOWN_REPLIES]]
    return shown


def create(call: Call) -> Json:
    """`POST business/comment/create/`."""
    return _write(call, _threads(call), parent="")


def reply(call: Call) -> Json:
    """`POST business/comment/reply/create/`."""
    threads = _threads(call)
    return _write(call, threads, parent=_one(call, threads).comment_id)


def _write(call: Call, threads: Threads, *, parent: str) -> Json:
    text = call.text("text")
    if not text and not call.text("image_uri"):
        call.need("text")
    if len(text) > TEXT_LIMIT:
        raise ApiError(40002, f"text: Longer than maximum length {TEXT_LIMIT}.")
    created, place = int(call.at.timestamp()), len(threads.by_id)
    video_id = call.text("video_id")
    made = Comment(
        posts.item_id(created, "written", call.world.seed, video_id, place),
        video_id,
        call.account.index,
        created,
        text,
        parent=parent,
    )
    threads.by_id[made.comment_id] = made
    _tell(call, made, "insert")
    return _shown(call, threads, made)


def like(call: Call) -> Json:
    """`POST business/comment/like/`."""
    call.own()
    call.need("comment_id")
    threads, one = _anywhere(call)
    threads.by_id[one.comment_id] = replace(one, liked=call.choice("action", ("LIKE", "UNLIKE"), "LIKE") == "LIKE")
    return {}


def hide(call: Call) -> Json:
    """`POST business/comment/hide/`."""
    threads = _threads(call)
    one = _one(call, threads)
    hidden = call.choice("action", ("HIDE", "UNHIDE"), "HIDE") == "HIDE"
    threads.by_id[one.comment_id] = replace(one, hidden=hidden)
    _tell(call, one, "set_to_hidden" if hidden else "set_to_public")
    return {}


def pin(call: Call) -> Json:
    """`POST business/comment/pin/`: one pinned comment per post."""
    threads = _threads(call)
    one = _one(call, threads)
    pinned = call.choice("action", ("PIN", "UNPIN"), "PIN") == "PIN"
    for other in list(threads.by_id.values()):
        threads.by_id[other.comment_id] = replace(other, pinned=pinned and other.comment_id == one.comment_id)
    return {}


def delete(call: Call) -> Json:
    """`POST business/comment/delete/`: only what the account itself wrote."""
    call.own()
    call.need("comment_id")
    threads, one = _anywhere(call)
    if one.author != call.account.index:
        raise ApiError(40001, "Permission error: only comments of the account itself can be deleted.")
    del threads.by_id[one.comment_id]
    _tell(call, one, "delete")
    return {}


def upload_image(call: Call) -> Json:
    """`POST business/comment/image/upload/` (multipart)."""
    if b'name="image_file"' not in call.request.body:
        raise ApiError(40002, "Missing required field(s): image_file.")
    name = chance.digest("image", call.request.body).hex()[:32]
    return {"image_uri": f"tos-sandbox/{name}", "width": 720, "height": 1280}


def _threads(call: Call) -> Threads:
    call.own()
    call.need("video_id")
    video_id = call.text("video_id")
    mine = [post for post in call.world.posts_of(call.account.index, at=call.at) if post.item_id == video_id]
    if not mine:
        raise ApiError(40053, f"The video {video_id} does not exist or does not belong to the account.")
    return call.world.record(f"comments {video_id}", lambda: Threads(call.world, mine[0]))


def _one(call: Call, threads: Threads) -> Comment:
    call.need("comment_id")
    found = threads.by_id.get(call.text("comment_id"))
    if found is None:
        raise ApiError(40007, f"The comment {call.text('comment_id')} does not exist.")
    return found


def _anywhere(call: Call) -> tuple[Threads, Comment]:
    """A comment on any post of the account, for the calls that do not name the post."""
    for post in call.world.posts_of(call.account.index, at=call.at):
        key = f"comments {post.item_id}"
        if key in call.world.records:
            threads: Threads = call.world.records[key]
            if call.text("comment_id") in threads.by_id:
                return threads, threads.by_id[call.text("comment_id")]
    raise ApiError(40007, f"The comment {call.text('comment_id')} does not exist.")


def _tell(call: Call, one: Comment, action: str) -> None:
    """`comment.update`: the ids are JSON numbers above 2^53, as TikTok sends them."""
    content = {
        "comment_id": int(one.comment_id), "video_id": int(one.video_id), "comment_action": action,
        "unique_identifier": call.world.open_id(one.author, "people"), "text": one.text,
    }  # fmt: skip
    call.world.webhooks.tell_app(call.app.app_id, "comment.update", content, open_id=call.open_id, event_type="COMMENT")


READ, WRITE = "comment.list", "comment.list.manage"
ROUTES = (
    Route("GET", "business/comment/list/", listing, scope=READ, limited=True),
    Route("GET", "business/comment/reply/list/", replies, scope=READ, limited=True),
    Route("POST", "business/comment/create/", create, scope=WRITE, limited=True),
    Route("POST", "business/comment/reply/create/", reply, scope=WRITE, limited=True),
    Route("POST", "business/comment/like/", like, scope=WRITE, limited=True),
    Route("POST", "business/comment/hide/", hide, scope=WRITE, limited=True),
    Route("POST", "business/comment/pin/", pin, scope=WRITE, limited=True),
    Route("POST", "business/comment/delete/", delete, scope=WRITE, limited=True),
    Route("POST", "business/comment/image/upload/", upload_image, scope=WRITE, limited=True),
)
