"""A million readings into a backup and back (PLT-08), on SQLite: seconds, memory, size, beside copying the files.

The baseline copies what is there: SQLite's own backup of the database, zipped with the lake. That is less work: the
copy can't be read without the same version, not in another database, and is not of one instant. Exits with 1 when the
restored install's backup is not the same bytes, or when memory goes over 1 GB.
`--readings 100000` is a quick look.
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
AT = "2026-05-04T08:00:00Z"
ACCOUNTS, POSTS, ROWS = 100, 100, 10_000
MOST = 1024


def fill(readings: int) -> None:
    """100 accounts with 100 posts each, read again and again; the last appends stay in the log."""
    from django.core.management import call_command

    from greenroom.core.actions import create_workspace
    from greenroom.creators.models import Account, Creator, Post
    from greenroom.observations import lake, log

    call_command("migrate", verbosity=0)
    owner = create_workspace(workspace="Bench", name="Olga", email="olga@bench.example", password=None, at=SINCE)
    own = {"workspace": owner.workspace}
    people = Creator.objects.bulk_create(Creator(**own, name=f"Creator {n}", created_at=SINCE) for n in range(ACCOUNTS))
    accounts = Account.objects.bulk_create(
        Account(**own, creator=one, handle=f"creator-{n}", origin="crm", created_at=SINCE, authenticated=True)
        for n, one in enumerate(people)
    )
    seen = {
        "posted_at": SINCE,
        "first_seen_at": SINCE,
        "last_seen_at": SINCE,
        "caption": "A caption of some length #ad",
    }
    posts = Post.objects.bulk_create(
        Post(**own, account=one, item_id=str(7_000_000_000_000_000_000 + one.pk * 1000 + n), **seen)
        for one in accounts
        for n in range(POSTS)
    )
    for number in range(readings // ROWS):
        at = SINCE + timedelta(hours=number)
        rows = [
            {
                "account": one.account_id,
                "subject": one.pk,
                "observed_at": at,
                "age_s": number * 3600,
                "source_class": "official_api",
                "surface": "accounts_api",
                "read_at": at,
                "views": one.pk * 37 + number * 11,
                "likes": one.pk * 3 + number,
                "comments": number // 3,
                "shares": number // 5,
                "reach": one.pk * 31 + number * 9,
            }
            for one in posts
        ]
        log.append(owner.workspace, "post", rows, key=f"bench:{number}", at=at)
        if number % 20 == 19:
            lake.roll("post", at=at)
    lake.compact("post", at=at)


def copy(target: Path) -> None:
    """The baseline: the files as they are."""
    home = Path(os.environ["GREENROOM_HOME"])
    with sqlite3.connect(home / "greenroom.sqlite3") as source, sqlite3.connect(target.with_suffix(".db")) as made:
        source.backup(made)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(target.with_suffix(".db"), "greenroom.sqlite3")
        for path in sorted((home / "lake").rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(home).as_posix())


def one_step(step: str, path: Path) -> None:
    """In a process of its own, so that its memory can be told; prints a line of JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "greenroom.settings"
    import django

    django.setup()
    from greenroom.backup import export, restore

    def quiet(*_: object) -> None: ...

    at = datetime.fromisoformat(AT)
    started, cpu = time.perf_counter(), time.process_time()
    match step:
        case "fill":
            fill(int(path.name))
        case "export":
            export.export(path, by="system", at=at, tell=quiet)
        case "restore":
            restore.restore(path, at=at, tell=quiet)
        case "copy":
            copy(path)
    told = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(told | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def run(step: str, path: Path, home: Path) -> dict[str, float]:
    env = {**os.environ, "GREENROOM_HOME": str(home), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, __file__, "--step", step, str(path)], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    size = path.stat().st_size / 1e6 if path.is_file() else 0
    print(
        f"{step:8} {told['seconds']:7.1f} s   {told['cpu']:7.1f} s of the processor   peak RSS {told['mb']:5.0f} MB"
        + (f"   {size:6.1f} MB" if size else "")
    )
    return told


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readings", type=int, default=1_000_000)
    parser.add_argument("--step", nargs=2, metavar=("NAME", "PATH"))
    asked = parser.parse_args()
    if asked.step:
        one_step(asked.step[0], Path(asked.step[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print(f"{asked.readings:,} readings of {ACCOUNTS * POSTS:,} posts")
        run("fill", Path(str(asked.readings)), place / "first")
        copied = run("copy", place / "copy.zip", place / "first")
        exported = run("export", place / "a.zip", place / "first")
        restored = run("restore", place / "a.zip", place / "second")
        again = run("export", place / "b.zip", place / "second")
        same = (place / "a.zip").read_bytes() == (place / "b.zip").read_bytes()
        most = max(one["mb"] for one in (exported, restored, again))
        print(f"export takes {exported['seconds'] / copied['seconds']:.1f} times the copy; same bytes again: {same}")
    return int(not same or most > MOST)


if __name__ == "__main__":
    sys.exit(main())
