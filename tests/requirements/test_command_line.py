"""The availability tables from the command line: printed, dated, and changed by data."""

import json
from datetime import timedelta

import pytest

from greenroom.core import clock
from greenroom.observations import availability


def test_the_tables_are_printed_with_all_164_cells(db, run_json):
    told = run_json("availability")
    assert told == {name: availability.shipped(name).cells for name in ("account", "post")}
    assert sum(len(row) for table in told.values() for row in table.values()) == 164


def test_a_version_loaded_for_tomorrow_changes_tomorrow_and_both_stay_answerable(db, run, run_json, tmp_path):
    """AVA-11."""
    tomorrow = clock.now() + timedelta(days=1)
    file = tmp_path / "next.json"
    file.write_text(json.dumps({"account": {"avg_views": {"auth_non_ttcm": "limited"}}}))
    before = run_json("availability")
    run("availability", "--load", str(file), "--effective", tomorrow.isoformat())
    assert run_json("availability") == before
    after = run_json("availability", "--as-of", (tomorrow + timedelta(hours=1)).isoformat())
    assert after["account"]["avg_views"]["auth_non_ttcm"] == "limited"
    assert {**after["account"], "avg_views": 0} == {**before["account"], "avg_views": 0}
    assert after["post"] == before["post"]
    assert run_json("availability", "--as-of", clock.now().isoformat()) == before


def test_what_was_printed_can_be_loaded_again(db, run, run_json, tmp_path):
    file = tmp_path / "same.json"
    file.write_text(run("availability", "--json"))
    run("availability", "--load", str(file))
    assert run_json("availability") == json.loads(file.read_text())
    assert [availability.version(name, clock.now()) for name in ("account", "post")] == [2, 2]


@pytest.mark.parametrize(
    "wrong",
    ["no json", "[]", '{"planet": {}}', '{"post": {"reach": {"order": "X"}}}', '{"account": {}, "post": {"x": {}}}'],
)
def test_a_file_that_is_no_table_is_refused_in_words_and_changes_nothing(db, run, run_json, tmp_path, wrong):
    file = tmp_path / "wrong.json"
    file.write_text(wrong)
    told = run("availability", "--load", str(file), fails=True)
    assert "Traceback" not in told
    assert len(told.strip()) > 10
    assert [availability.version(name, clock.now()) for name in ("account", "post")] == [1, 1]
