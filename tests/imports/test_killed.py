"""An import whose process dies goes on exactly there; a large one stays small in memory."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from greenroom.core import work

ROOT = Path(__file__).parents[2]


def greenroom(home: Path, *words: str, **more) -> subprocess.Popen:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GREENROOM", "DATABASE_URL"))}
    env["GREENROOM_HOME"] = str(home)
    return subprocess.Popen([sys.executable, "-m", "greenroom", *words], env=env, cwd=ROOT, text=True, **more)


def said(home: Path, *words: str, code: int = 0) -> str:
    process = greenroom(home, *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=240)
    assert process.returncode == code, out + err
    return out + err


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_killed_in_the_middle_it_goes_on_and_stores_every_row_once(tmp_path):
    home, file = tmp_path / "home", tmp_path / "posts.csv"
    rows = 30_000
    file.write_text(
        "video id,author,post date,views\n" + "".join(f"p{n},a{n % 50},2025-01-01,{n}\n" for n in range(rows))
    )
    said(home, "init", "--owner", "o@acme.example")
    importing = greenroom(
        home, "import", "posts", str(file), "--yes", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(600):
        time.sleep(0.1)
        if (done := peek(home)) and 0 < done < rows:
            break
    importing.send_signal(signal.SIGKILL)
    importing.wait()
    assert 0 < peek(home) < rows
    time.sleep(work.LEASE.total_seconds() + 1)  # until then it counts as being worked on
    assert "30,000 new" in said(home, "import", "resume", "1")
    assert peek(home) == rows
    assert query(home, "select count(*), count(distinct item_id) from creators_post") == (rows, rows)
    assert query(home, "select sum(rows) from observations_batch where kind = 'post'") == (rows,)
    said(home, "import", "undo", "1", "--yes")
    assert query(home, "select count(*) from creators_post") == (0,)
    assert query(home, "select count(*) from creators_account") == (0,)


def query(home: Path, sql: str) -> tuple:
    import sqlite3

    with sqlite3.connect(f"file:{home / 'greenroom.sqlite3'}?mode=ro", uri=True) as store:
        return store.execute(sql).fetchone()


def peek(home: Path) -> int:
    """Rows done so far."""
    row = query(home, "select cursor from imports_import")
    return row[0] if row else 0


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_killed_while_it_is_read_it_is_read_again(tmp_path):
    home, file, rows = tmp_path / "home", tmp_path / "creators.xlsx", 20_000
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["handle", "followers", "date"])
    for n in range(rows):
        sheet.append([f"c{n}", n, "2025-01-01"])
    book.save(file)
    said(home, "init", "--owner", "o@acme.example")
    reading = greenroom(home, "import", "creators", str(file), "--yes", stdout=subprocess.DEVNULL)
    state = "select group_concat(state) from imports_import"
    for _ in range(600):
        time.sleep(0.05)
        if query(home, state) == ("reading",) and [*home.glob("imports/*/1-*")]:
            break
    reading.send_signal(signal.SIGKILL)
    reading.wait()
    assert query(home, state) == ("reading",)
    time.sleep(work.LEASE.total_seconds() + 1)  # until then it counts as being worked on
    assert "20,000 new" in said(home, "import", "resume", "1")
    assert query(home, "select count(*) from creators_account") == (rows,)
    said(home, "import", "undo", "1", "--yes")
    assert [path for path in home.glob("imports/*/*") if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_hundred_thousand_rows_need_less_than_400_mb(tmp_path):
    home, file = tmp_path / "home", tmp_path / "creators.csv"
    file.write_text("handle,followers,date\n" + "".join(f"c{n},{n},2025-01-01\n" for n in range(100_000)))
    said(home, "init", "--owner", "o@acme.example")
    code = (
        "import pathlib, runpy, sys; sys.argv = ['greenroom', 'import', 'creators', sys.argv[1], '--yes']\n"
        "try: runpy.run_module('greenroom', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print('peak', pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    env = {**os.environ, "GREENROOM_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", code, file], env=env, cwd=ROOT, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stderr
    assert "100,000 new" in done.stdout
    assert int(done.stdout.split("peak")[1]) < 400 * 1024
