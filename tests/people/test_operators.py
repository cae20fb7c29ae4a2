"""Operators of the install: for a reason, for a while, and in the log of the workspace."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from greenroom import cli
from greenroom.core import clock, work
from greenroom.core.models import Event, Member, OperatorSession, User
from greenroom.creators import saved
from greenroom.people import operators
from tests.people.conftest import text
from tests.rules.test_access import GUARDED, address

FORM = {"reason": "They asked why the import fails", "hours": "1", "role": "analyst"}


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@install.example", "greenroom-pass", name="Rita Root")


@pytest.fixture
def rita(root, browser):
    client = browser()
    client.force_login(root)
    return client


def enter(acme, root, **told):
    given = {"user": root, "reason": "help them", "lasting": timedelta(hours=1), "at": clock.now()} | told
    return operators.enter(acme.workspace, **given)


class TestWayIn:
    def test_being_an_operator_opens_nothing_by_itself(self, acme, rita):
        for path in ("/w/acme/", "/w/acme/creators/", "/w/acme/settings/audit/"):
            assert rita.get(path).status_code == 404

    def test_nobody_else_learns_that_the_page_exists(self, acme, browser):
        assert browser(acme.olga).get("/operator/").status_code == 404
        assert browser(acme.olga).post("/operator/acme/", FORM).status_code == 404
        assert browser().get("/operator/").status_code == 302
        assert not OperatorSession.objects.exists()

    def test_with_a_reason_it_opens_and_each_page_says_so(self, acme, rita):
        assert "Open as operator" in text(rita.get("/operator/"))
        assert rita.post("/operator/acme/", FORM)["Location"] == "/w/acme/"
        for path in ("", "creators/", "connections/", "jobs/", "settings/"):
            page = text(rita.get(f"/w/acme/{path}"))
            assert "You are here as an operator" in page, path
        assert rita.get("/w/rival/").status_code == 404

    @pytest.mark.parametrize("wrong", [{"reason": ""}, {"hours": "9"}, {"role": "owner"}])
    def test_without_a_reason_too_long_or_as_owner_it_stays_shut(self, acme, rita, wrong):
        assert rita.post("/operator/acme/", {**FORM, **wrong}).status_code == 200
        assert rita.get("/w/acme/").status_code == 404

    @pytest.mark.parametrize(
        "wrong", [{"reason": " "}, {"lasting": timedelta(hours=5)}, {"role": "owner"}, {"lasting": timedelta()}]
    )
    def test_the_function_holds_to_it_too(self, acme, root, wrong):
        with pytest.raises(ValueError, match="operator"):
            enter(acme, root, **wrong)

    def test_who_is_no_operator_can_t_be_made_one_this_way(self, acme):
        with pytest.raises(ValueError, match="operator"):
            enter(acme, acme.eve.user)

    def test_a_member_goes_in_as_a_member(self, acme, root):
        Member.objects.create(workspace=acme.workspace, user=root, role="client")
        with pytest.raises(operators.AlreadyIn):
            enter(acme, root)


class TestInside:
    def test_looking_is_the_rule(self, acme, root, rita):
        enter(acme, root)
        assert rita.get("/w/acme/settings/members/").status_code == 200
        assert rita.get("/w/acme/settings/audit/").status_code == 403
        assert rita.post("/w/acme/settings/members/invite/", {}).status_code == 403
        assert rita.post("/w/acme/settings/", {"name": "Mine"}).status_code == 403

    def test_what_they_change_is_told_as_theirs(self, acme, root, rita):
        enter(acme, root, role="manager")
        rita.post("/w/acme/connections/policy/", {"version": "2026-01-15"})  # owners only
        assert not Event.objects.filter(name="workspace.policy_accepted").exists()
        rita.post("/w/acme/settings/audit/export/", {"format": "csv"})
        assert Event.objects.get(name="audit.exported").by == f"operator:{root.pk}"

    def test_they_keep_no_views(self, acme, root, rita):
        shared = saved.save(acme.mia, page="creators", name="Ours", query="", shared=True, at=clock.now())
        enter(acme, root)
        for path, told in ((f"{shared.pk}/", {"name": "Ours", "default": "on"}), ("creators/add/", {"name": "Mine"})):
            refused = rita.post(f"/w/acme/views/{path}?support=can", told)
            assert refused.status_code == 422
            assert "Views belong to members." in text(refused)

    def test_they_are_no_member_and_own_no_row(self, acme, root):
        session = enter(acme, root)
        assert not Member.objects.filter(pk=session.member.pk).exists()
        assert session.member.by == f"operator:{root.pk}"
        assert not Member.objects.filter(user=root).exists()

    @pytest.mark.parametrize("role", sorted(operators.ROLES))
    def test_no_page_breaks_for_who_is_no_member(self, acme, root, rita, role):
        enter(acme, root, role=role)
        for route in GUARDED:
            assert rita.get(address(route)).status_code < 500, route


class TestAppointing:
    def test_the_command_makes_one_and_unmakes_one(self, acme, browser):
        run = CliRunner()
        assert run.invoke(cli.app, ["operator", "eve@rival.example"]).exit_code == 0
        eve = browser(acme.eve)
        assert eve.get("/operator/").status_code == 200
        enter(acme, User.objects.get(pk=acme.eve.user_id))
        assert eve.get("/w/acme/").status_code == 200
        assert run.invoke(cli.app, ["operator", "eve@rival.example", "--off"]).exit_code == 0
        assert eve.get("/w/acme/").status_code == 404
        assert Event.objects.get(name="operator.left").data["how"] == "no operator any more"

    def test_somebody_new_needs_a_password(self, db, monkeypatch):
        monkeypatch.delenv("GREENROOM_PASSWORD", raising=False)
        told = CliRunner().invoke(cli.app, ["operator", "new@install.example"])
        assert told.exit_code == 2
        assert not User.objects.exists()
        monkeypatch.setenv("GREENROOM_PASSWORD", "a-long-enough-one")
        assert CliRunner().invoke(cli.app, ["operator", "new@install.example"]).exit_code == 0
        assert User.objects.get().check_password("a-long-enough-one")


class TestEnd:
    def test_it_shuts_by_itself_and_the_log_says_when(self, acme, root, rita):
        session = enter(acme, root)
        OperatorSession.objects.update(until=clock.now() - timedelta(seconds=1), due_at=clock.now())
        assert rita.get("/w/acme/").status_code == 404  # at once, also where no worker runs
        assert work.run_due(OperatorSession, at=clock.now()) == 1
        left = Event.objects.get(name="operator.left")
        assert (left.by, left.data["how"]) == ("system", "time is over")
        session.refresh_from_db()
        assert session.due_at is None

    def test_leaving_shuts_it_and_is_told_once(self, acme, root, rita):
        session = enter(acme, root)
        for _ in range(2):
            rita.post(f"/operator/visits/{session.pk}/leave/")
        assert rita.get("/w/acme/").status_code == 404
        assert Event.objects.filter(name="operator.left").count() == 1
        assert work.run_due(OperatorSession, at=clock.now() + timedelta(hours=2)) == 0

    def test_beginning_another_ends_the_first(self, acme, root):
        enter(acme, root)
        enter(acme, root, role="manager")
        assert OperatorSession.objects.filter(ended_at__isnull=True).count() == 1

    def test_who_is_an_operator_no_longer_is_out(self, acme, root, rita):
        enter(acme, root)
        User.objects.filter(pk=root.pk).update(is_superuser=False)
        assert rita.get("/w/acme/").status_code == 404


class TestTheOwner:
    def test_sees_who_came_why_and_until_when_and_ends_it(self, acme, root, rita, browser):
        session = enter(acme, root, reason="The nightly import fails")
        page = text(browser(acme.olga).get("/w/acme/settings/security/"))
        assert "Rita Root" in page
        assert "The nightly import fails" in page
        log = text(browser(acme.olga).get("/w/acme/settings/audit/?actor=operator"))
        assert "Rita Root, operator" in log
        browser(acme.olga).post(f"/w/acme/settings/security/visits/{session.pk}/end/")
        assert rita.get("/w/acme/").status_code == 404
        assert Event.objects.get(name="operator.left").by == acme.olga.by

    def test_may_shut_the_workspace_to_operators(self, acme, root, rita, browser):
        enter(acme, root)
        browser(acme.olga).post("/w/acme/settings/security/", {})
        assert rita.get("/w/acme/").status_code == 404
        assert "Closed to operators" in text(rita.get("/operator/"))
        answer = rita.post("/operator/acme/", FORM)
        assert answer.status_code == 403
        assert "has closed it to operators" in text(answer)
        changed = Event.objects.get(name="workspace.changed")
        assert changed.data == {"before": {"operators_allowed": True}, "after": {"operators_allowed": False}}
