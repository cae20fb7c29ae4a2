"""A post's own page with everything on it, light and dark, wide and narrow."""

from datetime import timedelta

import pytest

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import ordering, participants
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import clock, work
from greenroom.creators.models import Post
from greenroom.observations import log
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from greenroom.spark.models import Boost, SparkAuthorization
from tests.browser.test_campaign_pages import LOOKS
from tests.consenting import People, mount
from tests.living import Living

DURATION = 24
TABS = ("performance", "audience", "spark", "history")


@pytest.fixture
def world():
    return sandbox.World(accounts=12, posts=6, throttle=False)


@pytest.fixture
def living(acme, world, monkeypatch, settings):
    return Living(acme.workspace, People(world, mount(monkeypatch, settings, world)), by=acme.olga.by, days=2)


@pytest.fixture
def tied(living, world) -> Post:
    """The post of an order of three, with the whole report of it, boosted and authorized."""
    now = clock.now()
    told = {"by": living.by, "at": now}
    made = campaigns.create_campaign(
        living.workspace, name="Oat Season", tiktok=True, mode="manual", required=3, brand_name="Pebblewick",
        description="One real breakfast.", deliverables=["Morning shelf tour"], **told,
    )  # fmt: skip
    campaigns.move_campaign(made, "active", **told)
    participants.add(made, [living.account("ana")], **told)
    ordering.create_orders(made, list(made.participants.select_related("account", "campaign")), **told)
    work.run_due(Order, at=now)
    order = Order.objects.get()
    taking.join(world, handle="ana", link=order.invite_link)
    video = uploads.upload(world, handle="ana", link=order.invite_link, caption="Morning shelf tour #oats").video_id
    uploads.post(world, video_id=video)
    uploads.approve(world, video_id=video)
    work.run_due(Campaign, at=now)
    post = Deliverable.objects.get(place=1).post
    Post.objects.filter(pk=post.pk).update(caption="Morning shelf tour", duration_s=DURATION)
    Post.objects.filter(pk=post.pk).update(posted_at=now - timedelta(days=9))
    for day in range(9, 0, -1):
        if day not in (4, 5):  # two days out of order
            grow(post, now - timedelta(days=day), 190_000 - 19_000 * day, boosted=day < 3)
    report(post, now)
    since = now - timedelta(days=3)
    given = {
        "state": "authorized",
        "days_asked": 7,
        "days_given": 30,
        "code": "#q7Lx0exampleK2v9bTnW4=",
        "in_use": True,
    }
    given |= {"in_use": True, "since": since, "until": since + timedelta(days=30), "asked_at": since, "read_at": now}
    SparkAuthorization.objects.create(workspace=living.workspace, post=post, by=living.by, **given)
    boost = {"started_at": since, "told_by": "person", "spend_minor": 14_000, "currency": "USD", "by": living.by}
    Boost.objects.create(workspace=living.workspace, post=post, **boost)
    return post


def grow(post, at, views, *, boosted) -> None:
    """The same report on a day before, when there was less to tell."""
    row = {
        "account": post.account_id, "subject": post.pk, "observed_at": at, "read_at": at, "surface": "order_report",
        "source_class": "sandbox", "views": views, "likes": views // 14, "comments": views // 300,
        "shares": views // 150, "views_organic": min(views, 136_000) if boosted else views,
        "views_paid": max(views - 136_000, 0) if boosted else 0,
    }  # fmt: skip
    log.append(post.workspace, "post", [row], key=f"report of {at:%d}", at=at)


def report(post, now) -> None:
    """What an order's report tells of a post."""
    lists = {
        "audience_ages": {"18-24": 0.35, "25-34": 0.44, "35+": 0.21},
        "audience_genders": {"FEMALE": 0.62, "MALE": 0.38},
        "audience_countries": {"US": 0.61, "CA": 0.1, "GB": 0.08, "AU": 0.04, "DE": 0.03, "FR": 0.02, "ES": 0.01},
        "audience_cities": {"California": 0.12, "Texas": 0.09, "New York": 0.08},
    }
    shares = {key: [{"key": k, "share": v} for k, v in told.items()] for key, told in lists.items()}
    curve = [{"second": s, "share": round(0.39 + 0.61 * 0.8**s, 4)} for s in range(DURATION + 1) if s not in (7, 8, 9)]
    counts = {"views": 214_903, "reach": 171_220, "likes": 15_310, "comments": 612, "shares": 1_486, "favorites": 900}
    split = {"views_organic": 183_653, "views_paid": 31_250, "likes_organic": 14_000, "likes_paid": 1_310}
    split |= {"comments_organic": 600, "comments_paid": 12, "shares_organic": 1_300, "shares_paid": 186}
    watched = {"total_play_time": 3_051_622.0, "avg_play_time": 14.2, "video_completion_rate": 0.39}
    row = {
        "account": post.account_id, "subject": post.pk, "observed_at": now, "read_at": now, "surface": "order_report",
        "source_class": "sandbox", **counts, **split, **watched, **shares, "retention_by_second": curve,
    }  # fmt: skip
    log.append(post.workspace, "post", [row], key="report", at=now)


@pytest.mark.slow
def test_a_post_reads_well_on_every_tab(tied, living, open_browser):
    visit = open_browser()
    visit.sign_in("mia@acme.example")
    root, manual = f"/w/acme/posts/{tied.pk}/", Post.objects.filter(account=living.account("cyd")).first()
    screens = {f"post-{tab}": f"{root}?campaign={tied.entry.campaign_id}&tab={tab}" for tab in TABS}
    screens["post-manual"] = f"/w/acme/posts/{manual.pk}/?derived=1"
    for name, url in screens.items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(url)
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()
