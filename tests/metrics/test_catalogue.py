"""The dictionary of metrics: complete, unambiguous, and written down."""

from pathlib import Path

import pytest

from greenroom.metrics import catalogue, definitions
from greenroom.metrics.metric import Absent, Cost, Count
from greenroom.observations import availability, schema

ALL = definitions.METRICS.values()
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_of_the_documentation_is_current():
    assert PAGE.read_text(encoding="utf-8") == catalogue.page()


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.key)
def test_no_metric_lacks_a_field_of_its_description(metric):
    """MET-06."""
    for text in (metric.label, metric.unit, metric.grain, metric.aggregation, metric.definition, metric.freshness):
        assert text
    assert metric.name.endswith(f"@{metric.version}")
    assert metric.definition.endswith(".")
    assert definitions.fields(metric) or isinstance(metric.formula, Absent | Cost | Count)
    assert set(definitions.fields(metric)) <= set(schema.KINDS[metric.grain].fields)
    table = schema.KINDS[metric.grain].table
    assert set(definitions.rows(metric)) <= set(availability.shipped(table).cells if table else ())


def test_no_name_means_two_metrics():
    names = [name for metric in ALL for name in (metric.key, *metric.aliases, metric.variant) if name]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", ["account", "post"])
def test_every_row_of_the_availability_tables_has_one_metric_that_obeys_it(table):
    rows = availability.shipped(table).cells
    shown = [definitions.of_row(table, row) for row in rows]
    assert len(set(shown)) == len(rows)
    for row, metric in zip(rows, shown, strict=True):
        assert metric.grain == table
        assert row in definitions.rows(metric)


def test_near_duplicates_have_keys_of_their_own():
    """AVA-07, AVA-08, C-04."""
    pairs = [
        ("avg_views", "legacy_avg_views"),
        ("followers", "legacy_followers"),
        ("video_count", "total_posts"),
        ("audience_genders", "audience_gender_age"),
    ]
    for official, legacy in pairs:
        assert definitions.find(official) is not definitions.find(legacy)
        former = definitions.rows(definitions.find(legacy))
        cells = availability.shipped("account").cells
        assert all(cells[row][column] == "none" for row in former for column in ("auth_ttcm", "unauth_ttcm"))


def test_views_reach_and_impressions_are_three_metrics():
    """C-02."""
    assert [definitions.fields(definitions.find(key)) for key in ("views", "reach", "impressions")] == [
        ("views",),
        ("reach",),
        (),
    ]


def test_an_unknown_name_is_refused():
    with pytest.raises(definitions.UnknownMetric, match="engagment"):
        definitions.find("engagment")
