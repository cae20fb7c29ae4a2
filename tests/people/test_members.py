"""Changing roles and taking people out; nobody raises themself, and an owner always stays."""

import pytest

from greenroom.core import clock
from greenroom.core.access import ROLES
from greenroom.core.models import Event, Member, User
from greenroom.people import members
from greenroom.people.refusals import LastOwner, TooMuch
from tests.people.conftest import text


@pytest.fixture
def pia(acme):
    """A second owner."""
    user = User.objects.create_user("pia@acme.example", "greenroom-pass", name="Pia")
    return Member.objects.create(workspace=acme.workspace, user=user, role="owner")


class TestRole:
    def test_an_owner_changes_one_and_the_log_says_from_what_to_what(self, acme, browser):
        browser(acme.olga).post(f"/w/acme/settings/members/{acme.vic.pk}/role/", {"role": "analyst"})
        acme.vic.refresh_from_db()
        assert acme.vic.role == "analyst"
        event = Event.objects.get(name="member.role_changed")
        assert (event.by, event.subject) == (acme.olga.by, acme.vic.by)
        assert (event.data["before"], event.data["after"]) == ({"role": "client"}, {"role": "analyst"})

    def test_the_new_role_holds_from_the_next_request(self, acme, browser):
        vic = browser(acme.vic)
        assert vic.get("/w/acme/jobs/").status_code == 403
        members.change_role(acme.vic, role="analyst", by=acme.olga.by, may=ROLES["owner"], at=clock.now())
        assert vic.get("/w/acme/jobs/").status_code == 200

    def test_the_same_role_again_is_no_event(self, acme, at):
        members.change_role(acme.vic, role="client", by=acme.olga.by, may=ROLES["owner"], at=at)
        assert not Event.objects.filter(name="member.role_changed").exists()

    @pytest.mark.parametrize("who", ["mia", "fin", "ana_lyst", "vic"])
    def test_nobody_raises_themself(self, acme, browser, at, who):
        member = getattr(acme, who)
        path = f"/w/acme/settings/members/{member.pk}/role/"
        assert browser(member).post(path, {"role": "owner"}).status_code == 403
        with pytest.raises(TooMuch):
            members.change_role(member, role="owner", by=member.by, may=member.permissions, at=at)
        member.refresh_from_db()
        assert member.role != "owner"

    def test_nobody_lowers_who_may_do_more_than_they(self, acme, pia, at):
        with pytest.raises(TooMuch):
            members.change_role(pia, role="client", by=acme.mia.by, may=ROLES["manager"], at=at)

    def test_the_last_owner_stays_owner(self, acme, browser):
        page = browser(acme.olga).post(
            f"/w/acme/settings/members/{acme.olga.pk}/role/", {"role": "manager"}, follow=True
        )
        assert "This is the last owner" in text(page)
        acme.olga.refresh_from_db()
        assert acme.olga.role == "owner"

    def test_one_of_two_owners_may_step_down(self, acme, pia, at):
        members.change_role(acme.olga, role="manager", by=acme.olga.by, may=ROLES["owner"], at=at)
        with pytest.raises(LastOwner):
            members.change_role(pia, role="manager", by=pia.by, may=ROLES["owner"], at=at)

    def test_an_owner_who_can_t_sign_in_any_more_does_not_count(self, acme, pia, at):
        User.objects.filter(pk=pia.user_id).update(is_active=False)
        with pytest.raises(LastOwner):
            members.change_role(acme.olga, role="manager", by=acme.olga.by, may=ROLES["owner"], at=at)

    def test_a_role_there_is_not_is_refused(self, acme, browser, at):
        browser(acme.olga).post(f"/w/acme/settings/members/{acme.vic.pk}/role/", {"role": "king"})
        acme.vic.refresh_from_db()
        assert acme.vic.role == "client"
        with pytest.raises(ValueError, match="no role"):
            members.change_role(acme.vic, role="king", by=acme.olga.by, may=ROLES["owner"], at=at)

    def test_members_of_another_workspace_can_t_be_reached(self, acme, browser):
        for verb in ("role", "remove", "sign-out"):
            path = f"/w/acme/settings/members/{acme.eve.pk}/{verb}/"
            assert browser(acme.olga).post(path, {"role": "client"}).status_code == 404


class TestRemove:
    def test_access_ends_at_once_and_the_past_stays_told_under_their_name(self, acme, browser):
        mia = browser(acme.mia)
        assert mia.get("/w/acme/").status_code == 200
        olga = browser(acme.olga)
        assert "Remove Mia?" in text(olga.get(f"/w/acme/settings/members/{acme.mia.pk}/remove/"))
        olga.post(f"/w/acme/settings/members/{acme.mia.pk}/remove/")
        assert mia.get("/w/acme/").status_code == 404
        event = Event.objects.get(name="member.removed")
        assert (event.by, event.data["before"], event.data["after"]) == (acme.olga.by, {"role": "manager"}, None)
        assert "Mia, no member any more" in text(olga.get("/w/acme/settings/audit/?event=member.removed"))

    def test_the_last_owner_can_t_leave(self, acme, browser):
        page = browser(acme.olga).post(f"/accounts/you/leave/{acme.olga.pk}/", follow=True)
        assert "Make somebody else an owner first" in text(page)
        assert Member.objects.filter(pk=acme.olga.pk).exists()

    def test_anybody_else_may_leave_by_themself(self, acme, browser):
        vic = browser(acme.vic)
        assert "Leave Acme?" in text(vic.get(f"/accounts/you/leave/{acme.vic.pk}/"))
        vic.post(f"/accounts/you/leave/{acme.vic.pk}/")
        assert vic.get("/w/acme/").status_code == 404
        assert Event.objects.get(name="member.removed").by == acme.vic.by

    def test_nobody_leaves_for_somebody_else(self, acme, browser):
        assert browser(acme.vic).post(f"/accounts/you/leave/{acme.mia.pk}/").status_code == 404

    def test_nobody_removes_who_may_do_more_than_they(self, acme, at):
        with pytest.raises(TooMuch):
            members.remove(acme.olga, by=acme.mia.by, may=ROLES["manager"], at=at)

    def test_an_owner_who_takes_themself_out_lands_outside(self, acme, pia, browser):
        assert browser(pia).post(f"/w/acme/settings/members/{pia.pk}/remove/")["Location"] == "/"


class TestList:
    def test_everybody_is_in_it_with_role_and_last_sign_in(self, acme, browser, sign_in):
        sign_in(browser(), "mia@acme.example")
        page = text(browser(acme.ana_lyst).get("/w/acme/settings/members/"))
        assert page.index("Olga Owner") < page.index("Mia") < page.index("Vic")
        assert "Never" in page
        assert 'name="role"' not in page  # an analyst looks

    def test_a_client_does_not_see_who_is_in(self, acme, browser):
        assert browser(acme.vic).get("/w/acme/settings/members/").status_code == 403
