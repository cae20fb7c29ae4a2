"""Connections: connecting, token health, withdrawing, the join link, TikTok's policies."""

import re
from datetime import timedelta

import pytest

from greenroom.campaigns.models import Subscription
from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators.models import Connection
from greenroom.syncs.models import Run, Sync
from tests.living import words

PAGE = "/w/acme/connections/"


@pytest.fixture
def desk(acme, phone):
    """The owner's own browser, which can go to TikTok and back."""
    desk = phone()
    desk.site.force_login(acme.olga.user)
    return desk


def line(response, title: str) -> str:
    """The markup of one source or of one creator's grant."""
    html = response.content.decode()
    start = html.index(f"<b>{title}</b>")
    return html[start : min(x for x in (html.find("</li>", start), html.find("</tr>", start)) if x > 0)]


def test_the_marketplace_is_connected_at_tiktok_and_leads_back(acme, desk):
    assert "Not connected" in words(desk.get(PAGE))
    back = desk.consent(desk.post(f"{PAGE}marketplace/"), brand="0")
    assert back.redirect_chain[-1][0] == PAGE
    assert "Connected" in line(back, "TikTok Creator Marketplace")
    assert Connection.objects.get(account=None).state == "active"


def test_a_brands_own_account_is_connected_by_who_is_signed_in_as_it(acme, desk):
    back = desk.consent(desk.post(f"{PAGE}brand/", handle="@brandco"), "brandco")
    assert "Brand-owned account" in line(back, "@brandco")
    account = Connection.objects.get(account__handle="brandco").account
    assert (account.purpose, account.authenticated) == ("brand", True)


def test_another_account_signed_in_at_tiktok_is_told_to_sign_in_as_the_brand(acme, desk):
    """CON-04."""
    back = desk.consent(desk.post(f"{PAGE}brand/", handle="brandco"), "ana")
    assert "Sign in as @brandco" in words(back)
    assert not Connection.objects.exists()


def test_a_handle_must_be_given(acme, desk):
    answer = desk.post(f"{PAGE}brand/", handle="")
    assert answer.status_code == 422
    assert "This field is required." in words(answer)


def test_nothing_live_is_connected_before_a_policy_is_recorded(acme, olga, settings):
    """GOV-08."""
    settings.TIKTOK_URL, settings.TIKTOK_APP = "", ("app", "secret")
    assert not clients.is_sandbox()
    told = words(olga.post(f"{PAGE}marketplace/", follow=True))
    assert "Record TikTok's policies first" in told
    olga.post(f"{PAGE}policy/", {"version": "Developer Terms 2026-01-15"})
    assert olga.post(f"{PAGE}marketplace/")["Location"].startswith("https://")


def test_who_recorded_which_policy_is_kept(acme, olga):
    told = words(olga.post(f"{PAGE}policy/", {"version": "2026-01-15"}, follow=True))
    assert re.search("Accepted: 2026-01-15 ?, recorded", told)
    acme.workspace.refresh_from_db()
    assert (acme.workspace.policy_version, acme.workspace.policy_accepted_by) == ("2026-01-15", acme.olga.by)
    assert Event.objects.get(name="workspace.policy_accepted").data == {"version": "2026-01-15"}


def test_only_an_owner_records_the_policy(acme, client):
    client.force_login(acme.mia.user)
    assert client.post(f"{PAGE}policy/", {"version": "2026-01-15"}).status_code == 403
    assert "Record accepted version" not in words(client.get(PAGE))


def test_missing_keys_are_explained(acme, olga, people, settings):
    settings.TIKTOK_APP = ("", "")
    told = words(olga.post(f"{PAGE}marketplace/", follow=True))
    assert "TikTok is not set up yet" in told
    assert "GREENROOM_TIKTOK_APP_ID" in told


def test_token_health_says_state_scopes_end_and_last_success(living, olga):
    ana = Connection.objects.get(account__handle="ana")
    told = line(olga.get(PAGE), "@ana")
    assert 'data-s="live">Connected' in told
    assert "Account analytics, Videos, Video analytics" in told
    assert f"{ana.refresh_expires_at:%b %Y}" in told
    assert re.search(r"\d+ \w+, \d\d:\d\d UTC</time></td>\s*<td class=\"xs\">None", told)


def test_scopes_held_back_are_named(people, acme, olga):
    people.consent(acme.workspace, "ana", at=clock.now(), without=["user.insights"])
    assert "Held back: Account analytics" in words(olga.get(PAGE))


