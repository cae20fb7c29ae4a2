"""What is known of an account when it is to be invited to the marketplace: every figure asked of `measure()`."""

from datetime import datetime, timedelta

from greenroom.core import formats
from greenroom.creators import attestations, eligibility, rulesets
from greenroom.creators.eligibility import Facts, Known, Rules, Verdict
from greenroom.creators.models import Account, Attestation, Post
from greenroom.metrics.actions import measure
from greenroom.metrics.figure import Figure
from greenroom.metrics.query import Query
from greenroom.syncs.models import Sync

FRESH = timedelta(days=2)  # posts read within it are all posts there are


def judged(account: Account, *, at: datetime) -> tuple[Rules, tuple[Verdict, ...]]:
    """The rules in force for the account's workspace, and what they say of it at an instant."""
    rules = rulesets.in_force(account.workspace, at=at)
    return rules, eligibility.judge(rules, facts(account, rules, at=at))


def facts(account: Account, rules: Rules, *, at: datetime) -> Facts:
    """Everything the seven rules look at, each with where it comes from."""
    vouched = attestations.newest(account)
    videos, views = _activity(account, rules, at=at)
    return Facts(
        followers=_followers(account, at=at),
        country=_country(account),
        adult=_vouched(vouched.get("age"), "Nobody has attested it"),
        business=_business(account),
        videos=videos,
        views=views,
        suitable=_vouched(vouched.get("content"), "Nobody has reviewed it"),
    )


def _followers(account: Account, *, at: datetime) -> Known:
    query = Query(metrics=("followers",), by=("account",), where=(("account", account.pk),))
    row = next(iter(measure(query, account.workspace, at=at).rows), None)
    figure: Figure | None = row["followers"] if row else None
    if figure is None or figure.value is None:
        return Known(None, figure.why if figure else "It has not been read")
    origin = "Entered" if figure.state == "entered" else "Read from TikTok"
    return Known(int(figure.value), f"{origin}, {formats.when(figure.newest)}" if figure.newest else origin)


def _country(account: Account) -> Known:
    country = account.creator.country.upper()
    return Known(country, "From the creator's record") if country else Known(None, "The creator's record names none")


def _business(account: Account) -> Known:
    if account.purpose == Account.Purpose.BRAND:
        return Known(True, "Connected as the brand's own")
    if account.is_business is None:
        return Known(None, "TikTok tells it once the creator authenticates")
    return Known(account.is_business, "As TikTok last said")


def _vouched(found: Attestation | None, missing: str) -> Known:
    if found is None:
        return Known(None, missing)
    return Known(found.holds, f"{found.get_method_display()}, {formats.when(found.at)}")


def _activity(account: Account, rules: Rules, *, at: datetime) -> tuple[Known, Known]:
    """Videos of the past days, and the views of these videos. Posts we know of may be fewer than there are."""
    posts = dict(Post.objects.filter(account=account, posted_at__lte=at).values_list("pk", "posted_at"))
    kept = set(eligibility.recent(posts.values(), at=at, days=rules.days))
    mine = tuple(pk for pk, posted in posts.items() if posted in kept)
    reading = Sync.objects.filter(account=account, stream__contains="posts", last_ok_at__gte=at - FRESH)
    read_at: datetime | None = reading.order_by("-last_ok_at").values_list("last_ok_at", flat=True).first()
    if read_at is None and not mine:
        missing = Known(None, "Posts of this account are not read")
        return missing, missing
    told = f"Posts as read {formats.when(read_at)}" if read_at else "The posts we know of; there may be more"
    videos = Known(len(mine), told, at_least=read_at is None)
    return videos, _views(account, mine, told, whole=read_at is not None, at=at)


def _views(account: Account, posts: tuple[int, ...], told: str, *, whole: bool, at: datetime) -> Known:
    if not posts:
        return Known(0, told)
    query = Query(metrics=("views",), by=("account",), where=(("post", posts),))
    row = next(iter(measure(query, account.workspace, at=at).rows), None)
    figure: Figure | None = row["views"] if row else None
    if figure is None or figure.value is None:
        return Known(None, figure.why if figure else "They have not been read")
    partly = figure.n < figure.of
    source = f"{told}; views of {figure.n} of {figure.of} are known" if partly else told
    return Known(int(figure.value), source, at_least=partly or not whole)
