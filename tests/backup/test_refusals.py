"""What is no whole backup is refused before anything is written, and what fails later leaves nothing."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from greenroom.backup import container, homes, manifest, tables
from greenroom.backup import restore as backup
from greenroom.backup.manifest import BadBackup
from greenroom.core import clock
from greenroom.core.models import Event, User, Workspace
from greenroom.observations import log
from greenroom.observations.models import Roll
from tests.backup.conftest import ROOT, contents
from tests.observations.conftest import everything, reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole(acme, write, at):
    """A small backup: two workspaces, some readings, an archived answer."""
    log.append(acme.workspace, "post", [reading(1, 11, at, views=7), reading(1, 12, at, views=9)], key="one", at=at)
    answer = Path(settings.GREENROOM_ARCHIVE) / "2026-03-12" / "1-1-posts-abc.zst"
    answer.parent.mkdir(parents=True)
    answer.write_bytes(b"as it came")
    return write("whole")


@pytest.fixture
def emptied(whole, tmp_path):
    """The install after that, as new."""
    shutil.rmtree(settings.GREENROOM_ARCHIVE)
    call_command("flush", interactive=False, verbosity=0)
    assert not Workspace.objects.exists()
    yield
    homes.sweep()


def read(source: Path, scratch: Path) -> manifest.Manifest:
    scratch.mkdir()
    with container.opened(source, scratch=scratch, told=lambda _: None) as (_, found):
        return found


def bring_back(source: Path) -> backup.Restored:
    return backup.restore(source, at=clock.now(), tell=lambda *_: None)


def remade(folder: Path, name: str, content: bytes) -> None:
    """Change a file and its entry in the manifest, so that only what it holds is wrong."""
    (folder / name).write_bytes(content)
    found = manifest.parse((folder / manifest.NAME).read_bytes())
    part = container.Part((folder / name).open("r+b"))
    part.write(content)
    entry = part.entry(rows=found.files[name].rows, modified=found.files[name].modified)
    changed = replace(found, files={**found.files, name: entry})
    (folder / manifest.NAME).write_bytes(changed.to_bytes())


def left() -> list[str]:
    """What a restore that failed has left behind; the sweep's row is made by every migration."""
    rows = [table.name for table in tables.kept(backup.apps) if not table.is_empty and table.name != "syncs.sweep"]
    return [*rows, *map(str, homes.leftovers()), *map(str, Path(settings.GREENROOM_HOME).glob("rest*"))]


def test_it_comes_back_into_an_emptied_install(emptied, whole, write):
    done = bring_back(whole)
    assert done.unreadable == []
    assert Workspace.objects.count() == 2
    assert views() == [7, 9]
    assert User.objects.get(email="olga@acme.example").check_password("greenroom-pass")
    assert contents(write("again")) == contents(whole)


def views() -> list[int]:
    return [value for _, _, value in everything(Workspace.objects.get(slug="acme"))]


def test_an_export_is_an_event_in_every_workspace(whole):
    kept = Event.objects.filter(name="backup.made")
    assert {one.workspace.slug for one in kept} == {"acme", "rival"}
    assert kept[0].data == {"rows": kept[0].data["rows"], "readings": 2, "with_keys": False}


def test_it_is_refused_where_something_is_already(whole, tmp_path):
    before = contents(tmp_path / "archive")
    with pytest.raises(backup.NotEmpty, match="not empty: the database has rows"):
        bring_back(whole)
    assert Workspace.objects.count() == 2
    assert contents(tmp_path / "archive") == before