def test_a_lapsed_grant_reconnects_and_reading_resumes(living, olga, phone):
    """CON-10: expire a token, reconnect; collection resumes and the banner disappears."""
    brand = Connection.objects.get(account__handle="brandco")
    creators.lapse(brand, reason="TikTok refused to renew it.", at=clock.now())
    assert not Sync.objects.filter(account__handle="brandco", due_at__isnull=False, connection__state="active").exists()
    answer = olga.get(PAGE)
    assert "TikTok refused to renew it." in line(answer, "@brandco")
    assert "1 needs you" in words(answer)
    desk = phone()
    desk.site = olga
    back = desk.consent(olga.post(f"{PAGE}{brand.pk}/reconnect/"), "brandco")
    assert "TikTok refused to renew it." not in words(back)
    assert 'data-s="live">Connected' in line(back, "@brandco")
    assert Sync.objects.filter(account__handle="brandco", due_at__isnull=False).exists()
    assert all(step.ok for step in living.read(clock.now() + timedelta(minutes=1)))


def test_a_creators_lapsed_grant_is_renewed_by_the_creator_alone(living, olga):
    ana = Connection.objects.get(account__handle="ana")
    creators.lapse(ana, reason="TikTok refused to renew it.", at=clock.now())
    answer = olga.post(f"{PAGE}{ana.pk}/reconnect/")
    assert re.search(r"/join/i/[^/]+/", answer.content.decode())
    ana.refresh_from_db()
    assert ana.state == "lapsed"


def test_withdrawing_asks_first_and_then_ends_it_at_tiktok_and_here(living, olga):
    """GOV-06: revoking stops collection."""
    ana = Connection.objects.get(account__handle="ana")
    asked = olga.get(f"{PAGE}{ana.pk}/withdraw/")
    assert "Nothing more is read of @ana through it" in words(asked)
    ana.refresh_from_db()
    assert ana.state == "active"
    told = words(olga.post(f"{PAGE}{ana.pk}/withdraw/", follow=True))
    assert "is withdrawn" in told
    ana.refresh_from_db()
    assert (ana.state, ana.access_token) == ("revoked", "")
    assert ana.consents.get().revoked_by == Event.objects.get(name="connection.revoked").by
    assert not living.account("ana").authenticated
    before = Run.objects.filter(sync__connection=ana, outcome="ok").count()
    living.read(clock.now())
    assert Run.objects.filter(sync__connection=ana, outcome="ok").count() == before > 0
    assert not Sync.objects.filter(connection=ana, due_at__isnull=False).exists()


def test_the_dialog_is_the_same_page_in_part(living, olga):
    ana = Connection.objects.get(account__handle="ana")
    part = olga.get(f"{PAGE}{ana.pk}/withdraw/", headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"Keep the connection" in part.content


def test_the_join_link_is_there_to_copy_and_to_share(acme, olga):
    html = olga.get(PAGE).content.decode()
    assert "/join/acme/</span><button" in html
    assert 'href="mailto:?subject=Acme' in html


def test_help_is_linked_and_resolves(acme, olga):
    assert f'href="{PAGE}help/"' in olga.get(PAGE).content.decode()
    assert "Redirect address" in words(olga.get(f"{PAGE}help/"))


def test_who_only_reads_gets_no_buttons(living, acme, client):
    client.force_login(acme.ana_lyst.user)
    html = client.get(PAGE).content.decode()
    assert "@ana" in html
    assert "Withdraw" not in html
    assert 'action="/w/acme/connections/' not in html


def test_another_workspaces_grant_is_not_there(living, acme, client):
    client.force_login(acme.eve.user)
    ana = Connection.objects.get(account__handle="ana")
    assert client.get(f"/w/rival/connections/{ana.pk}/withdraw/").status_code == 404
    assert client.post(f"/w/rival/connections/{ana.pk}/withdraw/").status_code == 404
    assert client.post(f"/w/rival/connections/{ana.pk}/reconnect/").status_code == 404
    assert "@ana" not in words(client.get("/w/rival/connections/"))


def test_it_says_whether_tiktok_tells_of_posts(acme, desk):
    back = desk.consent(desk.post(f"{PAGE}marketplace/"), brand="0")
    assert "every 15 minutes" in line(back, "TikTok Creator Marketplace")
    work.run_due(Subscription, at=clock.now())
    assert "TikTok tells of posts as soon as" in line(desk.get(PAGE), "TikTok Creator Marketplace")
