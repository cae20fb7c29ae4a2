"""The creator's own page: in by a link, sees only their own, can add, change and stop."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.creators.models import Account, Connection, Creator, PortalVisit
from greenroom.syncs.models import Sync


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def ana(people, workspace):
    return people.consent(workspace, "ana", at=clock.now())


@pytest.fixture
def inside(phone, ana):
    """ANA's browser, in by her link."""
    browser = phone()
    assert browser.post(enter(ana.account.creator)).status_code == 302
    return browser


def enter(creator, at=None):
    return "/me/" + links.portal_token(creator, at=at or clock.now()) + "/"


def text(page):
    return page.content.decode()


class TestWayIn:
    def test_without_a_link_it_asks_for_the_address(self, phone, db):
        answer = phone().get("/me/")
        assert (answer.status_code, answer["Location"]) == (302, "/me/link/")

    @pytest.mark.parametrize("path", ["/me/connect/", "/me/leave/", "/me/withdraw/1/"])
    def test_every_page_of_it_needs_one(self, phone, db, path):
        assert phone().post(path)["Location"] == "/me/link/"

    def test_the_link_works_for_thirty_days(self, phone, ana):
        creator, now = ana.account.creator, clock.now()
        assert phone().post(enter(creator, now - timedelta(days=29)))["Location"] == "/me/"
        page = phone().post(enter(creator, now - timedelta(days=31)))
        assert page.status_code == 410
        assert "we send you a new link" in text(page)

    def test_the_link_works_once_and_looking_at_it_does_not_use_it_up(self, phone, ana):
        link, first, second = enter(ana.account.creator), phone(), phone()
        assert "Open my page" in text(first.get(link))
        assert "Open my page" in text(second.get(link))
        assert first.post(link)["Location"] == "/me/"
        assert second.post(link).status_code == 410
        assert second.get("/me/")["Location"] == "/me/link/"
        assert first.get(link)["Location"] == "/me/"  # whoever is in may follow the old mail

    def test_a_new_link_comes_by_mail_and_works(self, phone, ana):
        browser = phone()
        browser.post("/me/link/", email="ANA@creators.example")
        [letter] = mail.outbox
        path = letter.body.split("http://127.0.0.1:8000")[1].split()[0]
        token = path.split("/")[2]
        links.read_portal_token(token, at=clock.now() + timedelta(minutes=29))
        with pytest.raises(links.LinkOver):
            links.read_portal_token(token, at=clock.now() + timedelta(minutes=31))
        assert browser.post(path)["Location"] == "/me/"
        assert "Hello Ana" in text(browser.get("/me/"))

    def test_the_answer_does_not_tell_who_is_known(self, phone, ana):
        browser = phone()
        told = [browser.post("/me/link/", email=email) for email in ("ana@creators.example", "x@y.example")]
        known, unknown = (re.sub(r"[A-Za-z0-9]{64}", "", text(page)) for page in told)  # but for the CSRF token
        assert known == unknown
        assert len(mail.outbox) == 1

    def test_nobody_can_have_somebody_mailed_without_end(self, phone, ana):
        for _ in range(15):
            phone().post("/me/link/", email="ana@creators.example")
        assert len(mail.outbox) == 3

    def test_a_member_of_staff_is_not_a_creator(self, client, acme, ana):
        client.force_login(acme.olga.user)
        assert client.get("/me/")["Location"] == "/me/link/"

    def test_leaving_closes_it_in_this_browser(self, inside):
        inside.post("/me/leave/")
        assert inside.get("/me/")["Location"] == "/me/link/"
        assert Connection.objects.get().state == "active"

    def test_staff_see_where_it_is_open_and_close_it(self, inside, phone, ana, acme, client):
        client.force_login(acme.mia.user)
        page = f"/w/acme/creators/{ana.account.creator.pk}/portal/"
        assert "by a link" in text(client.get(page))
        client.post(page + "end/")
        assert inside.get("/me/")["Location"] == "/me/link/"
        told = Event.objects.get(name="portal.closed")
        assert (told.by, told.subject) == (acme.mia.by, f"creator:{ana.account.creator.pk}")
        client.post(page + "send/")
        [letter] = mail.outbox
        assert inside.post(letter.body.split("http://127.0.0.1:8000")[1].split()[0])["Location"] == "/me/"

    def test_a_page_that_nobody_looked_at_for_two_weeks_is_closed(self, inside):
        PortalVisit.objects.update(seen_at=clock.now() - timedelta(days=15))
        assert inside.get("/me/")["Location"] == "/me/link/"


