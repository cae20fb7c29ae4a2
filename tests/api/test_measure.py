"""Figures over the API are those of the pages, and a null always has its reason (API-07)."""

from greenroom.metrics import actions as metrics
from greenroom.metrics.definitions import METRICS
from greenroom.metrics.query import Query
from tests.api.test_doors import problem

ASKED = {"metrics": ["followers", "views", "engagement_rate", "completion_rate"], "by": ["account"]}


def test_the_answer_is_that_of_measure(living, program):
    told = program().post("/measure", ASKED).json()
    names = tuple(ASKED["metrics"])
    answer = metrics.measure(Query(names, by=("account",)), living.workspace)
    by_account = {row["account_name"]: row for row in answer.rows}
    assert len(told["rows"]) == len(by_account) == 5
    for row in told["rows"]:
        for name in names:
            figure = by_account[row["by"]["account"]["name"]][name]
            said = row["figures"][name]
            assert (said["value"], said["state"], said["reason"]) == (figure.value, figure.state, figure.reason)
            assert said["formula_version"] == METRICS[name].name
    assert told["sql"].startswith(answer.sql.split("\n", 1)[0])


def test_every_null_has_a_reason_and_every_value_its_source(living, program):
    mine = program()
    for grain in ("post", "account", "account_day"):
        asked = [key for key, metric in METRICS.items() if metric.grain == grain]
        for start in range(0, len(asked), 20):
            body = {"metrics": asked[start : start + 20], "by": ["account"]}
            for row in mine.post("/measure", body).json()["rows"]:
                for name, said in row["figures"].items():
                    assert (said["value"] is None) <= bool(said["reason"]), name
                    assert (said["value"] is None) == (said["state"] == "none"), name
                    assert said["source"] == ([] if said["value"] is None else ["sandbox"]), name


def test_a_figure_says_its_source(living, program):
    told = program().post("/measure", ASKED).json()
    of = {row["by"]["account"]["name"]: row["figures"] for row in told["rows"]}
    assert of["ana"]["followers"]["source"] == ["sandbox"]
    assert of["dov"]["followers"]["source"] == []


def test_the_compact_form_has_values_and_the_reasons_beside_them(living, program):
    mine = program()
    full, compact = (mine.post("/measure", {**ASKED, "form": form}).json()["rows"] for form in ("full", "compact"))
    for wide, narrow in zip(full, compact, strict=True):
        assert set(narrow) == {"by", "values", "reasons"}
        assert narrow["values"] == {name: said["value"] for name, said in wide["figures"].items()}
        assert all(name in narrow["reasons"] for name, value in narrow["values"].items() if value is None)


def test_a_query_string_asks_the_same(living, program):
    mine = program()
    body = {**ASKED, "where": {"account": ["ana", "ben"]}, "order": "-followers"}
    posted = mine.post("/measure", body).json()
    got = mine.get("/measure", metrics=",".join(ASKED["metrics"]), by="account", account="ana,ben", order="-followers")
    assert got.json()["rows"] == posted["rows"]
    assert [row["by"]["account"]["name"] for row in posted["rows"]] == ["ana", "ben"]


def test_a_limit_says_that_there_is_more(living, program):
    told = program().post("/measure", {**ASKED, "limit": 2}).json()
    assert (len(told["rows"]), told["truncated"]) == (2, True)


def test_nonsense_says_what_is_wrong(living, program):
    mine = program()
    problem(mine.post("/measure", {"metrics": ["nothing"]}), 422, "invalid")
    told = problem(mine.post("/measure", {"metrics": ["followers"], "by": ["post"]}), 422, "invalid")
    assert "cannot be split" in told["detail"]
    problem(mine.post("/measure", {**ASKED, "where": {"account": ["nobody"]}}), 404, "not_found")
    problem(mine.post("/measure", {**ASKED, "since": "yesterday"}), 422, "invalid")
