"""The invitation panel: seven rules with their values, attesting, sending, refusal, answers, Home."""

import re

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import details, rulesets
from greenroom.creators.models import Attestation, MarketplaceInvite
from greenroom.sandbox import invitations as app
from tests.living import words


def at_panel(living, handle="ben") -> str:
    return f"/w/acme/creators/accounts/{living.account(handle).pk}/invite/"


def rules(response) -> dict[str, tuple[str, str]]:
    """{rule: (result, value)} of the table."""
    html = response.content.decode()
    table = html[html.index('aria-label="The seven rules"') : html.index("</table>")]
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', table, re.S)
    told = {rule: (found, value.split("<p ")[0]) for rule, found, value in rows}
    return {rule: tuple(re.sub("<.*?>", "", text) for text in cells) for rule, cells in told.items()}


def country(living, handle, code):
    details.change(living.account(handle).creator, {"country": code}, values={}, by=living.by, at=clock.now())


def test_the_panel_shows_seven_rules_with_the_value_used(living, olga):
    country(living, "ben", "US")
    told = rules(olga.get(at_panel(living)))
    assert list(told) == ["Followers", "Country", "Age", "Account type", "Videos published", "Views", "Content"]
    assert told["Country"] == ("pass", "US")
    assert told["Account type"] == ("pass", "Personal")
    assert told["Age"] == told["Content"] == ("unknown", "Not known")
    assert told["Followers"][0] == "pass"
    assert int(told["Followers"][1].replace(",", "")) > 10_000


def test_an_account_nothing_is_read_of_is_unknown_and_never_zero(living, olga):
    told = rules(olga.get(at_panel(living, "dov")))
    assert {result for result, _ in told.values()} == {"unknown"}
    assert {value for _, value in told.values()} == {"Not known"}


def test_attesting_makes_the_age_pass_or_fail(living, olga):
    page = at_panel(living)
    for said, result, value in (("no", "fail", "Under age"), ("yes", "pass", "Of age")):
        olga.post(page + "attest/", {"about": "age", "holds": said, "method": "creator"})
        assert rules(olga.get(page))["Age"] == (result, value)
    olga.post(page + "attest/", {"about": "content", "holds": "yes", "method": "review"})
    assert rules(olga.get(page))["Content"] == ("pass", "Suitable")
    assert Attestation.objects.count() == 3
    assert olga.post(page + "attest/", {"about": "age", "method": "creator"}).status_code == 422


def test_send_invite_reaches_the_inbox_and_a_second_click_is_the_same(living, olga, world):
    page = at_panel(living)
    for _ in range(2):
        assert "The invite Sent" in words(olga.post(page + "send/", follow=True))
    assert MarketplaceInvite.objects.get().by == living.by
    assert len(app.inbox(world, "ben")) == 1


def test_join_turns_the_label_and_home_says_so(living, olga, world):
    page = at_panel(living)
    olga.post(page + "send/")
    invite = MarketplaceInvite.objects.get()
    app.accept(world, handle="ben")
    living.read(clock.now())
    assert living.account("ben").label == "Marketplace"
    invite.refresh_from_db()
    assert invite.state == "accepted"
    assert "@ben joined the marketplace" in words(olga.get("/w/acme/"))
    told = words(olga.get(page))
    assert "@ben joined" in told
    assert "What only people can say" not in told
    assert "Last marketplace invite: accepted" in words(olga.get(f"/w/acme/creators/{invite.account.creator_id}/"))


def test_what_fails_is_not_sent_unless_somebody_overrides_it(living, olga, world):
    page = at_panel(living)
    olga.post(page + "attest/", {"about": "age", "holds": "no", "method": "creator"})
    refused = olga.post(page + "send/")
    assert refused.status_code == 422
    assert "This rule fails: Age" in words(refused)
    assert app.inbox(world, "ben") == []
    assert "The invite Sent" in words(olga.post(page + "send/", {"override": "on"}, follow=True))
    event = Event.objects.filter(name="marketplaceinvite.drafted").latest("pk")
    assert (event.by, event.data["overridden"], event.data["failing"]) == (living.by, True, ["age"])