def test_it_is_refused_over_somebodys_archive(emptied, whole):
    mine = Path(settings.GREENROOM_ARCHIVE) / "mine.zst"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    with pytest.raises(backup.NotEmpty, match="archive is not empty"):
        bring_back(whole)
    assert mine.read_bytes() == b"mine"


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "a row changed": lambda at: flip(at / "tables/core.user.jsonl", 40),
    "readings changed": lambda at: flip(at / "readings/post.parquet", 60),
    "a file is shorter": lambda at: os.truncate(at / "readings/post.parquet", 200),
    "a file is longer": lambda at: (at / "tables/core.user.jsonl").open("ab").write(b"{}\n"),
    "a file is missing": lambda at: (at / "tables/core.user.jsonl").unlink(),
    "a file was put there": lambda at: (at / "tables/evil.jsonl").write_bytes(b"{}\n"),
    "a file is a link": lambda at: (at / "archive/link").symlink_to("/etc/passwd"),
    "the manifest changed": lambda at: flip(at / "manifest.json", 30),
    "the manifest is shorter": lambda at: os.truncate(at / "manifest.json", 500),
    "the manifest is missing": lambda at: (at / "manifest.json").unlink(),
    "the manifest says another time": lambda at: (at / "manifest.json").write_text(
        (at / "manifest.json").read_text().replace("2026-05-04", "2026-05-05")
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused(emptied, whole, damage):
    DAMAGES[damage](whole)
    with pytest.raises(BadBackup):
        bring_back(whole)
    assert left() == []


@pytest.mark.parametrize(
    "name", ["../out", "/out", "tables/../../out", "a\\..\\out", "tables//x", "./x", "tables/a\0b"]
)
def test_a_name_that_leads_out_of_the_backup_is_refused(whole, name, tmp_path):
    found = manifest.parse((whole / manifest.NAME).read_bytes())
    wrong = replace(found, files={**found.files, name: manifest.Entry(1, "0" * 64)})
    (whole / manifest.NAME).write_bytes(wrong.to_bytes())
    with pytest.raises(BadBackup, match="outside of the backup"):
        read(whole, tmp_path / "scratch")


@pytest.mark.parametrize("wrong", [{"bytes": "7"}, {"sha256": 7}, {"modified": "soon"}, {"modified": "2026-03-12"}])
def test_an_entry_that_no_export_writes_is_refused(whole, wrong):
    found = manifest.parse((whole / manifest.NAME).read_bytes())
    name = next(iter(found.files))
    spoilt = replace(found, files={**found.files, name: replace(found.files[name], **wrong)})
    with pytest.raises(BadBackup, match="can't be read"):
        manifest.parse(spoilt.to_bytes())


@pytest.mark.parametrize("name", ["archive", "tables", "elsewhere/x"])
def test_a_file_that_has_no_place_in_an_install_is_refused(whole, name):
    found = manifest.parse((whole / manifest.NAME).read_bytes())
    entry = manifest.Entry(0, "", modified="2026-03-12T14:05:00+00:00")
    with pytest.raises(BadBackup, match="has no place"):
        backup._check(replace(found, files={**found.files, name: entry}))


def zipped(folder: Path, to: Path, **changed: bytes) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**contents(folder), **changed}.items():
            packed.writestr(name, content)
    return to


def test_a_zip_file_is_read_as_the_folder_is(whole, tmp_path):
    assert read(zipped(whole, tmp_path / "a.zip"), tmp_path / "one") == read(whole, tmp_path / "two")
    assert contents(tmp_path / "one") == {name: held for name, held in contents(whole).items() if name != manifest.NAME}


def test_a_zip_file_that_unpacks_to_more_than_it_says_is_refused(whole, tmp_path):
    bomb = zipped(whole, tmp_path / "bomb.zip", **{"tables/core.user.jsonl": b"\0" * (64 << 20)})
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(BadBackup, match="checksum"):
        read(bomb, tmp_path / "scratch")
    assert (tmp_path / "scratch/tables/core.user.jsonl").stat().st_size <= 2 * container.CHUNK


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.999])
def test_a_zip_file_cut_short_is_refused(whole, tmp_path, keep):
    cut = zipped(whole, tmp_path / "cut.zip")
    os.truncate(cut, int(cut.stat().st_size * keep))
    with pytest.raises(BadBackup):
        read(cut, tmp_path / "scratch")


def test_what_is_no_backup_is_told_so(tmp_path):
    (tmp_path / "text.zip").write_text("not a zip file")
    (tmp_path / "folder").mkdir()
    for source, words in (("text.zip", "zip file"), ("folder", "manifest.json"), ("nothing", "does not exist")):
        with pytest.raises(BadBackup, match=words):
            read(tmp_path / source, tmp_path / f"scratch {source}")


def test_another_format_and_a_newer_version_are_told_so(emptied, whole):
    told = json.loads((whole / manifest.NAME).read_text())
    (whole / manifest.NAME).write_text(json.dumps(told | {"format_version": 2}))
    with pytest.raises(BadBackup, match="format 2"):
        bring_back(whole)
    found = manifest.parse(json.dumps(told).encode())
    newer = replace(found, schema={**found.schema, "core": [*found.schema["core"], "0999_future"]})
    (whole / manifest.NAME).write_bytes(newer.to_bytes())
    with pytest.raises(BadBackup, match=r"newer Greenroom \(core.0999_future\)"):
        bring_back(whole)
    assert left() == []


