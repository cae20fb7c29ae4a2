"""Staff sort their creators: tick, label, find, save a view, merge, note, delete. And every page of it reads well."""

import pytest
from playwright.sync_api import expect

from greenroom.core import clock
from greenroom.creators import details, fields, labels, lists, merging, notes
from greenroom.creators.models import Account, Creator, Label, View

LOOKS = [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)]


@pytest.fixture
def crowd(acme):
    """Six creators, one of them twice; labels, a list, fields, notes."""
    told = {"by": acme.olga.by, "at": clock.now()}
    made = {}
    for n, name in enumerate(("Ana Oat", "Ben Loft", "Cyd Brine", "Dov Kiln", "Eva Moth", "Ana O.")):
        one = Creator.objects.create(workspace=acme.workspace, name=name, country="DE", created_at=told["at"])
        Account.objects.create(
            workspace=acme.workspace, creator=one, handle=name.lower().replace(" ", "."), origin="crm",
            in_marketplace=n != 3, created_at=told["at"],
        )  # fmt: skip
        made[name] = one
    vegan = labels.make(acme.workspace, name="vegan", hue=5, **told)
    labels.put(vegan, [made["Eva Moth"], made["Ana Oat"]], **told)
    lists.add(lists.make(acme.workspace, name="Shortlist spring", **told), [made["Eva Moth"], made["Ana Oat"]], **told)
    rate = fields.make(acme.workspace, name="Agreed rate", kind="number", **told)
    fields.make(acme.workspace, name="Tier", kind="choice", choices=("Gold", "Silver"), **told)
    fields.make(acme.workspace, name="Site", kind="url", **told)
    about = {"about": "Breakfast and small kitchens", "email": "ana@creators.example"}
    details.change(made["Ana Oat"], about, values={rate: fields.parse(rate, "400")}, **told)
    notes.add(made["Ana Oat"], text="Answers within an hour.\n\nPrefers mornings.", author=acme.olga, at=told["at"])
    return made


def screens(crowd) -> dict[str, str]:
    root, ana, twin = "/w/acme", crowd["Ana Oat"].pk, crowd["Ana O."].pk
    merged = crowd["Eva Moth"]
    merging.merge(merged, crowd["Dov Kiln"], by="member:1", at=clock.now())
    spring = merged.lists.get().pk
    return {
        "crm-list": f"{root}/creators/?label={Label.objects.get().pk}",
        "crm-profile": f"{root}/creators/{ana}/",
        "crm-merged": f"{root}/creators/{merged.pk}/",
        "crm-edit": f"{root}/creators/{ana}/edit/",
        "crm-posts": f"{root}/creators/{ana}/posts/",
        "crm-notes": f"{root}/creators/{ana}/notes/",
        "crm-activity": f"{root}/creators/{ana}/activity/",
        "crm-merge-find": f"{root}/creators/{ana}/merge/",
        "crm-merge": f"{root}/creators/{ana}/merge/?with={twin}",
        "crm-delete": f"{root}/creators/{ana}/delete/",
        "crm-settings": f"{root}/settings/fields/",
        "crm-label": f"{root}/settings/fields/labels/add/",
        "crm-list-order": f"{root}/settings/fields/lists/{spring}/",
        "crm-remove": f"{root}/settings/fields/lists/{spring}/remove/",
        "crm-view": f"{root}/views/creators/add/?support=cannot",
    }


@pytest.mark.slow
def test_every_page_of_it_reads_well(crowd, open_browser):
    visit = open_browser()
    visit.sign_in()
    for name, url in screens(crowd).items():
        for theme, width in LOOKS:
            visit.dress(theme, width)
            visit.open(url)
            visit.look(f"{name}-{theme}-{width}")
            visit.no_barriers()
        visit.page.set_viewport_size({"width": 360, "height": 800})
        visit.no_sideways_scroll()
    visit.no_faults()


def test_three_are_ticked_labelled_found_and_kept_as_a_view(crowd, visit):
    page = visit.page
    visit.sign_in()
    visit.open("/w/acme/creators/?sort=handle")
    bar = page.locator(".bulkbar")
    expect(bar).to_be_hidden()
    for handle in ("ben.loft", "cyd.brine", "eva.moth"):
        page.get_by_label(f"Select @{handle}").check()
    expect(bar).to_be_visible()
    visit.look("crm-ticked-light-1440")
    visit.no_barriers()
    visit.dress("dark", 390)
    visit.look("crm-ticked-dark-390")
    visit.no_barriers()
    visit.no_sideways_scroll()
    visit.dress("light", 1440)
    bar.get_by_role("button", name="Label", exact=True).click()
    visit.look("crm-label-menu-light-1440")
    visit.no_barriers()
    page.get_by_label("New label").fill("food")
    page.get_by_label("New label").press("Enter")
    page.get_by_text("3 creators labelled: food.").wait_for()
    page.get_by_role("button", name="Filter").click()
    page.locator("#more-filters summary").get_by_text("Label", exact=True).click()
    visit.look("crm-filter-menu-light-1440")
    page.get_by_role("link", name="Label: food").click()
    page.wait_for_url("**label=**")
    visit.settle()
    expect(page.locator("table.creators tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Save view").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill("Food people")
    visit.no_barriers()
    dialog.get_by_role("button", name="Save view").click()
    page.wait_for_url("**view=**")
    tab = page.get_by_role("link", name="Food people")
    expect(tab).to_have_attribute("aria-current", "page")
    assert View.objects.get().query == f"label={Label.objects.get(name='food').pk}&sort=handle"
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[name=row]:checked")).to_have_count(3)
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("[name=row]:checked")).to_have_count(0)
    visit.no_faults()


def test_two_records_become_one_and_a_creator_goes(crowd, visit):
    page = visit.page
    visit.sign_in()
    visit.open(f"/w/acme/creators/{crowd['Ana Oat'].pk}/")
    page.get_by_role("button", name="More").click()
    visit.no_barriers()
    page.get_by_role("link", name="Merge with another record").click()
    page.get_by_role("link", name="Compare with Ana O.").click()
    page.get_by_role("button", name="Merge into Ana Oat").click()
    page.get_by_text("Ana O. was merged into this record").wait_for()
    expect(page.get_by_text("@ana.o.", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Notes").click()
    page.get_by_label("Note", exact=True).fill("Two handles, one person.")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("Two handles, one person.").first.wait_for()
    page.get_by_role("link", name="Activity").click()
    page.get_by_text("merged another record into this one").wait_for()
    visit.open(f"/w/acme/creators/{crowd['Ben Loft'].pk}/delete/")
    page.get_by_label("Type Ben Loft to confirm").fill("Ben Loft")
    page.get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/creators/")
    visit.settle()
    expect(page.get_by_text("@ben.loft")).to_have_count(0)
    visit.no_faults()


@pytest.mark.slow
def test_it_works_without_script(crowd, open_browser):
    visit = open_browser(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = visit.page
    visit.sign_in()
    page.goto("/w/acme/creators/?sort=handle")
    page.get_by_label("Select @ben.loft").check()
    page.get_by_role("button", name="Label", exact=True).click()
    page.get_by_role("button", name="vegan", exact=True).click()
    page.get_by_text("1 creator labelled: vegan.").wait_for()
    assert Label.objects.get().creators.count() == 3
