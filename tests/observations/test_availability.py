"""The availability tables: as printed, dated, and applied by one function."""

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from greenroom.observations import availability, schema

ACCOUNTS_SCOPES = {
    "user.info.basic", "user.info.username", "user.info.profile", "user.info.stats", "user.account.type",
    "user.insights", "video.list", "video.insights", "biz.creator.info", "biz.creator.insights",
}  # fmt: skip
GLYPHS = {"full": "✓", "limited": "~", "none": "X"}


# The tables once more, written out by hand from their source: key, then one glyph per column.
PRINTED = {
    "account": """
    audience_locales      XX✓X
    avg_views             ✓X✓X
    engagement_rate       ✓X✓X
    completion_rate       XX✓X
    creator_rate          X✓✓X
    audience_countries    ✓✓✓X
    audience_genders      ✓✓✓X
    audience_ages         ✓✓✓X
    profile_image         ✓✓✓~
    user_name             ✓✓✓✓
    display_name          ✓✓✓~
    follower_count        ✓✓✓~
    like_count            X✓✓~
    video_count           ✓✓✓✓
    creator_id            ✓✓✓✓
    legacy_avg_views      ✓XXX
    avg_comments          ✓XXX
    avg_likes             ✓XXX
    followers_growth      ✓XXX
    follower_credibility  ✓XXX
    legacy_followers      ✓XXX
    total_posts           ✓XXX
    audience_reachability ✓XXX
    audience_gender_age   ~XXX
    notable_followers     ✓XXX
    """,
    "post": """
    total_engagements     ✓✓✓X
    engagement_rate       ✓✓✓X
    reach                 X✓XX
    comments              ✓✓✓✓
    likes                 ✓✓✓✓
    shares                ✓✓✓✓
    video_views           ✓✓✓✓
    total_play_time       X✓XX
    avg_play_time         X✓XX
    video_completion_rate X✓XX
    video_view_retention  X~XX
    retention_by_second   X~XX
    audience_age          X✓XX
    audience_gender       X✓XX
    audience_geography    X~XX
    audience_country      X✓XX
    """,
}


class TestTables:
    def test_all_164_cells_are_as_printed(self, db, at):
        told = availability.as_json(at)
        cells = 0
        for name, text in PRINTED.items():
            rows = [line.split() for line in text.strip().splitlines()]
            assert [key for key, _ in rows] == list(told[name])
            for key, glyphs in rows:
                assert "".join(GLYPHS[told[name][key][column]] for column in availability.COLUMNS[name]) == glyphs, key
                cells += len(glyphs)
        assert cells == 164

    @pytest.mark.parametrize(
        ("name", "column", "full", "limited", "none"),
        [
            ("account", "legacy", 20, 1, 4),
            ("account", "auth_non_ttcm", 11, 0, 14),
            ("account", "auth_ttcm", 15, 0, 10),
            ("account", "unauth_ttcm", 3, 4, 18),
            ("post", "legacy", 6, 0, 10),
            ("post", "order", 13, 3, 0),
            ("post", "manual_auth", 6, 0, 10),
            ("post", "manual_unauth_ttcm", 4, 0, 12),
        ],
    )
    def test_each_column_has_the_tallies_of_the_source(self, db, at, name, column, full, limited, none):
        tally = Counter(row[column] for row in availability.cells(name, at).values())
        assert (tally["full"], tally["limited"], tally["none"]) == (full, limited, none)

    @pytest.mark.parametrize(
        ("name", "rows", "checksum"),
        [("account", 25, "8960211e02ada474"), ("post", 16, "c4e212348171dc15")],
    )
    def test_the_shipped_file_is_the_one_that_was_checked(self, name, rows, checksum):
        table = availability.shipped(name)
        text = "\n".join(
            " ".join([row.id, row.key, *(GLYPHS[row.cells[column]] for column in availability.COLUMNS[name])])
            for row in table.rows
        )
        assert len(table.rows) == rows
        assert hashlib.sha256(text.encode()).hexdigest()[:16] == checksum

    def test_the_cut_off_heading_is_kept_as_an_assumption_with_its_evidence(self):
        told = " ".join(availability.shipped("post").assumptions)
        assert "cut off" in told
        assert "four ticks are the public counters" in told

    def test_average_views_has_two_keys_and_the_former_one_is_nowhere_afterwards(self, db, at):
        table = availability.cells("account", at)
        assert table["avg_views"]["auth_ttcm"] == "full"
        assert {table["legacy_avg_views"][column] for column in availability.COLUMNS["account"][1:]} == {"none"}

    def test_near_duplicates_have_keys_of_their_own(self, db, at):
        accounts, posts = availability.cells("account", at), availability.cells("post", at)
        assert {"follower_count", "legacy_followers", "video_count", "total_posts", "audience_gender_age"} <= set(
            accounts
        )
        assert {"video_view_retention", "retention_by_second", "audience_geography", "audience_country"} <= set(posts)


