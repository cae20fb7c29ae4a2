"""Published Posts and All Posts with every kind of post in them, light and dark, wide and narrow."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from greenroom import sandbox
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import adding, ordering, participants, tying
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order
from greenroom.core import clock, work
from greenroom.creators.models import Account, Post
from greenroom.observations import log
from greenroom.spark.models import SparkAuthorization
from tests.browser.test_campaign_pages import LOOKS
from tests.consenting import People, mount
from tests.living import Living

FILMS = [
    "Freezer breakfast that survives Monday", "A mug made for oat foam", "Seven-day cold oat ferment", "Morning shelf",
    "Oat ramen, hear me out", "Loft breakfast, one spoon", "What the ferment taught me", "Oat mocha, no machine",
]  # fmt: skip


@pytest.fixture
def world():
    return sandbox.World(accounts=12, posts=4, throttle=False)


@pytest.fixture
def living(acme, world, monkeypatch, settings):
    return Living(acme.workspace, People(world, mount(monkeypatch, settings, world)), by=acme.olga.by, days=1)


@pytest.fixture
def campaign(living) -> Campaign:
    """Posts by link, by code, by hand, at risk, removed, without a number yet; DOV, who can't be tracked."""
    now = clock.now()
    told = {"by": living.by, "at": now}
    made = campaigns.create_campaign(
        living.workspace, name="Oat Season", tiktok=True, mode="manual", required=4, brand_name="Pebblewick",
        description="One real breakfast.", starts_on=(now - timedelta(days=20)).date(), **told,
    )  # fmt: skip
    campaigns.move_campaign(made, "active", **told)
    participants.add(made, [living.account(one) for one in ("ana", "ben", "cyd", "dov")], **told)
    rows = {one.account.handle: one for one in made.participants.select_related("account", "campaign")}
    ordering.create_orders(made, [rows["ana"], rows["ben"]], **told)
    while work.run_due(Order, at=now):
        pass
    films = [film(living.account(("ana", "ben", "cyd")[n % 3]), n, words) for n, words in enumerate(FILMS)]
    for n, how in enumerate(("link", "code")):
        order = Order.objects.get(account=films[n].account)
        one = order.deliverables.first()
        tell = {"state": "published", "post": films[n], "video_id": films[n].item_id, "set_by": how}
        Deliverable.objects.filter(pk=one.pk).update(**tell)
        one.refresh_from_db()
        tying.tie(order, one, films[n], by="system", at=now)
    for post in films[2:7]:
        adding.add_post(made, post, branded=post != films[6], **told)
    CampaignPost.objects.filter(post=films[5]).update(removed_at=now, removed_why="Undisclosed branded content")
    waiting = Deliverable.objects.filter(order__account__handle="ben", state="open").first()
    Deliverable.objects.filter(pk=waiting.pk).update(state="published_pending_id")
    for n, state in enumerate(("authorized", "requested", "expired")):
        SparkAuthorization.objects.create(
            workspace=living.workspace, post=films[n], state=state, days_asked=30, by=living.by
        )
    return made


def film(account: Account, n: int, words: str) -> Post:
    """A post with a reading, the third without."""
    at = clock.now() - timedelta(days=1 + n)
    post = Post.objects.create(
        workspace=account.workspace, account=account, item_id=f"75{n:017}", posted_at=at, caption=words,
        duration_s=20.0 + 7 * n, first_seen_at=at, last_seen_at=at,
    )  # fmt: skip
    if n != 2:
        seen = clock.now() - timedelta(hours=2)
        surface = "accounts_api" if account.authenticated else "marketplace_tto"
        row = {"account": account.pk, "subject": post.pk, "observed_at": seen, "surface": surface, "basis": "manual",
               "source_class": "sandbox", "views": 515_100 // (n + 1), "likes": 31_000 // (n + 1), "comments": 612,
               "shares": 1_486}  # fmt: skip
        log.append(account.workspace, "post", [row], key=f"film {n}", at=seen)
    return post


@pytest.fixture
def manager(open_browser, acme, campaign):
    visit = open_browser(viewport={"width": 1440, "height": 900})
    visit.sign_in(acme.mia.user.email)
    return visit


