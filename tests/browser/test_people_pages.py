"""Settings, members, roles, security and the audit log: every look without barriers, and what script adds to them."""

from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import expect

from greenroom.core import clock, events
from greenroom.core.access import ROLES
from greenroom.core.models import User
from greenroom.creators import visits
from greenroom.creators.models import Creator
from greenroom.people import invitations, members, operators
from tests.people.conftest import path_in_mail

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1"


@pytest.fixture
def lively(acme, settings):
    """Acme with somebody asked, somebody gone, an operator inside and a creator at their page."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at = clock.now()
    asked = {"by": acme.olga.by, "may": ROLES["owner"], "at": at}
    invitations.invite(acme.workspace, email="nora.newcomer@partner.example", role="analyst", **asked)
    invitations.invite(
        acme.workspace, email="late@partner.example", role="client", **{**asked, "at": at - timedelta(days=9)}
    )
    members.change_role(acme.vic, role="analyst", **asked)
    members.remove(acme.fin, **asked)
    acme.root = User.objects.create_superuser("root@install.example", "greenroom-pass", name="Rita Root")
    operators.enter(
        acme.workspace, user=acme.root, reason="The nightly import fails", lasting=timedelta(hours=1), at=at
    )
    acme.ana = Creator.objects.create(
        workspace=acme.workspace, name="Ana Sol", email="ana@creators.example", created_at=at
    )
    for address in ("192.0.2.7", "192.0.2.8"):
        visits.open_page(acme.ana, how="link", user_agent=PHONE, address=address, at=at)
    change = {"was": "ana.sol", "handle": "ana.sol.writes.very.long.names"}
    events.note(
        acme.workspace,
        "account.renamed",
        by=f"creator:{acme.ana.pk}",
        subject=f"creator:{acme.ana.pk}",
        at=at,
        **change,
    )
    return acme


def screens(world) -> dict[str, str]:
    return {
        "settings": "/w/acme/settings/",
        "members": "/w/acme/settings/members/",
        "member-invite": "/w/acme/settings/members/invite/",
        "member-remove": f"/w/acme/settings/members/{world.mia.pk}/remove/",
        "roles": "/w/acme/settings/roles/",
        "security": "/w/acme/settings/security/",
        "audit": "/w/acme/settings/audit/",
        "audit-narrowed": "/w/acme/settings/audit/?event=member&q=role",
        "audit-none": "/w/acme/settings/audit/?q=nothing-says-this",
        "portal-access": f"/w/acme/creators/{world.ana.pk}/portal/",
        "you": "/accounts/you/",
        "you-leave": f"/accounts/you/leave/{world.olga.pk}/",
    }


def walk(visit, pages):
    for name, url in pages.items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(url)
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()


@pytest.mark.slow
def test_every_page_about_people_reads_well(lively, open_browser):
    visit = open_browser()
    visit.sign_in("olga@acme.example")
    walk(visit, screens(lively))


@pytest.mark.slow
def test_what_others_see_of_it_reads_well(lively, open_browser):
    client = open_browser()
    client.sign_in("mia@acme.example")
    walk(client, {"settings-of-a-manager": "/w/acme/settings/", "security-of-a-manager": "/w/acme/settings/security/"})
    root = open_browser()
    root.sign_in("root@install.example")
    walk(root, {"operators": "/operator/", "operator-enter": "/operator/rival/", "operator-inside": "/w/acme/"})
    nobody = open_browser()
    walk(nobody, {"invited": path_in_mail(0)})
    nobody.open("/invitation/nonsense/")
    nobody.look("invited-over")
    nobody.no_barriers()


def test_an_invitation_is_sent_from_the_dialog_and_accepted_in_another_browser(acme, open_browser, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    olga = open_browser()
    olga.sign_in("olga@acme.example")
    olga.open("/w/acme/settings/members/")
    olga.page.get_by_role("link", name="Invite", exact=True).click()
    dialog = olga.page.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("Email").fill("nora@new.example")
    dialog.get_by_label("Role").select_option("analyst")
    olga.no_barriers()
    dialog.get_by_role("button", name="Send invitation").click()
    olga.page.get_by_text("Sent to nora@new.example").wait_for()
    assert len(mail.outbox) == 1
    nora = open_browser()
    nora.open(path_in_mail())
    nora.page.get_by_label("Your name").fill("Nora New")
    nora.page.get_by_label("Password", exact=True).fill("a-long-enough-one")
    nora.page.get_by_role("button", name="Create account and come in").click()
    nora.page.wait_for_url("**/w/acme/")
    olga.open("/w/acme/settings/members/")
    olga.page.get_by_role("link", name="Remove Nora New").click()
    olga.page.get_by_role("heading", name="Remove Nora New?").wait_for()
    olga.no_barriers()
    olga.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    olga.page.get_by_text("Nora New is out").wait_for()
    nora.page.goto("/w/acme/")
    expect(nora.page.get_by_role("link", name="Creators")).to_have_count(0)
    olga.no_faults()


def test_the_audit_log_is_narrowed_by_the_keyboard_and_saved_as_a_file(lively, visit):
    visit.sign_in("olga@acme.example")
    visit.open("/w/acme/settings/audit/")
    visit.page.get_by_label("Search the audit log").fill("role changed")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**q=role+changed**")
    rows = visit.page.locator("table.audit tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("role: client")
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name="Export").click()
    text = saved.value.path().read_text("utf-8-sig")
    assert text.count("member.role_changed") == 1
    assert "workspace.created" not in text
    rows.first.get_by_role("link", name="Olga Owner").click()
    visit.page.wait_for_url("**actor=**")
    visit.no_faults()