class TestParse:
    HEADING = "row\tkey\tlabel\tlegacy\tauth_non_ttcm\tauth_ttcm\tunauth_ttcm\n"

    def test_letters_that_only_look_like_x_are_read_as_x(self):
        chi, ha = "\N{GREEK CAPITAL LETTER CHI}", "\N{CYRILLIC CAPITAL LETTER HA}"
        table = availability.parse(self.HEADING + f"A19\tgrowth\tGrowth\t✓\tX\t{chi}\t{ha}\n", name="account")
        assert dict(table.rows[0].cells) == {
            "legacy": "full", "auth_non_ttcm": "none", "auth_ttcm": "none", "unauth_ttcm": "none",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("name", "look_alikes"),
        [
            ("account", {"followers_growth": "✓XΧX", "legacy_followers": "✓ХХX"}),
            ("post", {"reach": "X✓ХX"}),
        ],
    )
    def test_the_source_as_it_was_printed_look_alikes_and_all_gives_the_shipped_table(self, name, look_alikes):
        """AVA-06: with each odd letter where the source has it, only ✓, ~ and X come out."""
        printed = dict(line.split() for line in PRINTED[name].strip().splitlines()) | look_alikes
        assert any(glyph not in "✓~X" for glyphs in printed.values() for glyph in glyphs)
        heading = "\t".join(["row", "key", "label", *availability.COLUMNS[name]])
        lines = ["\t".join([row.id, row.key, row.label, *printed[row.key]]) for row in availability.shipped(name).rows]
        table = availability.parse("\n".join([heading, *lines]), name=name)
        assert table.cells == availability.shipped(name).cells

    @pytest.mark.parametrize("row", ["A1\tk\tK\t✓\t?\tX\tX", "A1\tk\tK\t✓\tX\tX", "A1\tk\tK\t✓\t\tX\tX"])
    def test_anything_else_is_refused(self, row):
        with pytest.raises(availability.BadTable):
            availability.parse(self.HEADING + row, name="account")

    def test_a_key_twice_is_refused(self):
        row = "A1\tk\tK\t✓\tX\tX\tX\n"
        with pytest.raises(availability.BadTable):
            availability.parse(self.HEADING + row + row, name="account")


class TestVersions:
    def test_a_second_version_holds_from_its_day_on_and_both_stay_answerable(self, db, at):
        tomorrow = at + timedelta(days=1)
        availability.load("account", {"avg_views": {"unauth_ttcm": "limited"}}, tomorrow, note="TikTok opened it")
        assert availability.cells("account", at)["avg_views"]["unauth_ttcm"] == "none"
        assert availability.cells("account", tomorrow)["avg_views"]["unauth_ttcm"] == "limited"
        assert availability.cells("account", tomorrow)["followers_growth"]["legacy"] == "full"
        assert (availability.version("account", at), availability.version("account", tomorrow)) == (1, 2)
        assert availability.as_json(at)["post"] == availability.shipped("post").cells

    def test_a_whole_table_is_imported_from_its_text_with_its_assumptions(self, db, at):
        printed = (Path(availability.__file__).parent / "seeds" / "post.tsv").read_text(encoding="utf-8")
        flipped = printed.replace("P04\tcomments\tComments\t✓\t✓\t✓\t✓", "P04\tcomments\tComments\t✓\t✓\t✓\tХ")
        kept = availability.import_table("post", flipped, at)
        assert "cut off" in kept.note
        assert availability.cells("post", at)["comments"]["manual_unauth_ttcm"] == "none"
        assert availability.cells("post", at - timedelta(seconds=1))["comments"]["manual_unauth_ttcm"] == "full"

    def test_entitlement_follows_the_version_of_its_day(self, db, at):
        availability.load("account", {"user_name": {"unauth_ttcm": "none"}}, at)
        ask = {"column": "unauth_ttcm", "scopes": (), "surfaces": {"marketplace_tto"}}
        before = availability.entitlement("account", at=at - timedelta(seconds=1), **ask)
        assert before["user_name"].level == "full"
        after = availability.entitlement("account", at=at, **ask)
        assert after["user_name"] == availability.Entitlement("none", "not_in_entitlement")

    @pytest.mark.parametrize(
        "cells", [{"nope": {"legacy": "full"}}, {"reach": {"nope": "full"}}, {"reach": {"order": "X"}}]
    )
    def test_an_unknown_row_column_or_level_is_refused(self, db, at, cells):
        with pytest.raises(availability.BadTable):
            availability.load("post", cells, at)


