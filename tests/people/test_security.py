"""A second factor asked for, sessions that can be ended, sign-ins in the log."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from allauth.usersessions.models import UserSession

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.people.devices import device
from tests.people.conftest import text

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


def give_factor(member):
    return TOTP.activate(member.user, generate_totp_secret()).instance


@pytest.fixture
def asked(acme, browser):
    """Acme asks for a second factor; Olga has one."""
    give_factor(acme.olga)
    browser(acme.olga).post("/w/acme/settings/security/", {"mfa_required": "on", "operators_allowed": "on"})
    acme.workspace.refresh_from_db()
    assert acme.workspace.mfa_required


class TestSecondFactor:
    def test_an_owner_without_one_is_kept_from_locking_themself_out(self, acme, browser):
        page = browser(acme.olga).post("/w/acme/settings/security/", {"mfa_required": "on", "operators_allowed": "on"})
        assert "Turn on your own second factor first" in text(page)
        acme.workspace.refresh_from_db()
        assert not acme.workspace.mfa_required

    def test_who_has_none_is_led_to_it_from_every_page(self, acme, asked, browser):
        mia = browser(acme.mia)
        for path in ("", "creators/", "jobs/", "settings/members/"):
            assert mia.get(f"/w/acme/{path}")["Location"] == "/accounts/2fa/"
        assert "Acme asks for a second factor" in text(mia.get("/accounts/2fa/"))

    def test_a_part_of_a_page_leads_the_whole_page_there(self, acme, asked, browser):
        answer = browser(acme.mia).get("/w/acme/sources/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/2fa/")

    def test_once_it_is_set_up_the_workspace_opens(
        self, acme, asked, browser, sign_in, django_capture_on_commit_callbacks
    ):
        mia = browser()
        sign_in(mia, "mia@acme.example")
        mia.post("/accounts/reauthenticate/", {"password": "greenroom-pass"})
        secret = mia.get("/accounts/2fa/totp/activate/").context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(counters())))
        with django_capture_on_commit_callbacks(execute=True):
            assert mia.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
        assert mia.get("/w/acme/").status_code == 200
        assert Event.objects.get(name="member.second_factor_added").by == acme.mia.by

    def test_it_can_t_be_turned_off_while_it_is_asked_for(self, acme, asked, browser, sign_in):
        mia = browser(acme.mia)
        factor = give_factor(acme.mia)
        mia.post("/accounts/reauthenticate/", {"password": "greenroom-pass"})
        mia.post("/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(pk=factor.pk).exists()

    def test_other_workspaces_are_not_touched(self, acme, asked, browser):
        assert browser(acme.eve).get("/w/rival/").status_code == 200

    def test_only_owners_set_it(self, acme, browser):
        give_factor(acme.mia)
        form = {"mfa_required": "on", "operators_allowed": "on"}
        assert browser(acme.mia).post("/w/acme/settings/security/", form).status_code == 403

    def test_the_log_says_what_was_and_what_is(self, acme, asked):
        event = Event.objects.get(name="workspace.changed")
        assert event.data == {"before": {"mfa_required": False}, "after": {"mfa_required": True}}


class TestSessions:
    def test_every_device_is_listed_and_this_one_is_marked(self, acme, browser):
        here, phone = browser(acme.olga), browser()
        phone.force_login(acme.olga.user)
        phone.get("/w/acme/", headers={"user-agent": PHONE})
        page = text(here.get("/w/acme/settings/security/"))
        assert "Firefox on Windows" in page
        assert "Safari on iPhone" in page
        assert page.count("This one") == 1

    def test_ending_one_signs_that_device_out_at_once(self, acme, browser):
        here, there = browser(acme.olga), browser(acme.olga)
        assert there.get("/w/acme/").status_code == 200
        here.get("/w/acme/")
        row = UserSession.objects.get(session_key=there.session.session_key)
        answer = here.post(f"/accounts/sessions/{row.pk}/end/", {"next": "/w/acme/settings/security/"})
        assert answer["Location"] == "/w/acme/settings/security/"
        assert there.get("/w/acme/")["Location"].startswith("/accounts/login/")
        assert here.get("/w/acme/").status_code == 200

    def test_ending_all_others_keeps_this_one(self, acme, browser):
        browsers = [browser(acme.olga) for _ in range(3)]
        for one in browsers:
            one.get("/w/acme/")
        browsers[0].post("/accounts/sessions/end-others/")
        assert [one.get("/w/acme/").status_code for one in browsers] == [200, 302, 302]

    def test_nobody_ends_somebody_else_s(self, acme, browser):
        olga = browser(acme.olga)
        olga.get("/w/acme/")
        browser(acme.eve).post(f"/accounts/sessions/{UserSession.objects.get(user=acme.olga.user).pk}/end/")
        assert olga.get("/w/acme/").status_code == 200

    def test_an_owner_sees_and_ends_those_of_members(self, acme, browser):
        mia, olga = browser(acme.mia), browser(acme.olga)
        mia.get("/w/acme/")
        assert "Sign out Mia everywhere" in text(olga.get("/w/acme/settings/security/"))
        assert "Sign out Olga" not in text(mia.get("/w/acme/settings/security/"))
        assert mia.post(f"/w/acme/settings/members/{acme.fin.pk}/sign-out/").status_code == 403
        olga.post(f"/w/acme/settings/members/{acme.mia.pk}/sign-out/")
        assert mia.get("/w/acme/").status_code == 302
        assert Event.objects.get(name="member.signed_out").data == {"sessions": 1}

    def test_ending_this_one_signs_out(self, acme, browser):
        olga = browser(acme.olga)
        olga.get("/w/acme/")
        olga.post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/")
        assert olga.get("/w/acme/").status_code == 302

    def test_being_seen_is_written_down_every_few_minutes_only(self, acme, browser, django_assert_num_queries):
        olga = browser(acme.olga)
        olga.get("/accounts/you/")
        seen_at = UserSession.objects.get().last_seen_at
        olga.get("/accounts/you/")
        assert UserSession.objects.get().last_seen_at == seen_at
        session = olga.session
        session["seen"] = (clock.now() - timedelta(minutes=6)).timestamp()
        session.save()
        olga.get("/accounts/you/")
        assert UserSession.objects.get().last_seen_at > seen_at

    def test_a_way_back_never_leads_to_another_site(self, acme, browser):
        answer = browser(acme.olga).post("/accounts/sessions/end-others/", {"next": "//evil.example/"})
        assert answer["Location"] == "/accounts/you/"


class TestSignIns:
    def test_each_is_in_the_log_of_every_workspace_of_the_person(self, acme, browser, sign_in):
        sign_in(browser(), "mia@acme.example")
        event = Event.objects.get(name="member.signed_in")
        assert (event.by, event.workspace) == (acme.mia.by, acme.workspace)
        assert event.data == {"device": "Firefox on Windows", "address": "127.0.0.1"}

    def test_a_volley_of_wrong_passwords_is_one_line(self, acme, browser, sign_in):
        for _ in range(4):
            sign_in(browser(), "mia@acme.example", "wrong-password")
        event = Event.objects.get(name="member.sign_in_failed")
        assert "wrong" not in str(event.data)

    def test_wrong_passwords_for_nobody_leave_nothing(self, acme, browser, sign_in):
        sign_in(browser(), "nobody@acme.example", "wrong-password")
        assert not Event.objects.filter(name__startswith="member.sign").exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on macOS"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0", "Chrome, without a window on Linux"),
        (PHONE, "Safari on iPhone"),
        ("curl/8.5", "curl"),
        ("", "An unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_named_by_its_own_words(agent, words):
    assert device(agent) == words
