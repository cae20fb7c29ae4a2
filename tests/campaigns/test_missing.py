"""Why is this post missing: an injected cause each, and the diagnosis that fits (PUB-06)."""

import pytest

from greenroom.campaigns import missing, ordering
from greenroom.campaigns.causes import CAUSES
from greenroom.campaigns.models import Deliverable, Order
from tests.campaigns.absent import INJECTED, Desk, item, link_forgotten, publish, tied_here, url
from tests.campaigns.conftest import BY


@pytest.fixture
def desk(campaign, at):
    return Desk(campaign, at)


@pytest.fixture(autouse=True)
def _nobody_else_knows(monkeypatch):
    monkeypatch.setattr(missing, "ON_MISSING", [])


@pytest.mark.parametrize("inject", INJECTED, ids=INJECTED.values())
def test_each_injected_cause_is_the_one_diagnosis(desk, inject):
    told = desk.ask(inject(desk))
    assert told.cause == INJECTED[inject]
    assert told.label
    assert told.action
    assert "{" not in told.words + told.what_to_do
    assert "None" not in told.words + told.what_to_do


def test_every_cause_is_injected_and_documented(desk):
    assert set(INJECTED.values()) | {"no_campaign"} == set(CAUSES)
    assert all(f"`{cause}`" in missing.__doc__ for cause in CAUSES)


def test_the_code_that_is_sent_is_the_one_of_the_order_with_an_open_place(desk):
    Deliverable.objects.filter(order=desk.order).update(state="published_pending_id")
    told = {"videos": 1}
    more = ordering.create_orders(desk.campaign, [desk.participant], ordering.Asked(**told), by=BY, at=desk.at)
    Order.objects.filter(pk=more.orders.get().pk).update(state="joined", tiktok_id="78", code="GR-ANA-2")
    Deliverable.objects.filter(order=desk.order, place=1).update(state="published", video_id="1")
    Deliverable.objects.filter(order=desk.order, place=2).update(state="published", video_id="2")
    found = desk.ask(link_forgotten(desk))
    assert (found.cause, found.code, found.participant) == ("link_unused", "GR-ANA-2", desk.participant)


def test_without_a_campaign_every_running_order_counts(desk):
    post = publish(desk.ana, desk.at)
    assert desk.ask(url("ana", post.item_id), None).code == "GR-ANA-1"
    ordering.cancel(Order.objects.select_related("account").get(pk=desk.order.pk), by=BY, at=desk.at)
    assert desk.ask(url("ana", post.item_id), None).cause == "no_campaign"
    assert desk.ask(url("ana", item(desk.at, 9)), None).cause == "not_read_yet"


def test_another_workspace_knows_nothing(desk, acme):
    address = tied_here(desk)
    assert missing.diagnose(acme.rival, address, at=desk.at).cause == "unknown_account"


@pytest.mark.parametrize(
    ("pasted", "cause"),
    [
        ("", "not_a_post"),
        ("\x00", "not_a_post"),
        ("https://www.tiktok.com/@ana", "not_a_post"),
        ("@ana", "not_a_post"),
        ("ana", "not_a_post"),
        ("7301234567890123456", "not_a_post"),  # whose?
        ("https://www.instagram.com/p/abc/", "not_a_post"),
        ("https://tiktok.com.evil.example/@ana/video/7301234567890123456", "not_a_post"),
        ("http://[::1", "not_a_post"),
        ("http://tiktok.com:x/", "not_a_post"),
        ("https://www.tiktok.com/@ana/live", "not_a_post"),
        ("٧٣٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", "not_a_post"),
        ("1" * 5000, "not_a_post"),
        ("vt.tiktok.com/ZSabc", "short_link"),
        ("https://www.tiktok.com/t/ZTabc/", "short_link"),
        ("Watch this! https://vm.tiktok.com/ZMabc/ #oat", "short_link"),
        ("https://www.tiktok.com/@ana/photo/7301234567890123456", "unknown_account"),
        ("  <https://m.tiktok.com/@ana/video/7301234567890123456>\u200b ", "unknown_account"),
    ],
)
def test_whatever_is_pasted_gets_one_answer(acme, at, pasted, cause):
    told = missing.diagnose(acme.workspace, pasted, at=at)
    assert told.cause == cause
    if cause == "short_link":
        assert told.url.startswith("https://")
    if cause == "unknown_account":
        assert (told.handle, told.item_id) == ("ana", "7301234567890123456")