class TestWhatIsShown:
    def test_state_label_and_every_shared_scope_in_words_since_when(self, inside, ana):
        page = text(inside.get("/me/"))
        assert "@ana" in page
        assert "Authenticated" in page
        assert "Marketplace" in page
        assert "Your public videos with views, likes, comments, shares and saves" in page
        assert "You said yes on" in page
        assert "application form" in page

    def test_what_was_held_back_is_said_too(self, phone, people, workspace):
        ben = people.consent(workspace, "ben", at=clock.now(), without=("user.insights",))
        browser = phone()
        browser.post(enter(ben.account.creator))
        assert "Not shared: account analytics" in text(browser.get("/me/"))

    def test_before_the_first_reading_figures_are_missing_with_a_reason(self, inside):
        page = text(inside.get("/me/"))
        assert "Followers: not available." in page
        assert page.count("TikTok has not filled this in yet") >= 4
        assert ">0<" not in page

    def test_each_figure_says_where_it_comes_from_or_why_it_is_missing(self, inside, ana):
        address = f"/me/provenance/followers/{ana.account.pk}/"
        assert f'href="{address}"' in text(inside.get("/me/"))
        page = text(inside.get(address))
        assert "Not available" in page
        assert "TikTok has not filled this in yet" in page

    def test_after_the_first_reading_the_figure_is_tiktoks(self, inside, people, ana):
        work.run_due(Sync, at=clock.now())
        followers = people.world.truth("ana")["profile"]["followers_count"]
        assert f"{followers:,}" in text(inside.get("/me/"))
        page = text(inside.get(f"/me/provenance/followers/{ana.account.pk}/"))
        assert "Sandbox, a pretend TikTok" in page
        assert "application form" in page

    def test_nobody_looks_into_somebody_elses_figures(self, inside, people, workspace, ana):
        ben = people.consent(workspace, "ben", at=clock.now())
        assert inside.get(f"/me/provenance/followers/{ben.account.pk}/").status_code == 404
        assert inside.get(f"/me/provenance/creator_rate/{ana.account.pk}/").status_code == 404

    def test_a_creator_sees_only_their_own(self, inside, people, acme):
        people.consent(acme.workspace, "ben", at=clock.now())
        people.consent(acme.rival, "cyd", at=clock.now())
        page = text(inside.get("/me/"))
        assert "@ben" not in page
        assert "@cyd" not in page

    def test_the_same_person_in_two_workspaces_has_two_pages(self, inside, people, acme):
        theirs = people.consent(acme.rival, "ana", at=clock.now())
        page = text(inside.get("/me/"))
        assert "Rival" not in page
        assert f"/me/withdraw/{theirs.pk}/" not in page


class TestAddAndChange:
    def test_another_account_joins_the_same_creator(self, inside, ana):
        """ACC-16, ACC-06: the creator's own way in for an account outside the marketplace."""
        page = inside.consent(inside.post("/me/connect/", share=["videos"]), "ben")
        assert page.redirect_chain[-1][0] == "/me/"
        assert "@ben" in text(page)
        assert "Non-TTCM" in text(page)
        ben = Account.objects.get(handle="ben")
        assert (ben.creator, ben.origin, ben.authenticated) == (ana.account.creator, "dashboard", True)
        assert Creator.objects.count() == 1

    def test_the_switches_stand_as_things_are_shared_now(self, phone, people, workspace):
        ben = people.consent(workspace, "ben", at=clock.now(), without=("user.insights",))
        browser = phone()
        browser.post(enter(ben.account.creator))
        page = text(browser.get(f"/me/connect/?account={ben.account.pk}"))
        assert re.findall(r'value="(\w+)" checked', page) == ["profile", "videos", "marketplace"]

    def test_sharing_less_later_is_kept_as_granted(self, inside, ana):
        leaving = inside.post("/me/connect/", account=ana.account.pk, dialect="accounts", share=["videos"])
        inside.consent(leaving, "ana")
        ana.refresh_from_db()
        assert "user.insights" not in ana.scopes
        assert "video.list" in ana.scopes

    def test_a_creator_cannot_reconnect_somebody_elses_account(self, inside, people, workspace):
        ben = people.consent(workspace, "ben", at=clock.now())
        assert inside.post("/me/connect/", account=ben.account.pk).status_code == 404

    def test_proving_one_account_does_not_open_the_page_of_a_creator_with_more(self, phone, inside, ana):
        """Whoever got hold of one account of a creator sees that one's consent page, not the creator's others."""
        inside.consent(inside.post("/me/connect/", share=[]), "ben")
        stranger = phone()
        page = stranger.apply("ben")
        assert page.redirect_chain[-1][0] == "/join/connected/"
        assert stranger.get("/me/")["Location"] == "/me/link/"


class TestWithdraw:
    def test_it_asks_first(self, inside, ana):
        page = text(inside.get(f"/me/withdraw/{ana.pk}/"))
        assert "Keep sharing" in page
        ana.refresh_from_db()
        assert ana.state == "active"

    def test_then_the_permission_ends_at_tiktok_and_here(self, inside, people, ana):
        access = ana.access_token
        page = inside.site.post(f"/me/withdraw/{ana.pk}/", follow=True)
        assert "You share nothing with Acme" in text(page)
        assert people.world.grants.find(access) is None
        ana.refresh_from_db()
        assert ana.state == "revoked"
        account = Account.objects.get()
        assert not account.authenticated
        consent = ana.consents.get()
        assert (consent.revoked_by, consent.revoked_at is not None) == (f"creator:{account.creator_id}", True)

    def test_and_can_be_given_again(self, inside, ana):
        inside.post(f"/me/withdraw/{ana.pk}/")
        inside.consent(inside.post("/me/connect/", account=ana.account.pk, share=["videos"]), "ana")
        ana.refresh_from_db()
        assert ana.state == "active"

    def test_nobody_withdraws_for_somebody_else(self, inside, people, acme):
        for workspace, handle in ((acme.workspace, "ben"), (acme.rival, "cyd")):
            other = people.consent(workspace, handle, at=clock.now())
            assert inside.post(f"/me/withdraw/{other.pk}/").status_code == 404
            other.refresh_from_db()
            assert other.state == "active"

    def test_a_lapsed_one_offers_to_connect_again(self, inside, ana):
        creators.lapse(ana, reason="TikTok refused the token", at=clock.now())
        page = text(inside.get("/me/"))
        assert "Not connected any more." in page
        assert f"/me/connect/?account={ana.account.pk}" in page
