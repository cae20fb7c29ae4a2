"""How much reading costs: posts stored per CPU second, beside a dlt pipeline over the same endpoint in the same run.

200 accounts with 200 posts each, every field and list of a post, from an unthrottled sandbox process whose own work
is not counted. Ours is what a worker does: archive, log, newest values, posts, cursor, event, run. dlt extracts,
normalises and loads into DuckDB; its lists stay JSON columns (`max_table_nesting=0`), its fastest way to keep them.
Each side is measured in a process of its own, after its imports, with all its threads and children. The worker has one
thread, as dlt's extraction has: threads are for waiting on TikTok, and this sandbox keeps nobody waiting.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.syncs import crowd

ACCOUNTS, POSTS, GOAL, SEED = 200, 200, 3.0, 11


def cpu() -> float:
    """CPU seconds of this process, its threads and its ended children."""
    return sum(os.times()[:4])


def ours() -> dict[str, float]:
    """Read every account's posts once, as a worker does."""
    import threading

    import django

    django.setup()
    from django.db.models import Sum

    from greenroom.core import clock, work
    from greenroom.observations.models import Batch
    from greenroom.syncs.models import Run, Sync

    Sync.objects.exclude(stream="organic_posts").update(due_at=None)
    Sync.objects.filter(stream="organic_posts").update(due_at=clock.now(), cursor={})
    worker = work.Worker(threads=1)
    began, used = time.monotonic(), cpu()
    thread = threading.Thread(target=worker.work)
    thread.start()
    while Run.objects.filter(outcome="ok").count() < ACCOUNTS:
        time.sleep(0.2)
    worker.stop()
    thread.join()
    spent = {"cpu": cpu() - used, "seconds": time.monotonic() - began}
    return {"rows": Batch.objects.filter(kind="post").aggregate(rows=Sum("rows"))["rows"], **spent}


def theirs() -> dict[str, float]:
    """The same posts through dlt."""
    import dlt
    from dlt.sources.helpers import requests

    grants, fields = json.loads(Path(os.environ["BENCH_GRANTS"]).read_text())
    url = os.environ["GREENROOM_TIKTOK_URL"] + "/open_api/v1.3/business/video/list/"

    @dlt.resource(name="posts", max_table_nesting=0, primary_key="item_id", write_disposition="append")
    def posts():
        session = requests.Client().session
        for open_id, token in grants:
            cursor, more = None, True
            while more:
                query = {"business_id": open_id, "fields": json.dumps(fields), "max_count": 20}
                query |= {"cursor": cursor} if cursor else {}
                data = session.get(url, params=query, headers={"Access-Token": token}).json()["data"]
                yield data["videos"]
                cursor, more = data["cursor"], data["has_more"]

    home = Path(os.environ["GREENROOM_HOME"])
    pipeline = dlt.pipeline(
        "beside", destination=dlt.destinations.duckdb(str(home / "beside.duckdb")), pipelines_dir=str(home / "dlt")
    )
    began, used = time.monotonic(), cpu()
    pipeline.run(posts())
    spent = {"cpu": cpu() - used, "seconds": time.monotonic() - began}
    with pipeline.sql_client() as client:
        return {"rows": client.execute_sql("select count(*) from posts")[0][0], **spent}


def prepare() -> None:
    """Connect the creators, and write down their tokens and the fields we ask for."""
    from greenroom.sandbox.serve import Running

    port = int(os.environ["GREENROOM_TIKTOK_URL"].rsplit(":", 1)[1])
    crowd.gather(Running(port), ACCOUNTS)
    from greenroom.creators.models import Connection
    from greenroom.syncs import organic, streams
    from greenroom.tiktok import accounts

    rows = Connection.objects.filter(dialect="accounts")
    fields = streams.asked_for("post", organic.SURFACE, accounts.VIDEO_FIELDS, tuple(rows[0].scopes), *organic.FACTS)
    told = [[row.open_id, row.access_token] for row in rows], fields
    Path(os.environ["BENCH_GRANTS"]).write_text(json.dumps(told))


def child(part: str) -> dict[str, float]:
    """One part in a process of its own."""
    done = subprocess.run([sys.executable, __file__, part], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"GREENROOM_HOME": home, "BENCH_GRANTS": f"{home}/grants.json", "DATABASE_URL": ""}
        with crowd.tiktok(accounts=ACCOUNTS + 100, posts=POSTS, seed=SEED):
            child("prepare")
            results = {"greenroom": child("ours"), "dlt": child("theirs")}
    pace = {name: one["rows"] / one["cpu"] for name, one in results.items()}
    for name, one in results.items():
        spent = f"{one['cpu']:6.1f} CPU s {one['seconds']:6.1f} s"
        print(f"{name:10} {one['rows']:7,.0f} posts {spent} {pace[name]:8,.0f} posts per CPU s")
    ratio = pace["greenroom"] / pace["dlt"]
    print(f"ratio {ratio:.1f} (goal {GOAL:.0f})")
    same = results["greenroom"]["rows"] == results["dlt"]["rows"] == ACCOUNTS * POSTS
    raise SystemExit(0 if same and ratio >= GOAL else 1)


if __name__ == "__main__":
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    match part:
        case "":
            main()
        case "prepare":
            prepare()
            print("{}")
        case "ours":
            print(json.dumps(ours()))
        case "theirs":
            print(json.dumps(theirs()))
