"""What may not be shown never leaves the SQL, and says why."""

from datetime import timedelta

import pytest

from greenroom.creators import history
from greenroom.metrics import definitions
from greenroom.observations import availability, schema
from greenroom.tiktok import auth

LISTS = [{"key": "US", "share": 0.5}]
VALUES = {"int": 5, "float": 0.5, "bool": True, "text": "x", "shares": LISTS, "curve": [{"second": 0, "share": 1.0}]}


def everything(kind, surface):
    """A reading in which TikTok sends every field there is, entitled or not."""
    fields = schema.KINDS[kind].fields.values()
    return {field.key: VALUES[field.type] for field in fields if surface in field.sources}


def overfill(books, subject, kind):
    for surface in ("accounts_api", "marketplace_tto", "marketplace_tcm", "order_report", "legacy"):
        if fields := everything(kind, surface):
            books.read(subject, surface=surface, **fields)


def cell(books, name, account):
    (row,) = books.ask(name, by=["account"], where=(("account", account.pk),)).rows
    return row[name]


def test_each_cell_of_the_account_table_marked_x_is_empty_and_each_other_is_shown(books, four, at):
    for account in four.values():
        overfill(books, account, "account")
    table = availability.cells("account", at)
    columns = {"ana": "auth_ttcm", "ben": "auth_non_ttcm", "cyd": "unauth_ttcm", "dov": None}
    without_source = {("ben", "creator_rate")}  # C-25: ✓ in the table, but no surface supplies it
    for row, cells in table.items():
        metric = definitions.of_row("account", row)
        for handle, column in columns.items():
            figure = cell(books, metric.key, four[handle])
            level = cells[column] if column else "none"
            if (handle, row) in without_source:
                assert figure.reason == "provider_omitted"
            elif level == "none":
                reason = "not_in_entitlement" if column else "unsupported_account"
                assert (figure.value, figure.reason) == (None, reason), (handle, row)
            else:
                assert figure.value is not None, (handle, row)
                assert figure.state == level, (handle, row)


def test_followers_of_cyd_are_limited_and_of_dov_not_supported(books, four):
    books.read(four["cyd"], surface="marketplace_tto", followers=77)
    books.read(four["dov"], surface="legacy", followers=1234)
    cyd, dov = cell(books, "followers", four["cyd"]), cell(books, "followers", four["dov"])
    assert (cyd.value, cyd.state) == (77, "limited")
    assert (dov.value, dov.state, dov.reason) == (None, "none", "unsupported_account")


def test_the_sum_over_workspace_leaves_out_what_may_not_be_seen(books, four):
    for account, followers in zip(four.values(), (1, 10, 100, 1000), strict=True):
        books.read(account, followers=followers)
    total = books.figure("followers")
    assert (total.value, total.n, total.of, total.state, total.reason) == (111, 3, 4, "limited", "unsupported_account")


def test_each_cell_of_the_post_table_is_obeyed(books, four, at):
    table = availability.cells("post", at)
    cases = [
        (books.post(four["ana"], basis="order"), "order"),
        (books.post(four["ana"]), "manual_auth"),
        (books.post(four["cyd"]), "manual_unauth_ttcm"),
    ]
    for post, column in cases:
        overfill(books, post, "post")
        for row, cells in table.items():
            key = definitions.of_row("post", row).key
            (found,) = books.ask(key, by=["post"], where=(("post", post.pk),)).rows
            if cells[column] == "none":
                assert (found[key].value, found[key].reason) == (None, "not_in_entitlement"), (column, row)
            else:
                assert found[key].state == cells[column], (column, row)


def test_an_order_post_of_cyd_shows_what_the_order_report_gives(books, four):
    post = books.post(four["cyd"], basis="order")
    books.read(post, surface="order_report", reach=9, video_completion_rate=0.4, avg_play_time=3.5, views=10)
    row = books.ask("reach", "video_completion_rate", "avg_play_time", by=["post"]).rows[0]
    assert [row[key].value for key in ("reach", "video_completion_rate", "avg_play_time")] == [9, 0.4, 3.5]


def test_a_code_entered_later_changes_the_column_without_a_new_post(books, four):
    post = books.post(four["ana"])
    books.read(post, reach=9)
    assert books.figure("reach").reason == "not_in_entitlement"
    post.basis = "order"
    post.save()
    assert books.figure("reach").value == 9


def test_the_total_of_a_hand_added_post_of_cyd_is_empty_though_its_parts_are_there(books, four):
    books.read(books.post(four["cyd"]), surface="marketplace_tto", views=100, likes=5, comments=2, shares=3)
    row = books.ask("likes", "engagement", "engagement_rate", "derived_engagements", "share_rate", by=["post"]).rows[0]
    assert row["likes"].value == 5
    assert (row["engagement"].value, row["engagement"].reason) == (None, "not_in_entitlement")
    assert (row["engagement_rate"].value, row["engagement_rate"].reason) == (None, "not_in_entitlement")
    assert (row["derived_engagements"].value, row["derived_engagements"].state) == (10, "derived")


