"""What a creator does in TikTok's app, on the sandbox's screens of it; and the worker, who asks TikTok afterwards."""

import re
from urllib.parse import urlsplit

from greenroom.campaigns.models import Campaign
from greenroom.core import clock, work


def open_in_app(page, tiktok, handle: str = "ana", link: int = 0) -> str:
    """Tap an invite link on the portal; TikTok's page hands over to the app. Returns the address of its screen."""
    page.get_by_role("link", name=re.compile("Open in TikTok")).nth(link).click()
    page.wait_for_url(f"{tiktok.url}/creatorlink/share-link**")
    inside = urlsplit(page.get_by_role("link", name="Open in the TikTok app").get_attribute("href"))
    page.goto(f"{tiktok.url}{inside.path}?{inside.query}&handle={handle}")
    return page.url


def join(page) -> None:
    """`Join Campaign` leads to uploading (FUL-03)."""
    page.get_by_role("button", name="Join Campaign", exact=True).click()
    page.get_by_role("heading", name="Upload your deliverables").wait_for()


def upload(page, deliverable: str, late: int = 0) -> None:
    """Hand one deliverable in; brands are told its id `late` hours after it is published."""
    page.get_by_label("Deliverable").select_option(deliverable)
    page.get_by_label("Caption").fill(f"{deliverable} #ad")
    page.get_by_label(re.compile("Hours until")).fill(str(late))
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("Uploaded, not posted yet").wait_for()


def post(page) -> None:
    """On to the normal way of posting in TikTok (FUL-04)."""
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("In review").first.wait_for()


def let_pass(page) -> None:
    """TikTok's moderators let it pass."""
    page.get_by_text("Play the moderators").first.click()
    page.get_by_role("button", name="Approve").first.click()
    page.get_by_text("Published").first.wait_for()


def follow() -> None:
    """The worker asks TikTok how the orders stand."""
    at = clock.now()
    Campaign.objects.update(due_at=at)
    work.run_due(Campaign, at=at)
