"""Orders, campaigns, invitations and what creators do, by the client against the sandbox."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenroom.sandbox import orders as sandbox_orders
from greenroom.sandbox import uploads
from greenroom.tiktok import auth, campaigns, errors, invitations, joining, marketplace, orders, subscriptions, webhooks
from tests.tiktok.test_deliveries import callback

__all__ = ["callback"]
NOON = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.fixture
def account_id(marketplace_oauth, brand):
    [found] = marketplace_oauth.tto_account_ids(brand.access_token)
    return found


@pytest.fixture
def ours(tiktok, brand, account_id):
    """Client, token and account of BRANDCO, as every call of a brand takes them."""
    return lambda do, **asked: do(tiktok, brand.access_token, account_id=account_id, **asked)


@pytest.fixture
def order(ours):
    """Make an order for one creator."""

    def made(handle="ana", description="Trail shoes", **asked):
        return ours(orders.create, brand_name="Northgate", description=description, handles=[handle], **asked)

    return made


@pytest.fixture
def publish(world):
    """Play a creator from joining to a published post; gives its id."""

    def published(link, handle="ana", **more):
        sandbox_orders.join(world, handle=handle, link=link)
        made = uploads.upload(world, handle=handle, link=link, **more)
        uploads.post(world, video_id=made.video_id)
        uploads.approve(world, video_id=made.video_id)
        return made.video_id

    return published


@pytest.fixture
def joiner(connect):
    """Connect a creator who lets us act on campaigns, which is more than we ask of everybody."""
    return lambda handle: connect(handle, scopes=(*auth.ACCOUNTS_SCOPES, "tcm.order.update"))


def flat(pages):
    return [one for page in pages for one in page]


class TestOrders:
    def test_an_order_is_made_with_names_and_found_by_id_code_and_link(self, ours, order, world):
        made = order(
            "@ana", deliverables=[{"deliverable_name": "Teaser"}, {"deliverable_name": "Recap"}], spark_days=30
        )
        [one] = made["orders"]
        assert one["quota"]["per_creator_video_limit"] == 2
        asked = world.market.orders[one["order_id"]].campaign.deliverables
        assert [(each.name, each.spark_days) for each in asked] == [("Teaser", 30), ("Recap", 30)]
        for pages in (
            ours(orders.by_id_pages, order_ids=[one["order_id"], "1"]),
            ours(orders.by_code_pages, code=made["campaign_code"]),
            ours(orders.by_link_pages, link=made["invite_link"]),
        ):
            assert flat(pages) == [one]

    def test_more_orders_than_a_page_holds_come_once_each(self, ours, world):
        made = [
            ours(orders.create, brand_name="N", description=f"No {n}", handles=["ana"])["orders"][0]["order_id"]
            for n in range(230)
        ]
        pages = list(ours(orders.by_id_pages, order_ids=made))
        assert [one["order_id"] for page in pages for one in page] == made
        assert len(pages) == 10 + 2

    def test_refusals_say_what_is_wrong(self, ours, order):
        with pytest.raises(errors.NotFound):
            order("nobody")
        with pytest.raises(errors.Rejected) as caught:
            order(videos=11)
        assert caught.value.code == 40002
        with pytest.raises(errors.NotFound):
            ours(orders.reviews, order_id="1")

    def test_uploaded_is_not_published_and_an_id_can_be_late(self, ours, order, world):
        made = order(videos=2)
        [one] = made["orders"]
        sandbox_orders.join(world, handle="ana", link=made["invite_link"])
        early = uploads.upload(world, handle="ana", link=made["invite_link"])
        late = uploads.upload(world, handle="ana", link=made["invite_link"], late_hours=48)
        uploads.post(world, video_id=late.video_id)
        uploads.approve(world, video_id=late.video_id)
        [now] = flat(ours(orders.by_link_pages, link=made["invite_link"]))
        assert (now["video_ids"], now["quota"]["current_video_count"]) == ([early.video_id], 2)
        told = ours(orders.reviews, order_id=one["order_id"])
        assert [(row.get("video_id"), row["review_status"]) for row in told] == [
            (early.video_id, "NO_REVIEW"), (None, "SUCCEED"),
        ]  # fmt: skip

    def test_a_post_is_rejected_by_the_brand(self, ours, order, publish):
        made = order()
        video_id, order_id = publish(made["invite_link"]), made["orders"][0]["order_id"]
        ours(orders.reject, order_id=order_id, video_id=video_id, reason="Wrong shoe")
        [row] = ours(orders.reviews, order_id=order_id)
        assert (row["is_advertiser_reject"], row["reject_reason"]) == (True, "Wrong shoe")

    def test_the_report_by_orders(self, ours, order, publish, world):
        made = order()
        video_id, order_id = publish(made["invite_link"]), made["orders"][0]["order_id"]
        assert flat(ours(orders.report_pages, order_ids=[order_id])) == []
        world.clock.advance(days=3)
        days = (date(2026, 3, 12), date(2026, 3, 14))
        [row] = flat(ours(orders.report_pages, order_ids=[order_id, "9"], daily=days))
        assert (row["dimensions"]["order_id"], row["dimensions"]["video_id"]) == (order_id, video_id)
        assert row["metrics"]["video_views"] == sum(day["views"] for day in row["metrics"]["daily_stats"])
        [few] = flat(ours(orders.report_pages, order_ids=[order_id], metrics=["likes", "ad_cost"]))
        assert set(few["metrics"]) == {"likes"}

    def test_spark_is_asked_for_and_both_spellings_are_read(self, ours, order, publish, world):
        video_id = publish(order()["invite_link"])
        ours(orders.apply_for_spark, video_id=video_id, days=60)
        world.faults.set(uneven_shapes=1)
        for _ in range(2):
            told = ours(orders.spark_status, video_id=video_id)
            assert (told["auth_status"], told["requested_authorization_days"]) == ("WAITING", 60)
            assert told["auth_status_updated_time"] == "2026-03-12 14:05:00"


class TestLostAnswers:
    """Creating is not repeated; what a lost answer made can be found."""

    @pytest.mark.parametrize("fault", ["lost_answer", "bad_gateway"])
    def test_an_order_is_never_made_twice_by_itself(self, ours, order, world, fault):
        world.faults.set(**{fault: 1})
        with pytest.raises(errors.Unavailable) as caught:
            order(description="Trail GR-7F3K")
        assert caught.value.sent
        found = ours(campaigns.made_with, description="Trail GR-7F3K", handles=["@ana"], since=NOON)
        assert len(found) == len(world.market.campaigns) == (1 if fault == "lost_answer" else 0)

    def test_what_was_made_is_found_with_its_order_code_and_link(self, ours, order, world):
        order(description="Another")
        order("cyd", description="Trail GR-7F3K")
        world.clock.advance(hours=2)
        world.faults.set(lost_answer=1)
        with pytest.raises(errors.Unavailable):
            order(description="Trail GR-7F3K")
        [found] = ours(
            campaigns.made_with, description="Trail GR-7F3K", handles=["ana"], since=NOON + timedelta(hours=2)
        )
        assert ours(campaigns.made_with, description="Trail GR-7F3K", since=NOON + timedelta(hours=3)) == []
        [one] = flat(ours(orders.by_link_pages, link=found["invite_link"]))
        assert one["handle_name"] == "ana"
        assert world.market.orders[one["order_id"]].campaign.code == one["campaign_code"]

    def test_too_frequent_is_repeated_since_nothing_was_done(self, order, world):
        world.faults.set(throttled=2)
        order()
        assert len(world.market.campaigns) == 1

    def test_what_is_safe_to_repeat_is_repeated(self, tiktok, ours, order, world, joiner):
        ana = joiner("ana")
        link = order()["invite_link"]
        world.faults.set(lost_answer=1)
        joining.join(tiktok, ana.access_token, creator_id=ana.open_id, link=link)
        assert sandbox_orders.of(world, "ana")[0].state == "joined"
        world.faults.set(lost_answer=1)
        assert ours(invitations.invite, handles=["ben"])["invited"] == ["ben"]
        made = ours(campaigns.create, name="Spring", brand_name="N", handles=["ana"])
        world.faults.set(lost_answer=1)
        told = ours(campaigns.update, campaign_id=made["campaign_id"], handles=["cyd"])
        assert told["handle_names"] == ["ana", "cyd"]


class TestCampaigns:
    def test_a_campaign_is_made_widened_and_listed(self, ours):
        made = ours(campaigns.create, name="Spring", brand_name="Northgate", handles=["@ana", "nobody"], spark_days=30)
        assert (made["handle_names"], made["failed_handle_names"]) == (["ana"], ["nobody"])
        more = ours(campaigns.create, name="Spring", handles=["dov"], campaign_id=made["campaign_id"])
        assert (more["campaign_id"], more["country_codes"]) == (made["campaign_id"], ["DE", "US"])
        [listed] = flat(ours(campaigns.campaign_pages, campaign_ids=[made["campaign_id"]]))
        assert (listed["invite_link"], listed["video_ids"]) == (made["invite_link"], [])
        assert campaigns.made_at(listed) == NOON
        with pytest.raises(errors.Rejected):
            ours(campaigns.create, name="Spring", brand_name="Northgate", handles=["nobody"])

    def test_every_campaign_comes_once_over_many_pages(self, ours):
        made = [
            ours(campaigns.create, name=f"No {n}", brand_name="N", handles=["ana"])["campaign_id"] for n in range(205)
        ]
        pages = list(ours(campaigns.campaign_pages))
        assert [one["campaign_id"] for page in pages for one in page] == made
        assert len(pages) == 3

    def test_a_missing_link_and_flat_messages_are_read(self, ours, tiktok, brand, account_id, world):
        world.faults.set(missing_invite_link=1)
        made = ours(campaigns.create, name="Spring", brand_name="N", handles=["ana"])
        assert "invite_link" not in made
        [listed] = flat(ours(campaigns.campaign_pages, campaign_ids=[made["campaign_id"]]))
        assert listed["invite_link"].startswith("https://")
        world.faults.set(uneven_shapes=1)
        body = {
            "tto_tcm_account_id": account_id, "campaign_name": "DM", "brand_name": "N", "handle_names": ["ana"],
            "business_account_handle": "northgate",
        }  # fmt: skip
        made_id = tiktok.post("tto/tcm/campaign/create/", body, token=brand.access_token)["campaign_id"]
        world.faults.set(uneven_shapes=1)
        [told] = flat(ours(campaigns.campaign_pages, campaign_ids=[made_id]))
        assert told["dm_info"] == {"business_account_handle": "northgate", "dm_allowed": True}

    def test_a_post_that_is_out_is_asked_for_and_linked(self, ours, tiktok, joiner, world):
        ana = joiner("ana")
        made, post = ours(campaigns.create, name="Spring", brand_name="N", handles=["ana"]), world.publish("ana")
        asked = ours(campaigns.link, campaign_id=made["campaign_id"], video_id=post.item_id)
        assert (asked["status"], asked["number_of_requests"]) == ("IN_REVIEW", 1)
        mine = {"creator_id": ana.open_id}
        told = joining.link_requests(tiktok, ana.access_token, **mine, link=made["invite_link"])
        [request] = told["link_requests"]
        joining.answer_link_request(
            tiktok, ana.access_token, **mine, request_id=request["link_request_id"], action="APPROVE"
        )
        [state] = flat(ours(campaigns.link_status_pages, handles=["@ana"]))
        assert (state["status"], state["video_id"]) == ("APPROVE", post.item_id)
        [listed] = flat(ours(campaigns.campaign_pages))
        assert listed["video_ids"] == [post.item_id]

    def test_a_creator_links_a_post_and_strangers_cannot(self, ours, tiktok, joiner, world):
        ana = joiner("ana")
        link, post = (
            ours(campaigns.create, name="S", brand_name="N", handles=["ana"])["invite_link"],
            world.publish("ana"),
        )
        joining.join(tiktok, ana.access_token, creator_id=ana.open_id, link=link)
        joining.link_video(tiktok, ana.access_token, creator_id=ana.open_id, link=link, video_id=post.item_id)
        with pytest.raises(errors.Rejected):
            joining.link_video(tiktok, ana.access_token, creator_id=ana.open_id, link=link, video_id=post.item_id)
        ben, cyd = joiner("ben"), joiner("cyd")
        with pytest.raises(errors.NotACreator):
            joining.join(tiktok, ben.access_token, creator_id=ben.open_id, link=link)
        with pytest.raises(errors.ScopeMissing):
            joining.join(tiktok, cyd.access_token, creator_id=cyd.open_id, link=link)
        with pytest.raises(errors.NotFound):
            joining.join(tiktok, ana.access_token, creator_id=ana.open_id, link="https://x.example/t/none/")

    @pytest.mark.parametrize("uneven", [0, 1])
    def test_the_report_needs_a_country_in_its_header(self, ours, publish, world, exchanges, uneven):
        made = ours(campaigns.create, name="Spring", brand_name="N", handles=["ana", "dov"])
        video_id = publish(made["invite_link"])
        world.clock.advance(days=3)
        world.faults.set(uneven_shapes=uneven)
        exchanges.clear()
        days = (date(2026, 3, 12), date(2026, 3, 14))
        found = {
            country: flat(ours(campaigns.report_pages, campaign_id=made["campaign_id"], country=country, days=days))
            for country in (*made["country_codes"], "FR")
        }
        assert found["DE"] == found["FR"] == []
        [video] = found["US"]
        assert video["video_info"]["video_id"] == video_id
        assert sum(video["video_views_by_source"].values()) == video["video_views"]
        assert all(isinstance(share, float) for share in video["video_view_retention"])
        assert sum(day["likes"] for day in video["daily_stats"]) == video["likes"]
        assert [one.params["Country-Code"] for one in exchanges] == ["DE", "US", "FR"]


class TestInvitations:
    def test_members_invited_and_refused_with_reasons(self, ours, world):
        world.change("dov", adult=False)
        for uneven in (0, 1):
            world.faults.set(uneven_shapes=uneven)
            told = ours(invitations.invite, handles=["@ana", "ben", "dov", "nobody"])
            assert told == {
                "in_tcm": ["ana"], "invited": ["ben"],
                "reject_reasons": {"dov": "The creator is under 18.", "nobody": "The handle does not exist."},
            }  # fmt: skip

    def test_more_than_twenty_are_invited_in_parts(self, ours, exchanges):
        exchanges.clear()
        told = ours(invitations.invite, handles=[f"nobody{n}" for n in range(45)])
        assert (len(exchanges), len(told["reject_reasons"])) == (3, 45)

    def test_an_invitation_is_seen_until_it_is_accepted(self, ours, world):
        ours(invitations.invite, handles=["ben"])

        def status(generation):
            [one] = ours(marketplace.creator_status, handles=["ben"], generation=generation)
            return one["status"]

        assert (status("tcm"), status("tto")) == ("INVITED", "NOT_IN")
        world.join_marketplace("ben")
        assert (status("tcm"), status("tto")) == ("IN", "IN")


class TestSubscriptions:
    def test_uploaded_and_published_arrive_signed_twice_and_in_the_wrong_order(
        self, tiktok, brand, account_id, business_app, order, publish, world, callback, exchanges
    ):
        url, arrived = callback
        made = subscriptions.subscribe(
            tiktok, business_app, token=brand.access_token, account_id=account_id, callback_url=url
        )
        [one] = subscriptions.subscribed(tiktok, business_app)
        assert (one["subscription_id"], one["callback_url"]) == (made, url)
        assert brand.access_token not in repr(exchanges), "secrets stay out of the archive"
        world.webhooks.hold()
        video_id = publish(order()["invite_link"])
        world.webhooks.release([1, 0, 0])
        told = []
        for headers, raw in arrived:
            webhooks.verify_open_signature(business_app.secret, headers["X-Open-Signature"], raw)
            told.append(webhooks.parse(raw))
        assert [delivery.event for delivery in told] == [
            subscriptions.PUBLISHED, subscriptions.UPLOADED, subscriptions.UPLOADED,
        ]  # fmt: skip
        assert {delivery.entries[0]["video_id"] for delivery in told} == {video_id}
        assert {delivery.object for delivery in told} == {subscriptions.OBJECT}
        assert len({webhooks.delivery_key(delivery) for delivery in told}) == 2
        subscriptions.unsubscribe(tiktok, business_app, subscription_id=made)
        assert subscriptions.subscribed(tiktok, business_app) == []
        with pytest.raises(errors.NotFound):
            subscriptions.unsubscribe(tiktok, business_app, subscription_id=made)
