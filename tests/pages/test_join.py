"""Coming in: the application form, an invited link, the way back from TikTok."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.creators.models import Account, Authorization, Connection, Creator
from greenroom.creators.scopes import SCOPES


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


class TestApplicationForm:
    def test_anybody_may_open_it_and_it_says_what_is_shared(self, client, workspace):
        page = client.get("/join/acme/").content.decode()
        for scope in SCOPES.values():
            assert scope.words in page
        assert "Greenroom never asks for these" in page

    def test_an_unknown_workspace_is_404(self, client, db):
        assert client.get("/join/nobody/").status_code == 404

    def test_it_ends_in_an_authenticated_account_of_the_applicant(self, phone, workspace):
        page = phone().apply("ben")
        assert page.redirect_chain[-1][0] == "/join/connected/"
        assert "You're connected" in page.content.decode()
        ben = Account.objects.within(workspace).get()
        assert (ben.handle, ben.authenticated, ben.in_marketplace) == ("ben", True, False)
        assert (ben.creator.name, ben.creator.email) == ("Ben", "ben@creators.example")
        assert ben.connections.get().consents.get().how == "application form"

    def test_it_opens_the_creators_page_and_mails_the_way_back(self, phone, workspace):
        ben = phone()
        ben.apply("ben")
        assert "@ben" in ben.get("/me/").content.decode()
        [letter] = mail.outbox
        assert letter.to == ["ben@creators.example"]
        assert re.search(r"http://127.0.0.1:8000/me/\S+/", letter.body)

    def test_only_the_switched_on_groups_are_asked_for(self, phone, workspace):
        phone().apply("ana", share=["videos"])
        scopes = Connection.objects.get().scopes
        assert "video.insights" in scopes
        assert not {"user.insights", "biz.creator.info"} & set(scopes)

    def test_public_figures_only_is_a_login_kit_connection(self, phone, workspace):
        phone().apply("ana", dialect="login_kit")
        assert Connection.objects.get().dialect == "login_kit"
        assert Account.objects.get().authenticated

    def test_without_the_login_kit_app_it_is_not_offered(self, phone, workspace, settings):
        assert "Share public figures only" in phone().get("/join/acme/").content.decode()
        settings.TIKTOK_LOGIN_KIT = ("", "")
        assert "Share public figures only" not in phone().get("/join/acme/").content.decode()

    def test_a_form_with_an_error_says_so_and_asks_nobody(self, phone, workspace):
        page = phone().post("/join/acme/", name="", email="not an address")
        assert page.status_code == 200
        assert "Enter a valid email address" in page.content.decode()
        assert not Authorization.objects.exists()

    def test_a_hammered_form_is_braked(self, phone, workspace):
        answers = [phone().post("/join/acme/", name="A", email="a@b.example").status_code for _ in range(31)]
        assert answers[:30] == [302] * 30
        assert answers[30] == 429

    def test_a_business_account_is_told_to_switch(self, phone, workspace):
        page = phone().apply("brandco")
        assert page.status_code == 422
        assert "Switch to Personal Account" in page.content.decode()
        assert 'href="/join/acme/"' in page.content.decode()
        assert not Creator.objects.exists()

    def test_live_without_a_recorded_policy_it_says_why(self, phone, workspace, monkeypatch, settings):
        from greenroom.creators import client as clients

        monkeypatch.setattr(clients, "TRANSPORT", None)
        settings.TIKTOK_URL = ""
        page = phone().post("/join/acme/", name="A", email="a@b.example")
        assert page.status_code == 422
        assert "developer policies" in page.content.decode()


class TestReturn:
    def test_denying_says_that_nothing_is_shared(self, phone, workspace):
        ana = phone()
        page = ana.consent(ana.post("/join/acme/", name="Ana", email="a@b.example"), "ana", decision="deny")
        assert page.status_code == 422
        assert "Nothing was connected and nothing is shared" in page.content.decode()

    def test_a_doubled_return_ends_on_the_same_page_and_mails_once(self, phone, workspace):
        ana = phone()
        back = ana.at_tiktok(ana.post("/join/acme/", name="Ana", email="ana@creators.example"), "ana")
        pages = [ana.site.get(back, follow=True) for _ in range(2)]
        assert [page.redirect_chain[-1][0] for page in pages] == ["/join/connected/"] * 2
        assert Connection.objects.count() == 1
        assert len(mail.outbox) == 1

    def test_the_address_after_it_has_no_code_in_it(self, phone, workspace):
        page = phone().apply("ana")
        assert page.request["QUERY_STRING"] == ""

    def test_another_browser_can_not_finish_it(self, phone, workspace):
        """Else a stranger could have a creator consent into the stranger's own record."""
        mallory, ana = phone(), phone()
        leaving = mallory.post("/join/acme/", name="Mallory", email="m@evil.example")
        page = ana.site.get(ana.at_tiktok(leaving, "ana"))
        assert page.status_code == 400
        assert "Nothing was connected" in page.content.decode()
        assert not Account.objects.exists()

    def test_a_made_up_state_is_turned_away(self, phone, workspace):
        assert phone().get("/join/callback/?code=x&state=made-up").status_code == 400
        assert phone().get("/join/callback/").status_code == 400

    def test_while_it_is_being_answered_the_page_says_wait(self, phone, workspace):
        ana = phone()
        back = ana.at_tiktok(ana.post("/join/acme/", name="Ana", email="ana@creators.example"), "ana")
        Authorization.objects.update(taken_at=clock.now())
        assert ana.get(back).status_code == 202

    def test_auth_code_is_a_code_too(self, phone, workspace):
        ana = phone()
        back = ana.at_tiktok(ana.post("/join/acme/", name="Ana", email="ana@creators.example"), "ana")
        assert ana.site.get(back.replace("?code=", "?auth_code="), follow=True).status_code == 200
        assert Account.objects.get().handle == "ana"

    def test_staff_come_back_to_their_page(self, phone, acme):
        mia = phone()
        mia.site.force_login(acme.mia.user)
        _, url = creators.begin_authorization(
            acme.workspace,
            dialect="marketplace",
            how="connections page",
            redirect_uri="http://127.0.0.1/join/callback/",
            return_to="/w/acme/connections/",
            by=acme.mia.by,
            at=clock.now(),
        )
        back = mia.at_tiktok(url, brand="0")
        assert phone().site.get(back).status_code == 400  # not signed in as Mia
        answer = mia.site.get(back)
        assert (answer.status_code, answer["Location"]) == (302, "/w/acme/connections/")