def test_tiktoks_refusal_names_the_rules_on_the_page_and_at_home(living, olga, world):
    world.change("ben", adult=False)
    refused = olga.post(at_panel(living) + "send/")
    assert refused.status_code == 422
    assert "TikTok refused the invite This rule fails: Age. TikTok said: The creator is under 18." in words(refused)
    assert MarketplaceInvite.objects.get().state == "rejected_ineligible"
    assert "could not be invited" in words(olga.get("/w/acme/"))


def test_what_was_heard_is_noted_and_giving_up_ends_it(living, olga):
    olga.post(at_panel(living) + "send/")
    move = f"/w/acme/creators/invites/{MarketplaceInvite.objects.get().pk}/moves/"
    for to, state in (("accepted", "sent"), ("viewed", "viewed"), ("cancelled", "cancelled"), ("viewed", "cancelled")):
        olga.post(move, {"to": to})
        assert MarketplaceInvite.objects.get().state == state
    assert "Cancelled" in words(olga.get(at_panel(living)))


def test_tiktok_can_be_asked_at_once(living, olga, world):
    olga.post(at_panel(living) + "send/")
    look = f"/w/acme/creators/invites/{MarketplaceInvite.objects.get().pk}/look/"
    assert "The invite is delivered." in words(olga.post(look, follow=True))
    app.accept(world, handle="ben")
    olga.post(look)
    assert living.account("ben").label == "Marketplace"


def test_a_country_without_a_minimum_is_unknown_until_an_owner_sets_one(living, olga, client, acme):
    country(living, "ben", "CA")
    page = at_panel(living)
    assert rules(olga.get(page))["Followers"][0] == "unknown"
    olga.post(page + "minimum/", {"country": "CA", "followers": "999999999"})
    told = olga.get(page)
    assert rules(told)["Followers"][0] == "fail"
    assert "rules v1.1" in words(told)
    client.force_login(acme.mia.user)
    assert client.post(page + "minimum/", {"country": "CA", "followers": "1"}).status_code == 403
    assert rulesets.in_force(living.workspace, at=clock.now()).minimum_followers["CA"] == 999_999_999


def test_an_old_decision_shows_what_was_known_then(living, olga):
    page = at_panel(living)
    olga.post(page + "attest/", {"about": "age", "holds": "no", "method": "creator"})
    olga.post(page + "send/")
    rules_v2 = rulesets.in_force(living.workspace, at=clock.now()).as_document() | {
        "version": "v2", "programme": "TikTok One", "effective_from": clock.now().date().isoformat(), "minimum_age": 16,
    }  # fmt: skip
    rulesets.load(living.workspace, rules_v2, by=living.by, at=clock.now())
    told = words(olga.get(page))
    assert "TikTok One, rules v2" in told
    assert "TikTok Creator Marketplace, rules v1" in told
    assert "Age: fail, Under age. 18 or over." in told


def test_without_the_marketplace_it_says_what_is_missing(acme, people, olga):
    dov = creators.record_legacy(acme.workspace, handle="dov", by="member:1", at=clock.now())
    page = f"/w/acme/creators/accounts/{dov.pk}/invite/"
    assert "Connect the TikTok Creator Marketplace" in words(olga.get(page))
    assert olga.post(page + "send/").status_code == 409
    assert MarketplaceInvite.objects.count() == 0


def test_strangers_and_readers_get_nothing(living, client, acme):
    page = at_panel(living)
    for person, status in ((acme.eve.user, 404), (acme.vic.user, 403), (acme.ana_lyst.user, 403)):
        client.force_login(person)
        assert client.get(page).status_code == status
        assert client.post(page + "send/").status_code == status
    assert MarketplaceInvite.objects.count() == 0
