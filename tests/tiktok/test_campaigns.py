"""Campaigns, invitations, subscriptions and what creators do, by the client against the sandbox."""

from datetime import UTC, date, datetime

import pytest

from greenroom.tiktok import campaigns, errors, invitations, joining, marketplace, subscriptions, webhooks
from tests.tiktok.test_deliveries import callback

__all__ = ["callback"]
NOON = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def flat(pages):
    return [one for page in pages for one in page]


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
