"""Asking people in, and what they may do with the link."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from greenroom.core import clock
from greenroom.core.access import ROLES
from greenroom.core.models import Event, Member, User
from greenroom.people import invitations
from greenroom.people.models import Invitation
from greenroom.people.refusals import InvitationOver, Known, Refusal, TooMuch, WrongPerson
from tests.people.conftest import path_in_mail, text

JOIN = {"name": "Nora New", "password": "a-long-enough-one"}


@pytest.fixture
def invite(acme, browser):
    """Olga invites somebody through the page."""

    def by_form(email="nora@new.example", role="analyst"):
        return browser(acme.olga).post("/w/acme/settings/members/invite/", {"email": email, "role": role})

    return by_form


class TestSending:
    def test_the_link_comes_by_mail_and_is_shown_once_for_sending_by_hand(self, acme, invite, browser):
        page = text(invite())
        [letter] = mail.outbox
        assert letter.to == ["nora@new.example"]
        assert path_in_mail() in page
        listed = text(browser(acme.olga).get("/w/acme/settings/members/"))
        assert "nora@new.example" in listed
        assert path_in_mail() not in listed

    def test_it_is_told_in_the_log_without_its_link(self, acme, invite):
        invite()
        event = Event.objects.get(name="member.invited")
        assert (event.by, event.data) == (acme.olga.by, {"email": "nora@new.example", "role": "analyst"})

    @pytest.mark.parametrize("email", ["mia@acme.example", "MIA@acme.example"])
    def test_who_is_in_needs_no_invitation(self, invite, email):
        assert "is a member already" in text(invite(email))
        assert mail.outbox == []

    def test_who_is_asked_is_not_asked_twice(self, invite):
        invite()
        assert "is invited already" in text(invite("Nora@new.example"))
        assert len(mail.outbox) == 1

    def test_nobody_grants_what_they_do_not_have(self, acme):
        with pytest.raises(TooMuch):
            invitations.invite(
                acme.workspace, email="x@y.example", role="owner", by=acme.mia.by, may=ROLES["manager"], at=clock.now()
            )
        assert not Invitation.objects.exists()

    def test_a_manager_can_t_invite_at_all(self, acme, browser):
        form = {"email": "x@y.example", "role": "client"}
        assert browser(acme.mia).post("/w/acme/settings/members/invite/", form).status_code == 403

    def test_the_same_address_may_be_asked_by_two_workspaces(self, acme, at):
        for workspace, member in ((acme.workspace, acme.olga), (acme.rival, acme.eve)):
            invitations.invite(
                workspace, email="nora@new.example", role="client", by=member.by, may=member.permissions, at=at
            )
        assert Invitation.objects.count() == 2


class TestSomebodyNew:
    def test_sets_a_name_and_a_password_and_is_in(self, acme, invite, browser, sign_in):
        invite()
        nora = browser()
        page = text(nora.get(path_in_mail()))
        assert "Come in to Acme" in page
        assert nora.post(path_in_mail(), JOIN)["Location"] == "/w/acme/"
        assert nora.get("/w/acme/").status_code == 200
        assert Member.objects.get(user__email="nora@new.example").role == "analyst"
        assert sign_in(browser(), "nora@new.example", JOIN["password"]).status_code == 302

    def test_it_is_told_once_who_came_and_who_had_asked(self, acme, invite, browser):
        invite()
        browser().post(path_in_mail(), JOIN)
        joined = Event.objects.get(name="member.joined")
        assert joined.data == {
            "who": "Nora New", "email": "nora@new.example", "role": "analyst", "invited_by": acme.olga.by,
        }  # fmt: skip

    def test_a_weak_password_is_refused_and_the_link_still_works(self, invite, browser):
        invite()
        nora = browser()
        assert "too common" in text(nora.post(path_in_mail(), {**JOIN, "password": "password123"}))
        assert nora.post(path_in_mail(), JOIN).status_code == 302

    def test_looking_at_the_link_uses_nothing_up(self, invite, browser):
        invite()
        for _ in range(3):
            assert browser().get(path_in_mail()).status_code == 200
        assert Invitation.objects.get().state == "open"


class TestSomebodyKnown:
    def test_signs_in_first_and_then_accepts(self, acme, invite, browser, sign_in):
        invite("eve@rival.example", "client")
        eve, link = browser(), path_in_mail()
        assert eve.get(link)["Location"].startswith("/accounts/login/?next=%2Finvitation%2F")
        assert sign_in(eve, "eve@rival.example", then=link)["Location"] == link
        assert "Accept as Eve Stranger" in text(eve.get(link))
        assert not Member.objects.filter(user=acme.eve.user, workspace=acme.workspace).exists()
        assert eve.post(link)["Location"] == "/w/acme/"
        assert Member.objects.get(user=acme.eve.user, workspace=acme.workspace).role == "client"

    def test_the_wrong_person_is_told_whose_it_is_and_gets_nothing(self, acme, invite, browser):
        invite()
        eve = browser(acme.eve)
        page = eve.get(path_in_mail())
        assert page.status_code == 403
        assert "It was sent to nora@new.example" in text(page)
        assert eve.post(path_in_mail()).status_code == 403
        assert Invitation.objects.get().state == "open"

    def test_nobody_takes_over_an_account_by_an_invitation(self, acme, invite, browser):
        invite("eve@rival.example")
        answer = browser().post(path_in_mail(), JOIN)
        assert answer["Location"].startswith("/accounts/login/")
        assert User.objects.get(email="eve@rival.example").check_password("greenroom-pass")


class TestOver:
    def test_it_works_once(self, invite, browser):
        invite()
        browser().post(path_in_mail(), JOIN)
        again = browser().get(path_in_mail())
        assert again.status_code == 410
        assert "Ask who invited you again" in text(again)

    def test_after_seven_days_it_is_too_old(self, acme, invite):
        invite()
        token = path_in_mail().split("/")[2]
        invitations.read(token, at=clock.now() + timedelta(days=6))
        with pytest.raises(InvitationOver):
            invitations.read(token, at=clock.now() + timedelta(days=8))

    def test_sending_again_makes_the_link_before_worthless(self, acme, invite, browser):
        invite()
        first = path_in_mail()
        browser(acme.olga).post(f"/w/acme/settings/invitations/{Invitation.objects.get().pk}/send/")
        assert browser().get(first).status_code == 410
        assert browser().get(path_in_mail()).status_code == 200
        assert Event.objects.filter(name="invitation.sent_again").count() == 1

    def test_withdrawing_ends_it(self, acme, invite, browser):
        invite()
        browser(acme.olga).post(f"/w/acme/settings/invitations/{Invitation.objects.get().pk}/withdraw/")
        assert browser().get(path_in_mail()).status_code == 410
        event = Event.objects.get(name="invitation.withdrawn")
        assert (event.by, event.data["email"], event.data["was"]) == (acme.olga.by, "nora@new.example", "open")

    @pytest.mark.parametrize("spoil", [str.upper, lambda token: token[:-2], lambda token: "x"])
    def test_a_changed_link_is_over(self, invite, browser, spoil):
        invite()
        assert browser().get(f"/invitation/{spoil(path_in_mail().split('/')[2])}/").status_code == 410

    def test_a_stranger_can_t_withdraw_or_send(self, acme, invite, browser):
        invite()
        pk = Invitation.objects.get().pk
        for verb in ("send", "withdraw"):
            assert browser(acme.eve).post(f"/w/acme/settings/invitations/{pk}/{verb}/").status_code == 404
            assert browser(acme.eve).post(f"/w/rival/settings/invitations/{pk}/{verb}/").status_code == 404
            assert browser(acme.mia).post(f"/w/acme/settings/invitations/{pk}/{verb}/").status_code == 403

    def test_two_who_press_at_once_make_one_member(self, acme, at):
        made, _ = invitations.invite(
            acme.workspace, email="nora@new.example", role="client", by=acme.olga.by, may=ROLES["owner"], at=at
        )
        stale = Invitation.objects.get(pk=made.pk)
        invitations.join(made, name="Nora", password="a-long-enough-one", at=at)
        with pytest.raises(WrongPerson):
            invitations.join(stale, name="Nora", password="another-long-one", at=at)
        with pytest.raises(InvitationOver):
            invitations.accept(stale, user=User.objects.get(email="nora@new.example"), at=at)
        assert Member.objects.filter(user__email="nora@new.example").count() == 1

    def test_a_role_there_is_not_is_refused(self, acme, at):
        with pytest.raises(ValueError, match="no role"):
            invitations.invite(
                acme.workspace, email="x@y.example", role="king", by=acme.olga.by, may=ROLES["owner"], at=at
            )
        with pytest.raises(Known):
            invitations.invite(
                acme.workspace, email="fin@acme.example", role="client", by=acme.olga.by, may=ROLES["owner"], at=at
            )


@pytest.mark.django_db(transaction=True)
def test_a_button_that_is_pressed_twice_at_once_makes_one_person(acme, at):
    told = {"email": "nora@new.example", "role": "client", "by": acme.olga.by, "may": ROLES["owner"], "at": at}
    made, _ = invitations.invite(acme.workspace, **told)
    both = threading.Barrier(2)

    def press(n):
        try:
            both.wait()
            invitations.join(made, name=f"Nora {n}", password="a-long-enough-one", at=at)
        except Refusal as refused:
            return type(refused)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(press, range(2)))
    assert sorted(map(str, outcomes)) == sorted([str(None), str(WrongPerson)])
    assert Member.objects.filter(user__email="nora@new.example").count() == 1