class TestColumns:
    def test_two_attributes_make_three_supported_columns(self):
        assert availability.account_column(True, True) == "auth_ttcm"
        assert availability.account_column(True, None) == "auth_non_ttcm"
        assert availability.account_column(False, True) == "unauth_ttcm"
        assert availability.account_column(False, False) is None

    def test_an_order_opens_the_full_set_whatever_the_author_granted(self):
        assert availability.post_column("order", False, True) == "order"
        assert availability.post_column("order", False, False) == "order"
        assert availability.post_column("manual", True, False) == "manual_auth"
        assert availability.post_column("manual", False, True) == "manual_unauth_ttcm"
        assert availability.post_column("manual", False, False) is None
        assert availability.post_column("legacy", True, True) == "legacy"


def allowed(kind, column, at, scopes=frozenset(ACCOUNTS_SCOPES), surfaces=("accounts_api", "marketplace_tcm")):
    return availability.entitlement(kind, column=column, scopes=scopes, surfaces=surfaces, at=at)


class TestEntitlement:
    def test_an_unsupported_account_gets_none_of_the_fields(self, db, at):
        told = allowed("account", None, at)
        assert len({field.entitlement for field in schema.ACCOUNT.fields.values()} - {None}) == 25
        assert set(told.values()) == {availability.Entitlement("none", "unsupported_account")}

    def test_a_value_marked_x_is_not_entitled_although_the_surface_could_give_it(self, db, at):
        told = allowed("account", "auth_non_ttcm", at)
        assert told["completion_rate"] == availability.Entitlement("none", "not_in_entitlement")
        assert allowed("account", "auth_ttcm", at)["completion_rate"] == availability.Entitlement("full")

    def test_tilde_is_limited(self, db, at):
        told = allowed("account", "unauth_ttcm", at, scopes=(), surfaces={"marketplace_tto"})
        assert told["followers"] == availability.Entitlement("limited")
        assert told["posts"] == availability.Entitlement("full")

    def test_without_one_scope_exactly_the_fields_that_need_it_go(self, db, at):
        whole = allowed("account", "auth_non_ttcm", at, surfaces={"accounts_api"})
        less = allowed("account", "auth_non_ttcm", at, ACCOUNTS_SCOPES - {"user.insights"}, {"accounts_api"})
        gone = {key for key in whole if whole[key] != less[key]}
        assert gone == {"audience_countries", "audience_genders", "audience_ages", "audience_cities"}
        assert {less[key] for key in gone} == {availability.Entitlement("none", "scope_missing")}

    def test_a_field_that_the_surfaces_at_hand_do_not_have_is_omitted_by_the_provider(self, db, at):
        told = allowed("account", "auth_non_ttcm", at, surfaces={"accounts_api"})
        assert told["creator_rate"] == availability.Entitlement("none", "provider_omitted")

    def test_an_author_who_granted_nothing_shows_only_the_public_counters(self, db, at):
        told = allowed("post", "manual_unauth_ttcm", at, scopes=(), surfaces={"marketplace_tto"})
        shown = {key for key, found in told.items() if found.level != "none"}
        assert shown == {"views", "likes", "comments", "shares", "favorites"}
        assert not any(schema.POST.fields[key].consent_required for key in shown)

    def test_an_order_gives_all_sixteen_rows_without_any_scope_of_the_author(self, db, at):
        told = allowed("post", "order", at, scopes=(), surfaces={"order_report"})
        rows = {schema.POST.fields[key].entitlement: found.level for key, found in told.items()}
        table = availability.cells("post", at)
        assert {key: rows[key] for key in table} == {key: row["order"] for key, row in table.items()}

    def test_the_four_exclusive_insights_are_never_there_for_hand_added_posts(self, db, at):
        surfaces = {"accounts_api", "display_api", "marketplace_tto", "marketplace_tcm", "order_report"}
        exclusive = ("reach", "video_completion_rate", "total_play_time", "avg_play_time", "audience_ages",
                     "audience_genders", "audience_countries")  # fmt: skip
        for column in ("manual_auth", "manual_unauth_ttcm"):
            told = allowed("post", column, at, surfaces=surfaces)
            assert {told[key].reason for key in exclusive} == {"not_in_entitlement"}

    @pytest.mark.parametrize("name", ["account", "post"])
    def test_every_row_of_the_table_governs_a_field(self, db, at, name):
        governed = {field.entitlement for field in schema.KINDS[name].fields.values()} - {None}
        assert governed == set(availability.cells(name, at))

    def test_nothing_beyond_the_table_in_any_column_whatever_is_held(self, db, at):
        for name in ("account", "post"):
            for column in availability.COLUMNS[name]:
                told = allowed(name, column, at, surfaces=schema.SURFACES)
                for key, field in schema.KINDS[name].fields.items():
                    if field.entitlement:
                        cell = availability.level(name, field.entitlement, column, at)
                        assert told[key].level in {cell, "none"}


