"""The three real files come in as they are, one command each."""

import statistics
from datetime import UTC, datetime

from greenroom.creators.models import Post
from greenroom.observations import view


def readings(workspace, sql: str) -> list[dict]:
    return view.open_view(workspace.pk).rows(sql)


def test_five_lists_of_creators_as_they_are(desk, acme, real):
    done = desk.bring("creators", real("top_creators_snapshots.csv").read_bytes())
    print(done.mapping, done.counts, done.warnings, [str(e) for e in done.row_errors.all()[:9]])
    assert done.state == "finished"
    assert done.counted()["errors"] == 0


def test_trending_posts_as_they_are(desk, acme, real):
    done = desk.bring("posts", real("trending_dec2020.csv").read_bytes())
    print(done.mapping, done.counts, done.warnings, [str(e) for e in done.row_errors.all()[:9]])
    assert done.state == "finished"
    assert done.counted() == {"new": 709, "updated": 0, "known": 0, "repeated": 0, "errors": 0}
    assert Post.objects.within(acme.workspace).count() == 709
    rows = readings(acme.workspace, "select views, likes, comments, shares, source_class, surface from post_readings")
    assert len(rows) == 709
    median = statistics.median((r["likes"] + r["comments"] + r["shares"]) / r["views"] for r in rows)
    assert round(median, 5) == 0.08908


def test_days_of_one_creator_as_they_are(desk, acme, real):
    desk.at = datetime(2026, 5, 1, tzinfo=UTC)
    done = desk.bring("account_days", real("one_creator_daily_2025_26.csv").read_bytes(), account="conor")
    print(done.mapping, done.counts, done.warnings, [str(e) for e in done.row_errors.all()[:9]])
    assert done.counted()["new"] == 364
