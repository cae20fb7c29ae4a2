"""A backup restored into an empty home: the same backup again, the same figures (PLT-08)."""

import json
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from greenroom.backup import container, manifest
from greenroom.observations import lake, schema
from greenroom.observations.models import Batch, Roll
from tests.backup.conftest import contents
from tests.backup.figures import figures

pytestmark = pytest.mark.django_db(transaction=True)


def rolled_in_part(living, now) -> None:
    """Some readings in the lake, some in the log."""
    for kind in schema.KINDS:
        lake.roll(kind, at=now)
    living.read(now)
    assert Batch.objects.filter(rolled_at=None).exists()
    assert Roll.objects.exclude(files=[]).count() == len(schema.KINDS)


@pytest.mark.slow
def test_a_restored_backup_gives_the_same_bytes_and_the_same_figures(living, write, home, now, tmp_path):
    rolled_in_part(living, now)
    first = write("first")
    told = json.loads(json.dumps(figures(now), default=str))
    other = home("sqlite", keys=",".join(settings.GREENROOM_KEYS))
    other.run("restore", str(first))
    second = other.export(tmp_path / "second")
    assert contents(second) == contents(first)
    assert other.figures(now) == told
    assert sum(len(answer["rows"]) for answer in told.values()) > 1000
