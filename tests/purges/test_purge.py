"""Leaving a former source: nothing of it is left anywhere, and what must stay stays."""

import shutil
from pathlib import Path

import pytest
from django.db import connection

from greenroom.purges import certificate

from .conftest import MARKS, purge
from .scan import find

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_store_holds_something_before_and_nothing_after(old):
    done = purge(old)
    assert done.state == "done"
    before = {one["store"]: one["before"] for one in done.certificate["stores"]}
    assert {name for name, rows in before.items() if not rows} <= {"caches", "texts"}
    assert {one["after"] for one in done.certificate["stores"]} == {0}
    assert certificate.check(done.certificate) == []


def with_database(home: Path) -> Path:
    """The home folder with a copy of this test's database in it, as an install has it."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        for path in name.parent.glob(f"{name.name}*"):
            shutil.copy(path, home / path.name.replace(name.name, "greenroom.sqlite3"))
    return home


def test_no_mark_is_left_in_the_home_folder(old, one_home):
    planted = {one.split(" in ")[0] for one in find(with_database(one_home), MARKS)}
    assert planted >= {*MARKS} - ({"answer"} if connection.vendor == "sqlite" else {"answer", "event", "body"})
    purge(old)
    assert find(with_database(one_home), MARKS) == []