@pytest.mark.parametrize("gone", sorted(auth.ACCOUNTS_SCOPES))
def test_losing_a_scope_takes_exactly_the_figures_that_need_it(books, at, gone):
    """GOV-04. A second account with all scopes says which figures there would be."""
    whole = books.account("whole", auth=True, member=False)
    part = books.account(
        "part", auth=True, member=False, scopes=[scope for scope in auth.ACCOUNTS_SCOPES if scope != gone]
    )
    for account in (whole, part):
        books.read(account, at - timedelta(days=1), followers=3)
        overfill(books, account, "account")
        overfill(books, books.post(account), "post")
        days = {key: 5 for key, field in schema.ACCOUNT_DAY.fields.items() if field.type == "int"}
        books.days(account, {(at - timedelta(days=4)).date(): days})
    names = [m.key for m in definitions.METRICS.values() if m.key != "posts"]
    full, less = books.ask(*names, by=["account"], order="-account").rows
    for name in names:
        fields = schema.KINDS[definitions.find(name).grain].fields
        needed = {fields[field].sources["accounts_api"].scope for field in definitions.fields(definitions.find(name))
                  if "accounts_api" in fields[field].sources}  # fmt: skip
        if full[name].value is not None and gone in needed:
            assert (less[name].value, less[name].reason) == (None, "scope_missing"), name
        elif gone in needed:
            assert less[name].value is None, name
        else:
            assert (less[name].value, less[name].reason) == (full[name].value, full[name].reason), name


def test_only_the_public_group_is_there_without_consent(books, four):
    """GOV-05."""
    cyd = four["cyd"]
    overfill(books, cyd, "account")
    overfill(books, books.post(cyd), "post")
    row = books.ask(*definitions.METRICS, by=["account"], where=(("account", cyd.pk),)).rows[0]
    shown = {name for name in definitions.METRICS if row[name].value is not None}
    assert shown
    assert not {name for name in shown if definitions.consent_required(definitions.find(name))}


def test_a_withdrawn_consent_takes_effect_at_once_and_the_past_stays_answerable(books, at):
    ana = books.account("ana", auth=True, at=at - timedelta(days=10))
    books.read(ana, at - timedelta(days=2), followers=7)
    grant = ana.connections.get()
    grant.state = "revoked"
    grant.save()
    grant.consents.update(revoked_at=at, revoked_by="creator")
    history.note_authentication(ana, by="creator", at=at, cause="withdrawn")
    assert books.figure("followers").reason == "unsupported_account"
    before = books.figure("followers", as_of=at - timedelta(days=1))
    assert (before.value, before.state) == (7, "full")
    earlier = books.figure("followers", as_of=at - timedelta(days=3))
    assert (earlier.value, earlier.reason) == (None, "not_yet_available")


def test_a_table_that_takes_effect_tomorrow_changes_tomorrows_answer_and_not_todays(books, four, at):
    """AVA-11."""
    books.read(four["ana"], followers=5)
    availability.load("account", {"follower_count": {"auth_ttcm": "none"}}, at + timedelta(days=1))
    where = (("account", four["ana"].pk),)
    assert books.figure("followers", where=where).value == 5
    assert books.figure("followers", where=where, as_of=at + timedelta(days=2)).reason == "not_in_entitlement"
    assert books.figure("followers", where=where, as_of=at).value == 5


def test_growth_is_derived_from_our_own_readings_and_not_offered_for_dov(books, four, at):
    """AVA-10."""
    for days, followers in ((3, 100), (2, 130), (0, 120)):
        books.read(four["ana"], at - timedelta(days=days), followers=followers)
    books.read(four["dov"], at - timedelta(days=1), surface="legacy", followers=1)
    books.read(four["dov"], at, surface="legacy", followers=9)
    ana = cell(books, "derived_followers_growth", four["ana"])
    assert (ana.value, ana.state) == (20, "derived")
    assert cell(books, "followers_growth", four["ana"]).reason == "not_in_entitlement"
    assert cell(books, "derived_followers_growth", four["dov"]).reason == "unsupported_account"


def test_one_reading_is_not_a_growth_of_zero(books, four):
    books.read(four["ana"], followers=100)
    figure = cell(books, "derived_followers_growth", four["ana"])
    assert (figure.value, figure.reason) == (None, "not_yet_available")


def test_why_nothing_was_read_is_told_apart(books, four, at):
    from greenroom.observations.models import Erasure
    from greenroom.syncs.models import Sync

    ana, ben = four["ana"], four["ben"]
    assert cell(books, "followers", ana).reason == "not_yet_available"
    grant = ana.connections.get()
    key = {"workspace": books.workspace, "stream": "organic_profile", "account": ana, "connection": grant}
    Sync.objects.update_or_create(**key, defaults={"failures": 2})
    assert cell(books, "followers", ana).reason == "fetch_failed"
    Erasure.objects.create(workspace=books.workspace, account=ben.pk, reason="x", asked_at=at, asked_by="x", done_at=at)
    assert cell(books, "followers", ben).reason == "purged"


def test_engagement_per_post_of_nobodys_posts_has_nothing_to_divide_by(books, four, at):
    """MET-08: TikTok was asked and named no post. What is no division is still awaited."""
    from greenroom.syncs.models import Sync

    ana = four["ana"]
    assert cell(books, "engagement_per_post", ana).reason == "not_yet_available"
    key = {"workspace": books.workspace, "stream": "organic_posts", "account": ana, "connection": ana.connections.get()}
    Sync.objects.update_or_create(**key, defaults={"last_ok_at": at, "failures": 0})
    for name in ("engagement_per_post", "engagement_rate", "mean_engagement_rate"):
        figure = cell(books, name, ana)
        assert (figure.value, figure.reason) == (None, "zero_denominator"), name
    assert cell(books, "views", ana).reason == "not_yet_available"
    books.read(books.post(ana), views=10, likes=1, comments=0, shares=0)
    assert cell(books, "engagement_per_post", ana).value == 1


def test_a_field_is_awaited_while_the_post_is_young_and_left_out_later(books, at):
    ana = books.account("ana", auth=True)
    young, old = books.post(ana, posted_at=at - timedelta(hours=3)), books.post(ana, posted_at=at - timedelta(days=9))
    for post in (young, old):
        books.read(post, likes=1)
    rows = {row["post"]: row["views"].reason for row in books.ask("views", by=["post"]).rows}
    assert rows == {young.pk: "not_yet_available", old.pk: "provider_omitted"}