class TestInvited:
    @pytest.fixture
    def cyd(self, people, workspace):
        people.connect_marketplace(workspace, at=clock.now())
        return creators.add_account(workspace, handle="cyd", by="member:1", at=clock.now())

    def test_asking_gives_a_link_that_flips_the_state(self, phone, cyd):
        """ACC-09, ACC-07."""
        invitation = creators.request_authentication(cyd, by="member:1", at=clock.now())
        path = invitation.link.removeprefix("http://127.0.0.1:8000")
        creator = phone()
        assert "@cyd" in creator.get(path).content.decode()
        page = creator.consent(creator.post(path, share=["videos", "audience", "marketplace"]), "cyd")
        assert page.status_code == 200
        cyd.refresh_from_db()
        assert cyd.authenticated
        assert cyd.connections.get().consents.get().how == "invited link"

    def test_it_is_mailed_where_an_address_is_known(self, phone, cyd):
        assert creators.request_authentication(cyd, by="member:1", at=clock.now()).sent_to == ""
        cyd.creator.email = "cyd@creators.example"
        cyd.creator.save()
        invitation = creators.request_authentication(cyd, by="member:1", at=clock.now())
        [letter] = mail.outbox
        assert letter.to == [invitation.sent_to] == ["cyd@creators.example"]
        assert invitation.link in letter.body

    def test_somebody_else_is_told_who_must_sign_in(self, phone, cyd):
        path = "/join/i/" + links.join_token(cyd.creator, cyd, at=clock.now()) + "/"
        dan = phone()
        page = dan.consent(dan.post(path), "ana")
        assert "Sign in as @cyd" in page.content.decode()
        cyd.refresh_from_db()
        assert not cyd.authenticated

    def test_an_old_link_says_what_to_do(self, phone, cyd):
        old = links.join_token(cyd.creator, cyd, at=clock.now() - timedelta(days=15))
        page = phone().get(f"/join/i/{old}/")
        assert page.status_code == 410
        assert "ask for a new one" in page.content.decode()

    @pytest.mark.parametrize("spoil", [str.upper, lambda token: token[:-2], lambda token: "x"])
    def test_a_changed_link_is_over(self, phone, cyd, spoil):
        token = links.join_token(cyd.creator, cyd, at=clock.now())
        assert phone().get(f"/join/i/{spoil(token)}/").status_code == 410

    def test_a_portal_link_is_no_invitation_and_the_other_way_round(self, phone, cyd):
        invitation, portal = (
            links.join_token(cyd.creator, cyd, at=clock.now()),
            links.portal_token(cyd.creator, at=clock.now()),
        )
        assert phone().get(f"/join/i/{portal}/").status_code == 410
        assert phone().get(f"/me/{invitation}/").status_code == 410
