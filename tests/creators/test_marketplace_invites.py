"""Invites to the marketplace against the sandbox: refused, sent, found again, answered; never two, never illegal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove
from greenroom.creators import actions as creators
from greenroom.creators import attestations, deletion, eligibility, marketplace_invites
from greenroom.creators.eligibility import Facts, Known
from greenroom.creators.models import Account, Attestation, MarketplaceInvite
from greenroom.sandbox import invitations as app

[V1] = eligibility.shipped()
GOOD = Facts(
    *(Known(value, "told") for value in (12_000, "US", True, False, 9, 9_000, True)),
)
YOUNG = Facts(*(Known(value, "told") for value in (12_000, "US", False, False, 9, 9_000, True)))


@pytest.fixture
def ben(workspace, people, marketplace, at):
    return creators.record_legacy(workspace, handle="ben", by="member:1", at=at)


def send(account, *, at, facts=GOOD, **more) -> MarketplaceInvite:
    verdicts = eligibility.judge(V1, facts)
    return creators.send_invite(account, rules=V1, verdicts=verdicts, by="member:1", at=at, **more)


def names(invite) -> list[str]:
    found = Event.objects.filter(subject=f"marketplaceinvite:{invite.pk}").order_by("pk")
    return [event.name.partition(".")[2] for event in found]


def notices(world, handle="ben") -> list[str]:
    return [one.text for one in app.inbox(world, handle)]


class TestSending:
    def test_the_creator_finds_it_in_the_inbox(self, ben, world, at):
        invite = send(ben, at=at)
        assert invite.state == "sent"
        assert len(notices(world)) == 1
        assert "invited you to join TikTok Creator Marketplace" in notices(world)[0]
        assert names(invite) == ["drafted", "sent"]

    def test_a_second_click_gives_the_same(self, ben, world, at):
        first, second = send(ben, at=at), send(ben, at=at)
        assert first.pk == second.pk
        assert len(notices(world)) == 1
        assert MarketplaceInvite.objects.count() == 1

    def test_the_database_refuses_two_open_ones(self, ben, at):
        send(ben, at=at)
        told = {"workspace": ben.workspace, "account": ben, "made_at": at, "expires_at": at}
        with pytest.raises(IntegrityError):
            MarketplaceInvite.objects.create(state="draft", **told)

    def test_what_is_known_to_fail_is_not_sent_and_names_the_rule(self, ben, world, at):
        with pytest.raises(creators.Ineligible) as refused:
            send(ben, at=at, facts=YOUNG)
        assert (refused.value.code, refused.value.rules) == ("ttcm_ineligible", ("age",))
        assert "age" in refused.value.words
        assert MarketplaceInvite.objects.get().state == "rejected_ineligible"
        assert notices(world) == []

    def test_overriding_sends_it_and_is_in_the_audit(self, ben, world, at):
        invite = send(ben, at=at, facts=YOUNG, override=True)
        assert (invite.state, invite.overridden) == ("sent", True)
        told = Event.objects.get(name="marketplaceinvite.drafted")
        assert (told.by, told.data["overridden"], told.data["failing"]) == ("member:1", True, ["age"])
        assert len(notices(world)) == 1

    def test_the_unknown_may_be_sent(self, ben, world, at):
        invite = send(ben, at=at, facts=Facts())
        assert invite.state == "sent"
        assert len(Event.objects.get(name="marketplaceinvite.drafted").data["unknown"]) == 7

    @pytest.mark.parametrize(
        ("facts", "rules"),
        [({"followers": 9_999}, ("followers",)), ({"country": "NL", "adult": False}, ("country", "age")),
         ({"business": True, "suitable": False}, ("account_type", "content"))],
    )  # fmt: skip
    def test_tiktoks_refusal_names_the_failing_rules(self, ben, world, at, facts, rules):
        world.change("ben", **facts)
        with pytest.raises(creators.Ineligible) as refused:
            send(ben, at=at, facts=Facts())
        assert (refused.value.rules, refused.value.by_tiktok) == (rules, True)
        invite = MarketplaceInvite.objects.get()
        assert (invite.state, tuple(invite.failing)) == ("rejected_ineligible", rules)
        assert invite.refusal in refused.value.words
        assert send_again_is_possible(ben, world, at)

    def test_both_shapes_of_tiktoks_reasons_are_read(self, ben, world, at):
        world.change("ben", adult=False)
        world.faults.set(uneven_shapes=1.0)
        with pytest.raises(creators.Ineligible) as refused:
            send(ben, at=at, facts=Facts())
        assert refused.value.rules == ("age",)

    def test_a_member_cant_be_invited_and_nor_can_the_brands_own(self, workspace, people, marketplace, ben, at):
        creators.note_membership(ben, True, at=at)
        brand = people.connect_brand(workspace, at=at).account
        for account in (ben, brand):
            with pytest.raises(creators.NotInvitable):
                send(account, at=at)
        assert MarketplaceInvite.objects.count() == 0

    def test_who_was_in_already_is_found_so(self, workspace, people, marketplace, at):
        ana = creators.record_legacy(workspace, handle="ana", by="member:1", at=at)
        assert send(ana, at=at).state == "accepted"
        ana.refresh_from_db()
        assert ana.label == "Marketplace"

    def test_without_a_connection_it_says_what_to_do(self, workspace, people, at):
        account = creators.record_legacy(workspace, handle="ben", by="member:1", at=at)
        with pytest.raises(creators.NotInvitable, match="Connect") as refused:
            send(account, at=at)
        assert refused.value.code == "marketplace_not_connected"


def send_again_is_possible(account, world, at) -> bool:
    world.change(account.handle, followers=90_000, country="US", adult=True, business=False, suitable=True)
    return send(account, at=at, facts=Facts()).state == "sent"


class TestLostAnswers:
    def test_a_lost_answer_is_found_again(self, ben, world, at):
        """TikTok carried it out, and its answer never came: the draft asks again and nobody is invited twice."""
        world.faults.set(lost_answer=2)
        invite = send(ben, at=at)
        assert (invite.state, len(notices(world))) == ("draft", 1)
        assert invite.last_error
        world.faults.clear()
        work.run_due(MarketplaceInvite, at=at + timedelta(minutes=10))
        invite.refresh_from_db()
        assert (invite.state, len(notices(world))) == ("sent", 1)

    def test_the_status_alone_finds_it_too(self, ben, world, at):
        world.faults.set(lost_answer=2)
        invite = send(ben, at=at)
        world.faults.clear()
        creators.look(invite, at=at)
        assert names(invite) == ["drafted", "sent", "delivered"]

    def test_killed_before_tiktok_was_asked_it_is_sent_when_due(self, ben, world, at, monkeypatch):
        class Killed(BaseException):
            pass

        def die(*_, **__):
            raise Killed

        with monkeypatch.context() as dying:
            dying.setattr(marketplace_invites, "_try_to_deliver", die)
            with pytest.raises(Killed):
                send(ben, at=at)
        assert notices(world) == []
        work.run_due(MarketplaceInvite, at=at + timedelta(minutes=3))
        assert MarketplaceInvite.objects.get().state == "sent"
        assert len(notices(world)) == 1


class TestAnswers:
    def after(self, people, at, **span):
        moment = people.later(at, **span)
        work.run_due(MarketplaceInvite, at=moment)
        return moment

    def test_join_makes_the_label_marketplace_by_itself(self, ben, people, world, at):
        invite = send(ben, at=at)
        self.after(people, at, minutes=5)
        app.view(world, handle="ben")
        app.accept(world, handle="ben")
        self.after(people, at, hours=3)
        invite.refresh_from_db()
        ben.refresh_from_db()
        assert (invite.state, ben.label) == ("accepted", "Marketplace")
        assert names(invite) == ["drafted", "sent", "delivered", "accepted"]
        assert Event.objects.get(name="account.joined_marketplace").by == "system"
        assert invite.due_at is None

    def test_any_reading_that_says_so_accepts_it(self, ben, at):
        invite = send(ben, at=at)
        creators.note_membership(ben, True, at=at)
        invite.refresh_from_db()
        assert invite.state == "accepted"
        assert invite.ended_at == at

    def test_declined_in_the_app_shows_as_an_invitation_that_is_gone(self, ben, people, world, at):
        invite = send(ben, at=at)
        self.after(people, at, minutes=5)
        app.decline(world, handle="ben")
        self.after(people, at, hours=3)
        invite.refresh_from_db()
        assert invite.state == "declined"
        event = Event.objects.get(name="marketplaceinvite.declined")
        assert (event.by, event.data["was"]) == ("system", "delivered")

    def test_nobody_answers_for_thirty_days(self, ben, people, world, at):
        invite = send(ben, at=at)
        self.after(people, at, minutes=5)
        self.after(people, at, days=29, hours=23)
        invite.refresh_from_db()
        assert invite.state == "delivered"
        self.after(people, at, days=30, hours=7)
        invite.refresh_from_db()
        assert invite.state == "expired"
        for days in (1, 2, 3):
            world.publish("ben", at=at + timedelta(days=30 - days), views=90_000)
        assert send(ben, at=people.later(at, days=31)).pk != invite.pk

    def test_it_ends_although_nobody_may_ask_tiktok_any_more(self, ben, people, marketplace, at):
        invite = send(ben, at=at)
        creators.withdraw(marketplace, by="member:1", at=at)
        self.after(people, at, hours=2)
        invite.refresh_from_db()
        assert (invite.state, "Connect" in invite.last_error) == ("sent", True)
        self.after(people, at, days=31)
        invite.refresh_from_db()
        assert invite.state == "expired"

    def test_what_was_heard_is_noted_by_hand_and_the_rest_is_tiktoks(self, ben, at):
        invite = send(ben, at=at)
        for to in ("accepted", "expired", "delivered", "rejected_ineligible"):
            with pytest.raises(IllegalMove):
                creators.move_invite(invite, to, by="member:1", at=at)
        creators.move_invite(invite, "viewed", by="member:1", at=at)
        creators.move_invite(invite, "cancelled", by="member:1", at=at)
        with pytest.raises(IllegalMove):
            creators.move_invite(invite, "viewed", by="member:1", at=at)

    def test_an_invite_that_was_given_up_stays_so_when_the_creator_joins(self, ben, people, world, at):
        invite = send(ben, at=at)
        creators.move_invite(invite, "cancelled", by="member:1", at=at)
        app.accept(world, handle="ben")
        creators.check_membership(ben, at=at)
        invite.refresh_from_db()
        assert (invite.state, Account.objects.get(pk=ben.pk).label) == ("cancelled", "Marketplace")


class TestAttestations:
    def test_only_yes_or_no_the_date_and_the_method_are_kept(self, ben, at):
        made = attestations.attest(ben, about="age", holds=True, method="creator", by="member:1", at=at)
        assert attestations.newest(ben) == {"age": made}
        columns = {field.name for field in Attestation._meta.get_fields()}
        assert columns == {"id", "workspace", "account", "about", "holds", "method", "by", "at"}
        assert not any("birth" in field.name for model in (Attestation, Account) for field in model._meta.get_fields())

    def test_the_newest_counts(self, ben, at):
        attestations.attest(ben, about="age", holds=False, method="creator", by="member:1", at=at)
        later = at + timedelta(days=1)
        attestations.attest(ben, about="age", holds=True, method="document", by="member:1", at=later)
        assert attestations.newest(ben)["age"].holds is True
        assert Attestation.objects.count() == 2

    def test_deleting_the_creator_ends_the_invite_and_forgets_what_was_vouched(self, ben, world, at):
        attestations.attest(ben, about="age", holds=True, method="creator", by="member:1", at=at)
        invite = send(ben, at=at)
        deletion.delete(ben.creator, by="member:1", at=at)
        invite.refresh_from_db()
        assert (invite.state, invite.verdicts) == ("cancelled", [])
        assert Attestation.objects.count() == 0
        told = Event.objects.filter(name__startswith="marketplaceinvite.").values_list("data__handle", flat=True)
        assert "ben" not in set(told)


def test_an_old_decision_explains_itself_with_its_own_version(ben, at):
    with pytest.raises(creators.Ineligible):
        send(ben, at=at, facts=YOUNG)
    kept = MarketplaceInvite.objects.get()
    assert (kept.rules_version, kept.programme) == ("v1", "TikTok Creator Marketplace")
    [age] = [one for one in kept.verdicts if one["outcome"] == "fail"]
    assert (age["label"], age["wanted"], age["value_words"]) == ("Age", "18 or over", "Under age")


DEEDS = st.lists(
    st.sampled_from(
        ["send", "IN", "NOT_IN", "INVITED", "INVALID", "joined", "left", "viewed", "declined", "cancelled", "day",
         "month", "due", "stale_IN", "stale_INVITED", "app_accept", "app_decline"]
    ),
    max_size=14,
)  # fmt: skip
ENDS = set(MarketplaceInvite.STATES) - set(MarketplaceInvite.OPEN)


def do(deed: str, account: Account, stale: list[MarketplaceInvite], world, at) -> None:
    invite = creators.open_invite(account) or (stale[-1] if stale else None)
    if deed == "send":
        try:
            stale.append(send(Account.objects.get(pk=account.pk), at=at, facts=Facts()))
        except creators.NotInvitable:
            assert Account.objects.get(pk=account.pk).in_marketplace
        except creators.Ineligible:  # a month on, BEN has published too little
            assert MarketplaceInvite.objects.latest("pk").refusal
    elif deed in ("joined", "left"):
        creators.note_membership(Account.objects.get(pk=account.pk), deed == "joined", at=at)
    elif deed == "due":
        work.run_due(MarketplaceInvite, at=at)
    elif deed.startswith("app_"):
        world.settle()
        if app.open_one(world, account.handle):
            {"app_accept": app.accept, "app_decline": app.decline}[deed](world, handle=account.handle)
    elif invite is None:
        return
    elif deed.startswith("stale_") and stale:  # another worker, which read the row before everybody else
        marketplace_invites.note_status(stale[0], deed.removeprefix("stale_"), at=at)
    elif deed.isupper():
        marketplace_invites.note_status(invite, deed, at=at)
    elif deed in ("viewed", "declined", "cancelled"):
        try:
            creators.move_invite(invite, deed, by="member:1", at=at)
        except (IllegalMove, marketplace_invites.LostRace):
            invite.refresh_from_db()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS)
@pytest.mark.django_db
def test_no_order_of_events_leads_anywhere_illegal(deeds, workspace, people, marketplace, world, at):
    """Late, doubled and crossing answers, two workers: every step is in the table, one open invite, ends are ends."""
    MarketplaceInvite.objects.all().delete()
    Event.objects.filter(name__startswith="marketplaceinvite.").delete()
    Account.objects.filter(handle="ben").delete()
    world.market.invitations.clear()
    world.leave_marketplace("ben")
    account = creators.record_legacy(workspace, handle="ben", by="member:1", at=at)
    stale: list[MarketplaceInvite] = []
    now = at
    world.clock.set(now)
    for deed in deeds:
        if deed in ("day", "month"):
            now += timedelta(days=1 if deed == "day" else 31)
            world.clock.set(now)
        else:
            do(deed, account, stale, world, now)
        assert MarketplaceInvite.objects.filter(state__in=MarketplaceInvite.OPEN).count() <= 1
    for invite in MarketplaceInvite.objects.all():
        was = "draft"
        steps = Event.objects.filter(subject=f"marketplaceinvite:{invite.pk}").exclude(name__endswith="drafted")
        for event in steps.order_by("pk"):
            to = event.name.partition(".")[2]
            assert (event.data["was"], to in MarketplaceInvite.MOVES[was]) == (was, True)
            was = to
        assert invite.state == was
        if invite.state in ENDS:
            assert invite.due_at is None
            assert invite.ended_at
        else:
            assert invite.due_at


def test_of_two_who_click_at_once_both_get_the_same(ben, world, at, monkeypatch):
    """Neither sees an open invite when it looks; the database lets one row in."""
    first, seen, looks = send(ben, at=at), marketplace_invites.open_invite, []

    def blind_at_first(account):
        looks.append(account)
        return seen(account) if len(looks) > 1 else None

    monkeypatch.setattr(marketplace_invites, "open_invite", blind_at_first)
    assert send(ben, at=at).pk == first.pk
    assert len(notices(world)) == 1
