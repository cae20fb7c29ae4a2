"""`greenroom doctor`: what is wrong with this install, and what to do about it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from greenroom.core import clock, secrets, work
from greenroom.core.models import User


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, whether it is well, and words that say what to do if not."""

    what: str
    ok: bool
    words: str


def examine() -> list[Finding]:
    """Look at everything an install needs. Opens no connection but the database's."""
    home = settings.GREENROOM_HOME
    private = home.stat().st_mode & 0o077 == 0
    findings = [
        Finding(
            "home folder",
            os.access(home, os.W_OK),
            str(home) if os.access(home, os.W_OK) else f"{home} can't be written; change its owner or GREENROOM_HOME",
        ),
        Finding(
            "home privacy",
            private,
            "readable by its owner only" if private else f"others may read the keys in it; run: chmod 700 {home}",
        ),
    ]
    if missing := missing_migrations():
        return [*findings, Finding("database", False, f"{missing} upgrades are missing; run: greenroom init")]
    return [*findings, Finding("database", True, connection.vendor), *_contents()]


def missing_migrations() -> int:
    """How many upgrades of the database are still to be made."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _contents() -> Iterator[Finding]:
    people = User.objects.count()
    yield Finding("people", people > 0, f"{people} can sign in" if people else "nobody yet; open the site to set up")
    app = bool(settings.TIKTOK_APP[0])
    to = settings.TIKTOK_URL or "TikTok"
    words = f"app {settings.TIKTOK_APP[0]} at {to}" if app else "no app; set GREENROOM_TIKTOK_APP_ID and …_SECRET"
    yield Finding("TikTok app", app, words)
    sealed = secrets.unreadable()
    words = f"encrypted with keys that are not here, renew: {', '.join(sealed)}" if sealed else "all can be read"
    yield Finding("secrets", not sealed, words)
    at = clock.now()
    for model in work.QUEUES:
        late = work.waiting(model, at - timedelta(minutes=5)).count()
        newest = model._default_manager.aggregate(at=Max("last_ran_at"))["at"]
        when = f"last run {newest:%Y-%m-%d %H:%M} UTC" if newest else "never run"
        words = f"{late} rows wait for over 5 minutes; is `greenroom work` running? {when}" if late else when
        yield Finding(f"queue of {model._meta.verbose_name_plural}", late == 0, words)
