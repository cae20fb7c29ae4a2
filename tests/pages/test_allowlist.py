"""CON-02: a business account is connected once TikTok has allow-listed it, and whoever asked is told. CON-03."""

import pytest
from django.core import mail

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.models import Allowlisting, Authorization, Connection
from tests.living import words

PAGE = "/w/acme/connections/"


@pytest.fixture(autouse=True)
def _asked_of_everybody(settings):
    settings.GREENROOM_ALLOWLIST = "always"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def desk(acme, phone):
    """The manager's own browser, which can go to TikTok and back."""
    desk = phone()
    desk.site.force_login(acme.mia.user)
    return desk


def test_before_it_is_refused_and_nobody_is_sent_to_tiktok(acme, desk):
    answer = desk.site.post(f"{PAGE}brand/", {"handle": "brandco"}, follow=True)
    assert "TikTok has not allow-listed this account" in words(answer)
    assert "Request allow-listing first." in words(answer)
    kept = Event.objects.get(name="authorization.refused")
    assert (kept.data["code"], kept.by) == ("not_allowlisted", acme.mia.by)
    assert "@brandco must be allow-listed" in kept.data["reason"]
    assert not Authorization.objects.exists()
    assert not Connection.objects.exists()


def test_asked_for_marked_and_connected(acme, desk, client, django_capture_on_commit_callbacks):
    desk.post(f"{PAGE}brand/", handle="@BrandCo", ask="1")
    assert "Requested Mia" in words(desk.get(PAGE))
    again = desk.site.post(f"{PAGE}brand/", {"handle": "brandco"}, follow=True)
    assert "it can be connected once TikTok has confirmed it" in words(again)

    client.force_login(acme.olga.user)
    with django_capture_on_commit_callbacks(execute=True):
        told = client.post(f"{PAGE}allowlist/{Allowlisting.objects.get().pk}/", follow=True)
    assert "@BrandCo is marked as allow-listed" in words(told)
    (letter,) = mail.outbox
    assert letter.to == ["mia@acme.example"]
    assert "@BrandCo" in letter.body
    assert "/w/acme/connections/#brand" in letter.body

    back = desk.consent(desk.post(f"{PAGE}brand/", handle="brandco"), "brandco")
    assert back.redirect_chain[-1][0] == PAGE
    assert Connection.objects.get().account.handle == "brandco"


def test_both_steps_are_events_with_who_and_when(acme, at):
    asked = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    creators.allow(asked, by=acme.olga.by, at=at)
    requested, allowed = Event.objects.filter(name__startswith="account.allowlist").order_by("pk")
    assert (requested.name, requested.by) == ("account.allowlisting_requested", acme.mia.by)
    assert (allowed.name, allowed.by, allowed.at) == ("account.allowlisted", acme.olga.by, at)
    assert allowed.data == {"handle": "brandco", "was": "requested"}


def test_twice_is_once(acme, at, django_capture_on_commit_callbacks):
    first = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    assert creators.request_allowlisting(acme.workspace, "BRANDCO", member=acme.olga, at=at) == first
    with django_capture_on_commit_callbacks(execute=True):
        assert creators.allow(first, by=acme.olga.by, at=at)
        assert not creators.allow(first, by=acme.mia.by, at=clock.now())
    assert len(mail.outbox) == 1
    assert Allowlisting.objects.get().allowed_by == acme.olga.by


def test_each_workspace_has_its_own_list(acme, at, client):
    asked = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    creators.allow(asked, by=acme.olga.by, at=at)
    assert creators.is_allowed(acme.workspace, "brandco")
    assert not creators.is_allowed(acme.rival, "brandco")
    client.force_login(acme.eve.user)
    assert client.post(f"/w/rival/connections/allowlist/{asked.pk}/").status_code == 404


def test_who_only_reads_sees_the_list_and_no_button(acme, at, client):
    asked = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    client.force_login(acme.ana_lyst.user)
    assert "Mark as allow-listed" not in words(client.get(PAGE))
    assert client.post(f"{PAGE}allowlist/{asked.pk}/").status_code == 403
    assert not creators.is_allowed(acme.workspace, "brandco")


def test_whoever_asked_may_have_left(acme, at, django_capture_on_commit_callbacks, olga):
    asked = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    acme.mia.delete()
    asked.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        assert creators.allow(asked, by=acme.olga.by, at=at)
    assert mail.outbox == []
    assert "@brandco Allow-listed" in words(olga.get(PAGE))


def test_a_mail_server_that_is_away_undoes_nothing(acme, at, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    asked = creators.request_allowlisting(acme.workspace, "brandco", member=acme.mia, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        assert creators.allow(asked, by=acme.olga.by, at=at)
    assert creators.is_allowed(acme.workspace, "brandco")


def test_an_account_that_is_connected_already_is_renewed_without_asking(acme, people, desk, settings):
    settings.GREENROOM_ALLOWLIST = "live"
    people.connect_brand(acme.workspace, at=clock.now())
    settings.GREENROOM_ALLOWLIST = "always"
    grant = Connection.objects.get()
    creators.lapse(grant, reason="over", at=clock.now())
    back = desk.consent(desk.post(f"{PAGE}{grant.pk}/reconnect/"), "brandco")
    assert back.redirect_chain[-1][0] == PAGE
    grant.refresh_from_db()
    assert grant.state == "active"


@pytest.mark.parametrize(("where", "sandbox", "asks"), [
    ("live", True, False), ("live", False, True), ("always", True, True), ("always", False, True),
    ("never", True, False), ("never", False, False),
])  # fmt: skip
def test_where_the_list_counts_is_a_setting(settings, where, sandbox, asks):
    from greenroom.creators import allowlist

    settings.GREENROOM_ALLOWLIST = where
    assert allowlist.counts(sandbox=sandbox) is asks


def test_a_personal_account_is_refused_with_the_hint_to_switch(acme, desk, at):
    """CON-03: allow-listed or not, it must be a business account."""
    creators.allow(creators.request_allowlisting(acme.workspace, "ana", member=acme.mia, at=at), by="x", at=at)
    back = desk.consent(desk.post(f"{PAGE}brand/", handle="ana"), "ana")
    assert "This is a personal account" in words(back)
    assert "choose Switch to Business Account" in words(back)
    assert not Connection.objects.exists()
