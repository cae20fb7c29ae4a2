"""The seven rules at their edges; what is not known is unknown; versions explain old decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenroom.creators import eligibility, rulesets
from greenroom.creators.eligibility import BadRules, Facts, Known, Rules

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
[V1] = eligibility.shipped()
GOOD = {"followers": 10_000, "country": "US", "adult": True, "business": False, "videos": 3, "views": 1_000,
        "suitable": True}  # fmt: skip
TWENTY_FOUR = {
    "Australia": "AU", "Brazil": "BR", "Canada": "CA", "Egypt": "EG", "France": "FR", "Germany": "DE",
    "Great Britain": "GB", "Indonesia": "ID", "Israel": "IL", "Italy": "IT", "Japan": "JP", "Malaysia": "MY",
    "Philippines": "PH", "Russia": "RU", "Saudi Arabia": "SA", "Singapore": "SG", "South Korea": "KR", "Spain": "ES",
    "Taiwan": "TW", "Thailand": "TH", "Turkey": "TR", "United Arab Emirates": "AE", "United States": "US",
    "Vietnam": "VN",
}  # fmt: skip


def judged(rules: Rules = V1, **facts) -> dict[str, eligibility.Verdict]:
    told = {name: Known(value, "told") for name, value in {**GOOD, **facts}.items()}
    return {one.rule: one for one in eligibility.judge(rules, Facts(**told))}


def outcome(rule: str, **facts) -> str:
    return judged(**facts)[rule].outcome


def test_who_meets_all_seven_passes_all_seven():
    verdicts = judged()
    assert list(verdicts) == ["followers", "country", "age", "account_type", "videos", "views", "content"]
    assert {one.outcome for one in verdicts.values()} == {"pass"}


def test_nothing_known_is_seven_times_unknown_and_never_a_failure():
    verdicts = eligibility.judge(V1, Facts())
    assert [one.outcome for one in verdicts] == ["unknown"] * 7
    assert [one.value for one in verdicts] == [None] * 7
    assert eligibility.failing(verdicts) == []


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("followers", {"followers": 9_999}, "fail"),
        ("followers", {"followers": 10_000}, "pass"),
        ("followers", {"followers": 10_000_000, "country": "CA"}, "unknown"),
        ("followers", {"followers": 10_000_000, "country": None}, "unknown"),
        ("followers", {"followers": None}, "unknown"),
        ("followers", {"followers": 0}, "fail"),
        ("country", {"country": "NL"}, "fail"),
        ("country", {"country": None}, "unknown"),
        ("age", {"adult": False}, "fail"),
        ("age", {"adult": None}, "unknown"),
        ("account_type", {"business": True}, "fail"),
        ("account_type", {"business": None}, "unknown"),
        ("videos", {"videos": 2}, "fail"),
        ("videos", {"videos": 3}, "pass"),
        ("videos", {"videos": None}, "unknown"),
        ("views", {"views": 999}, "fail"),
        ("views", {"views": 1_000}, "pass"),
        ("views", {"views": 0}, "fail"),
        ("content", {"suitable": False}, "fail"),
        ("content", {"suitable": None}, "unknown"),
    ],
)  # fmt: skip
def test_each_rule_at_its_edge(rule, facts, expected):
    assert outcome(rule, **facts) == expected
    others = set(judged(**facts)) - {rule} - ({"followers"} if "country" in facts else set())
    others -= {"country"} if "country" in facts else set()
    assert {outcome(one, **facts) for one in others} == {"pass"}


@pytest.mark.parametrize("country", TWENTY_FOUR.values())
def test_each_of_the_twenty_four_countries_passes(country):
    assert outcome("country", country=country) == "pass"


def test_there_are_exactly_these_countries():
    assert set(V1.countries) == set(TWENTY_FOUR.values())
    assert len(V1.countries) == 24
    assert V1.minimum_followers == {"US": 10_000}


@pytest.mark.parametrize(
    ("ago", "counts"),
    [(timedelta(), True), (timedelta(hours=30 * 24), True), (timedelta(hours=30 * 24, microseconds=1), False),
     (timedelta(seconds=-1), False)],
)  # fmt: skip
def test_a_video_counts_up_to_exactly_thirty_times_24_hours(ago, counts):
    assert bool(eligibility.recent([NOON - ago], at=NOON)) is counts


def test_too_few_of_the_videos_we_know_of_is_unknown_and_enough_of_them_passes():
    facts = {name: Known(value, "told") for name, value in GOOD.items()}
    few = eligibility.judge(V1, Facts(**{**facts, "videos": Known(2, "told", at_least=True)}))
    many = eligibility.judge(V1, Facts(**{**facts, "videos": Known(3, "told", at_least=True)}))
    assert [next(one.outcome for one in found if one.rule == "videos") for found in (few, many)] == ["unknown", "pass"]


def test_a_business_account_is_told_to_switch():
    assert "Switch to Personal Account" in judged(business=True)["account_type"].hint
    assert judged()["account_type"].hint == ""


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("The creator has fewer than 10,000 followers.", ["followers"]),
        ("The creator is not in a supported region.", ["country"]),
        ("The creator is under 18.", ["age"]),
        ("The account is a business account.", ["account_type"]),
        ("The creator needs 3 videos and 1,000 views in the last 30 days.", ["videos", "views"]),
        ("The content is not suitable for audiences of 13 and up.", ["content"]),
        ("The creator is under 18. The account is a business account.", ["age", "account_type"]),
        ("The handle does not exist.", []),
        ("", []),
    ],
)  # fmt: skip
def test_tiktoks_words_name_the_rules(words, rules):
    assert eligibility.named_in(words) == rules


V2 = {**V1.as_document(), "version": "v2", "programme": "TikTok One", "effective_from": "2026-04-01",
      "minimum_followers": {"US": 1_000}}  # fmt: skip


class TestVersions:
    def test_what_is_written_is_what_is_read(self):
        assert Rules.parse(V1.as_document()) == V1

    def test_a_version_holds_from_its_day_on(self):
        both = [V1, Rules.parse(V2)]
        days = [date(1999, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2030, 1, 1)]
        assert [eligibility.in_force(both, day).version for day in days] == ["v1", "v1", "v2", "v2"]

    @pytest.mark.parametrize(
        "wrong",
        [{"version": ""}, {"effective_from": "soon"}, {"countries": ["us"]}, {"minimum_followers": {"US": -1}},
         {"minimum_followers": {"US": True}}, {"minimum_views": "many"}, {"days": 366}, {"birth_date": "x"}],
    )  # fmt: skip
    def test_what_is_no_set_of_rules_is_refused(self, wrong):
        with pytest.raises(BadRules):
            Rules.parse({**V2, **wrong})

    def test_a_loaded_version_holds_for_its_workspace_alone(self, acme, at):
        rulesets.load(acme.workspace, V2, by="member:1", at=at)
        later = datetime(2026, 4, 2, tzinfo=UTC)
        assert rulesets.in_force(acme.workspace, at=at).version == "v1"
        assert rulesets.in_force(acme.workspace, at=later).programme == "TikTok One"
        assert rulesets.in_force(acme.rival, at=later).version == "v1"

    def test_a_version_is_never_changed(self, acme, at):
        rulesets.load(acme.workspace, V2, by="member:1", at=at)
        for document in (V2, V1.as_document()):
            with pytest.raises(BadRules, match="already"):
                rulesets.load(acme.workspace, document, by="member:1", at=at)

    def test_a_minimum_for_a_country_is_a_version_of_its_own(self, acme, at):
        made = rulesets.set_minimum(acme.workspace, country="ca", followers=5_000, by="member:1", at=at)
        again = rulesets.set_minimum(acme.workspace, country="DE", followers=2_000, by="member:1", at=at)
        rules = rulesets.in_force(acme.workspace, at=at)
        assert [made.version, again.version, rules.version] == ["v1.1", "v1.2", "v1.2"]
        assert rules.minimum_followers == {"US": 10_000, "CA": 5_000, "DE": 2_000}
        assert judged(rules, country="CA", followers=4_999)["followers"].outcome == "fail"
        assert judged(rules, country="CA", followers=5_000)["followers"].outcome == "pass"
        assert judged(V1, country="CA", followers=5_000)["followers"].outcome == "unknown"