BAD_ROWS = {
    "points at nothing": ("core.member", lambda row: row | {"user_id": 4711}, "points at"),
    "lacks a column": ("core.user", lambda row: {k: v for k, v in row.items() if k != "email"}, "other columns"),
    "is of another type": ("core.user", lambda row: row | {"date_joined": "yesterday"}, "no row"),
    "breaks a rule": ("core.user", lambda row: row | {"email": None}, "refuses a row"),
}


@pytest.mark.parametrize("fault", BAD_ROWS)
def test_a_row_the_database_refuses_leaves_nothing(emptied, whole, fault):
    name, change, words = BAD_ROWS[fault]
    file = f"tables/{name}.jsonl"
    rows = [json.loads(line) for line in (whole / file).read_bytes().splitlines()]
    rows[-1] = change(rows[-1])
    remade(whole, file, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    with pytest.raises((BadBackup, tables.BadRow), match=words):
        bring_back(whole)
    assert left() == []


def test_fewer_rows_than_said_leave_nothing(emptied, whole):
    lines = (whole / "tables/core.event.jsonl").read_bytes().splitlines(keepends=True)
    remade(whole, "tables/core.event.jsonl", b"".join(lines[:-1]))
    with pytest.raises(BadBackup, match="rows; the manifest says"):
        bring_back(whole)
    assert left() == []


KILLED = """
import os, sys
sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "greenroom.settings"
import django
django.setup()
from pathlib import Path
from greenroom.backup import restore
from greenroom.core import clock

def die(what, done, total):
    if what == sys.argv[2]:
        os.kill(os.getpid(), 9)

restore.restore(Path(sys.argv[1]), at=clock.now(), tell=die)
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["core.event", "readings of post", "files"])
def test_a_restore_that_was_killed_leaves_an_empty_install_that_takes_the_next_one(whole, home, tmp_path, where):
    other = home("other")
    env = {**os.environ, "GREENROOM_HOME": str(other.folder), "DATABASE_URL": ""}
    done = subprocess.run([sys.executable, "-c", KILLED, str(whole), where], env=env, cwd=ROOT)
    assert done.returncode == -9
    other.run("restore", str(whole))
    assert contents(other.export(tmp_path / "second")) == contents(whole)
    assert not (other.folder / backup.MARK).exists()


def test_a_target_that_exists_is_left_alone(acme, write, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine").write_text("mine")
    with pytest.raises(FileExistsError):
        write("there")
    assert contents(tmp_path / "there") == {"mine": b"mine"}


def test_an_export_that_fails_leaves_nothing(acme, write, tmp_path):
    def full(what, done, total):
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        write("half", tell=full)
    assert [path.name for path in tmp_path.iterdir() if "half" in path.name] == []
    assert not list(Path(settings.GREENROOM_HOME).glob("export-*"))
    assert not Event.objects.filter(name="backup.made").exists()


def test_a_lake_of_the_restored_install_goes_on(emptied, whole, at):
    """The next step of the lake finds its place: rolls and erasures work as before."""
    from greenroom.observations import lake

    bring_back(whole)
    acme = Workspace.objects.get(slug="acme")
    assert log.append(acme, "post", [reading(1, 11, at, views=7)], key="one", at=at) == 0  # known: it was kept before
    log.append(acme, "post", [reading(1, 11, at + timedelta(days=1), views=11)], key="two", at=at)
    assert lake.roll("post", at=at) == 1
    assert sorted(views()) == [7, 9, 11]
    assert Roll.objects.get(kind="post").version == 1


@pytest.fixture
def older(whole):
    """The same backup as a version would have made it that had no votes on help articles yet."""
    (whole / "tables/help.vote.jsonl").unlink()
    found = manifest.parse((whole / manifest.NAME).read_bytes())
    without = replace(
        found,
        schema={name: steps for name, steps in found.schema.items() if name != "help"},
        sequences={name: last for name, last in found.sequences.items() if name != "help.vote"},
        files={name: entry for name, entry in found.files.items() if name != "tables/help.vote.jsonl"},
    )
    (whole / manifest.NAME).write_bytes(without.to_bytes())
    return whole


@pytest.mark.slow
def test_an_older_backup_is_restored_in_its_own_shape_and_upgraded(older, home, tmp_path):
    other = home("other")
    other.run("restore", str(older))
    again = contents(other.export(tmp_path / "again"))
    assert again.pop("tables/help.vote.jsonl") == b""
    before = contents(older)
    assert again.pop(manifest.NAME) != before.pop(manifest.NAME)
    assert again == before


def test_an_older_backup_needs_a_database_that_was_never_used(emptied, older):
    with pytest.raises(BadBackup, match=r"newer than the backup \(help.0001_votes\)"):
        bring_back(older)
    assert left() == []