class TestReasonForMissing:
    ASK = {"surfaces": {"accounts_api"}, "scopes": ACCOUNTS_SCOPES}

    def test_within_the_delay_it_is_not_yet_available_and_says_until_when(self, at):
        told = availability.reason_for_missing("post", "reach", since=at - timedelta(hours=3), at=at, **self.ASK)
        assert told == availability.Gap("not_yet_available", at + timedelta(hours=45))

    def test_after_the_delay_the_provider_left_it_out(self, at):
        told = availability.reason_for_missing("post", "reach", since=at - timedelta(days=3), at=at, **self.ASK)
        assert told == availability.Gap("provider_omitted")

    def test_without_the_scope_the_scope_is_missing(self, at):
        ask = {"surfaces": {"accounts_api"}, "scopes": {"video.list"}, "since": None, "at": at}
        assert availability.reason_for_missing("post", "total_play_time", **ask).reason == "scope_missing"
        assert availability.reason_for_missing("post", "engagements", **ask).reason == "provider_omitted"

    def test_what_was_never_read_may_still_come(self, at):
        told = availability.reason_for_missing("account", "followers", since=None, at=at, read=False, **self.ASK)
        assert told.reason == "not_yet_available"


class TestWouldGain:
    def test_a_member_who_authenticates_gains_eight_from_none_and_four_from_limited(self, db, at):
        gained = availability.would_gain("unauth_ttcm", at)
        assert [cell["key"] for cell in gained["authenticate"] if cell["from"] == "none"] == [
            "audience_locales", "avg_views", "engagement_rate", "completion_rate", "creator_rate",
            "audience_countries", "audience_genders", "audience_ages",
        ]  # fmt: skip
        assert [cell["key"] for cell in gained["authenticate"] if cell["from"] == "limited"] == [
            "profile_image", "display_name", "follower_count", "like_count",
        ]  # fmt: skip
        assert gained["join_marketplace"] == []

    def test_an_authenticated_outsider_gains_four_by_joining(self, db, at):
        gained = availability.would_gain("auth_non_ttcm", at)
        assert gained["authenticate"] == []
        assert [cell["key"] for cell in gained["join_marketplace"]] == [
            "audience_locales", "avg_views", "engagement_rate", "completion_rate",
        ]  # fmt: skip

    def test_an_unsupported_account_has_two_ways(self, db, at):
        gained = availability.would_gain(None, at)
        assert len(gained["authenticate"]) == 11
        assert [cell["key"] for cell in gained["join_marketplace"]] == ["user_name", "video_count", "creator_id"]
