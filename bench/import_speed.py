"""How long 100,000 rows take to come in, and how much memory: posts and creators, as CSV and XLSX, on SQLite.

Beside it, in the same run, the least that any import must do: Python's csv module and `executemany` into one table of
the same SQLite settings, with nothing checked, matched or kept for undo. Each side runs in a process of its own; the
seconds are from opening the file to the last commit. Exits with 1 over 60 s or 400 MB.
"""

import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

ROWS, SECONDS, MEGABYTES = 100_000, 60.0, 400.0
POSTS = ["video link", "author", "create time", "caption", "duration", "plays", "likes", "comments", "shares", "saves"]
CREATORS = ["handle", "name", "email", "country", "snapshot", "followers", "views_avg", "likes_avg"]


def rows(kind: str):
    """The same rows every time."""
    dice, first = random.Random(5), datetime(2025, 1, 1, tzinfo=UTC)
    for n in range(ROWS):
        if kind == "creators":
            yield [
                *(f"creator_{n}", f"Creator {n}", f"c{n}@mail.example", dice.choice(["Germany", "US", "bra"])),
                *("2025-06-01", dice.choice(["12.3K", "1.2M", "90,210"]), dice.random() * 1e6, dice.random() * 1e5),
            ]
            continue
        at = first + timedelta(minutes=4 * n)
        item = (int(at.timestamp()) << 32) + dice.randrange(2**32)
        views = dice.randrange(10**7)
        yield [
            f"https://www.tiktok.com/@author{n % 500}/video/{item}", f"author{n % 500}", int(at.timestamp()),
            f"caption {n}, with a comma #tag", dice.randrange(5, 90), views, views // 11, views // 300, "1,204", "3.4K",
        ]  # fmt: skip


def write(kind: str, form: str, path: Path) -> None:
    if form == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([POSTS if kind == "posts" else CREATORS, *rows(kind)])
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [POSTS if kind == "posts" else CREATORS, *rows(kind)]:
        sheet.append(row)
    book.save(path)


def ours(kind: str, path: Path) -> None:
    """What `greenroom import` does."""
    import django

    django.setup()
    from django.core.management import call_command

    from greenroom.core import clock
    from greenroom.core.models import Workspace
    from greenroom.imports import actions as imports

    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="Bench", slug="bench")
    began, used = time.monotonic(), time.process_time()
    with path.open("rb") as file:
        made = imports.upload(workspace, kind=kind, file=file, name=path.name, by="bench", at=clock.now(), here=True)
    taken = time.monotonic() - began
    imports.start(made, by="bench", at=clock.now())
    for _ in imports.carry_out(made, at=clock.now()):
        pass
    seconds = time.monotonic() - began
    peak, cpu = memory(), time.process_time() - used
    assert made.counted()["new"] == ROWS, made.counted()
    began = time.monotonic()
    if os.environ.get("UNDO"):
        imports.undo(made, by="bench", at=clock.now())
        for _ in imports.carry_out(made, at=clock.now()):
            pass
    print(
        json.dumps(
            {"seconds": seconds, "reading": taken, "undo": time.monotonic() - began, "megabytes": peak, "cpu": cpu}
        )
    )


def least(path: Path) -> None:
    """csv and executemany."""
    store = sqlite3.connect(Path(os.environ["GREENROOM_HOME"]) / "least.sqlite3")
    store.executescript("pragma journal_mode=wal; pragma synchronous=full;")
    began = time.monotonic()
    with path.open(newline="") as file:
        reader = csv.reader(file)
        width = len(next(reader))
        store.execute(f"create table t ({', '.join(f'c{n}' for n in range(width))})")
        store.executemany(f"insert into t values ({', '.join('?' * width)})", reader)
    store.commit()
    print(json.dumps({"seconds": time.monotonic() - began, "megabytes": memory()}))


def memory() -> float:
    """The most this process ever held, in megabytes; what its parent held before does not count."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def apart(*words: str) -> dict[str, float]:
    """One side in a process and a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "GREENROOM_HOME": home, "DJANGO_SETTINGS_MODULE": "greenroom.settings"}
        done = subprocess.run([sys.executable, __file__, *words], env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("posts", "creators"):
            for form in ("csv", "xlsx"):
                path = Path(folder) / f"{kind}.{form}"
                write(kind, form, path)
                got = apart("ours", kind, str(path))
                undone = f", undo {got['undo']:.1f} s" if os.environ.get("UNDO") else ""
                print(
                    f"{kind} {form}: {ROWS:,} rows in {got['seconds']:.1f} s, {got['cpu']:.1f} s of them CPU"
                    f" (reading the file {got['reading']:.1f} s), peak {got['megabytes']:.0f} MB{undone}"
                )
                bad = bad or got["seconds"] > SECONDS or got["megabytes"] > MEGABYTES
                if form == "csv":
                    floor = apart("least", str(path))
                    print(
                        f"  csv and executemany alone: {floor['seconds']:.1f} s, peak {floor['megabytes']:.0f} MB; "
                        f"ours takes {got['seconds'] / floor['seconds']:.0f} times as long"
                    )
    sys.exit(int(bad))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", kind, path]:
            ours(kind, Path(path))
        case ["least", path]:
            least(Path(path))
        case _:
            main()