PAGES = [
    ("published-posts", "campaigns/{pk}/posts/"),
    ("published-posts-table", "campaigns/{pk}/posts/?view=table"),
    ("published-posts-none-fits", "campaigns/{pk}/posts/?mode=former"),
    ("published-posts-choose", "campaigns/{pk}/posts/add/?who=everybody"),
    ("published-posts-pasted", "campaigns/{pk}/posts/add/?url=7999999999999999999"),
    ("all-posts", "posts/"),
    ("post-add-which", "posts/{free}/add/"),
    ("post-add", "posts/{free}/add/?campaign={pk}"),
    ("post-add-taken", "posts/{hand}/add/?campaign={pk}"),
    ("post-remove", "posts/{hand}/entry/remove/"),
    ("post-move", "posts/{hand}/entry/move/"),
    ("post-move-order", "posts/{tied}/entry/move/"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), PAGES, ids=[one[0] for one in PAGES])
def test_a_page_of_posts_reads_well(manager, campaign, name, path):
    told = {
        "pk": campaign.pk,
        "free": Post.objects.get(caption=FILMS[7]).pk,
        "hand": Post.objects.get(caption=FILMS[2]).pk,
        "tied": Post.objects.get(caption=FILMS[0]).pk,
    }
    for theme, width in LOOKS:
        manager.dress(theme, width)
        manager.open(f"/w/acme/{path.format(**told)}")
        manager.look(f"{name}-{theme}-{width}")
        manager.no_barriers()
    manager.page.set_viewport_size({"width": 360, "height": 800})
    manager.no_sideways_scroll()
    if "pasted" not in name:  # a page that says 404 is an error to the console
        manager.no_faults()


@pytest.mark.slow
def test_what_is_missing_opens_from_the_badge_with_the_keyboard(manager, campaign):
    """PUB-05, without a line of script."""
    manager.open(f"/w/acme/campaigns/{campaign.pk}/posts/")
    tile = manager.page.locator(".tile", has_text=FILMS[3])
    assert not tile.get_by_text("Never there: Reach").is_visible()
    tile.locator("summary").focus()
    manager.page.keyboard.press("Enter")
    tile.get_by_text("Never there: Reach").wait_for()
    manager.no_barriers()


@pytest.mark.slow
def test_a_post_is_added_by_hand_from_all_posts(manager, campaign):
    """PUB-02, PVA-05: what will be missing is read before the button is pressed."""
    page = manager.page
    manager.open("/w/acme/posts/")
    page.locator("tr", has_text=FILMS[7]).get_by_role("link", name="Add to campaign").click()
    page.get_by_role("combobox", name="Campaign").select_option("Oat Season")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="10 figures will be missing").wait_for()
    page.get_by_label("Yes, it is advertising for the brand").check()
    page.get_by_role("button", name="Add to Oat Season").click()
    page.get_by_text("is in Oat Season.").wait_for()
    assert CampaignPost.objects.get(post__caption=FILMS[7]).how == "hand"
    manager.no_faults()


@pytest.mark.slow
def test_an_account_that_cant_be_tracked_has_two_ways_out_and_an_order_by_one_click(manager, campaign):
    """PUB-04, MIG-06, MIG-07."""
    page, here = manager.page, f"/w/acme/campaigns/{campaign.pk}/posts/"

    def click(way: str, kind: str = "link") -> None:
        manager.open(here)
        page.get_by_role("listitem").filter(has_text="@dov is not authenticated").get_by_role(kind, name=way).click()

    click("Send Invite")
    expect(page.get_by_role("heading", level=1)).to_contain_text("@dov")
    click("Ask creator to authenticate", "button")
    expect(page.get_by_role("heading", level=1)).to_contain_text("@dov")
    click("Create Order")
    page.get_by_role("button", name="Create Order", exact=True).click()
    page.get_by_text("Order Created for @dov.").wait_for()
    order = Order.objects.get(account__handle="dov")
    assert (order.state, bool(order.code)) == ("created", True)
    click("Send link or code")
    expect(page.get_by_text("@dov", exact=True).first).to_be_visible()
    manager.no_faults()
