"""The lake: rolled, sorted, compacted, and the same picture all along."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenroom.core import work
from greenroom.observations import engine, lake, models, schema, steps, view

from .conftest import everything, reading

HOUR = timedelta(hours=1)


class TestRoll:
    def test_the_picture_is_the_same_before_and_after(self, acme, at, append, fill):
        fill(at)
        before = everything(acme.workspace)
        assert lake.roll("post", at=at) == 120
        assert everything(acme.workspace) == before
        assert len(before) == 120
        assert not models.Batch.objects.filter(rolled_at=None).exists()
        assert lake.roll("post", at=at) == 0

    def test_files_lie_by_month_and_are_sorted(self, acme, at, append, fill):
        fill(at)
        lake.roll("post", at=at)
        files = steps.state("post").files
        assert {file.split("/")[1] for file in files} == {"month=2026-03", "month=2026-04", "month=2026-05"}
        for file in files:
            rows = pq.read_table(Path(engine.lake()) / file, partitioning=None).to_pylist()
            keys = [tuple(row[name] for name in lake.ORDER) for row in rows]
            assert keys == sorted(keys)
            assert {f"month={row['observed_at']:%Y-%m}" for row in rows} == {file.split("/")[1]}

    def test_a_key_is_still_known_after_its_batch_was_rolled(self, acme, at, append, fill):
        fill(at, batches=1)
        lake.roll("post", at=at)
        assert append("post", reading(1, 1, at, views=5), key="k0") == 0
        assert len(everything(acme.workspace)) == 20

    def test_one_roll_takes_no_more_than_its_share(self, acme, at, append, fill, monkeypatch):
        monkeypatch.setattr(lake, "ROLL_ROWS", 50)
        fill(at)
        assert [lake.roll("post", at=at) for _ in range(3)] == [60, 60, 0]
        assert len(everything(acme.workspace)) == 120

    def test_missing_is_still_missing_in_the_lake(self, acme, at, append):
        append("post", reading(1, 1, at, views=0), key="a")
        lake.roll("post", at=at)
        [row] = view.open_view(acme.workspace).rows("select views, likes, reach, audience_ages from post_readings")
        assert row == {"views": 0, "likes": None, "reach": None, "audience_ages": None}

    def test_a_lake_that_does_not_belong_to_the_database_is_not_touched(self, acme, at, append, fill):
        fill(at, batches=1)
        lake.roll("post", at=at)
        models.Roll.objects.filter(kind="post").update(step=0)  # as after restoring an older database
        fill(at, batches=1, key="later")
        with pytest.raises(steps.LakeMismatch, match="backup"):
            lake.roll("post", at=at)
        assert models.Batch.objects.filter(rolled_at=None).count() == 1


class TestCompact:
    def test_many_files_of_a_month_become_one_sorted_file(self, acme, at, append):
        for hour in range(10):
            append("post", *[reading(1, post, at + hour * HOUR, views=hour) for post in range(30)], key=f"k{hour}")
            lake.roll("post", at=at)
        before = everything(acme.workspace)
        assert len(steps.state("post").files) == 10
        assert lake.compact("post", at=at) == 1
        [file] = steps.state("post").files
        rows = pq.read_table(Path(engine.lake()) / file, partitioning=None).to_pylist()
        keys = [tuple(row[name] for name in lake.ORDER) for row in rows]
        assert keys == sorted(keys)
        assert everything(acme.workspace) == before
        assert lake.compact("post", at=at) == 0

    def test_a_view_opened_before_outlives_the_deletion_of_its_files(self, acme, at, append):
        for hour in range(10):
            append("post", reading(1, 1, at + hour * HOUR, views=hour), key=f"k{hour}")
            lake.roll("post", at=at)
        seen = view.open_view(acme.workspace)
        lake.compact("post", at=at)
        assert len(list((Path(engine.lake()) / "post").rglob("*.parquet"))) == 11  # the old ones have their grace
        lake.sweep("post", at=at)
        assert len(list((Path(engine.lake()) / "post").rglob("*.parquet"))) == 1
        assert seen.rows("select count(*) as n from post_readings") == [{"n": 10}]


class TestDue:
    def test_a_fresh_database_has_a_row_for_every_kind(self, db):
        assert set(models.Roll.objects.exclude(due_at=None).values_list("kind", flat=True)) == {
            "account", "account_day", "post",
        }  # fmt: skip

    def test_the_due_row_rolls_what_is_old_enough_and_comes_back(self, acme, at, append, fill):
        fill(at, batches=1)
        row = models.Roll.objects.get(kind="post")
        assert work.QUEUES[models.Roll].run(row, at=at) > at
        assert models.Batch.objects.filter(rolled_at=None).count() == 1
        work.QUEUES[models.Roll].run(row, at=at + lake.ROLL_AGE)
        assert models.Batch.objects.filter(rolled_at=None).count() == 0
        assert len(everything(acme.workspace)) == 20

    def test_it_does_not_wait_once_the_log_is_long(self, acme, at, append, fill, monkeypatch):
        monkeypatch.setattr(lake, "ROLL_BATCHES", 3)
        fill(at, batches=4, posts=1)
        assert lake.is_due("post", at=at)

    def test_keys_are_forgotten_when_nobody_can_try_them_again(self, acme, at, append, fill):
        fill(at, batches=2)
        lake.roll("post", at=at)
        row = models.Roll.objects.get(kind="post")
        work.QUEUES[models.Roll].run(row, at=at + timedelta(days=3))
        assert not models.Batch.objects.exists()
        assert len(everything(acme.workspace)) == 40


class TestWiden:
    def test_a_lake_of_an_older_version_gets_the_columns_it_lacks(self, acme, at, append, fill, monkeypatch):
        now = schema.arrow_schema
        older = pa.schema([one for one in now("post") if one.name != "import_id"])
        with monkeypatch.context() as past:
            past.setattr(schema, "arrow_schema", lambda kind: older if kind == "post" else now(kind))
            fill(at)
            lake.roll("post", at=at)
            before = everything(acme.workspace)
        append("post", reading(1, 1, at + HOUR, views=5, reach=4, import_id=9), key="new")
        assert lake.widen("post", at=at)
        assert not lake.widen("post", at=at)
        lake.roll("post", at=at)
        assert everything(acme.workspace) == sorted([*before, (1, at + HOUR, 5)])
        sql = "select import_id, count(*) as n, max(reach) as reach from post_readings group by all order by n"
        rows = view.open_view(acme.workspace).rows(sql)
        assert rows == [{"import_id": 9, "n": 1, "reach": 4}, {"import_id": None, "n": 120, "reach": None}]

    def test_without_a_lake_there_is_nothing_to_widen(self, db, at):
        assert not lake.widen("post", at=at)
