"""The shape of the database a backup was made of, and how an empty database gets into it."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from greenroom.backup.manifest import BadBackup

Node = tuple[str, str]


def applied() -> dict[str, list[str]]:
    """The upgrades this database has had, by module."""
    found: dict[str, list[str]] = {}
    for module, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(module, []).append(name)
    return found


def check(schema: Mapping[str, list[str]]) -> None:
    """Can an empty database here be brought into this shape? Raises BadBackup."""
    loader = MigrationExecutor(connection).loader
    asked = _nodes(schema)
    if unknown := sorted(asked - set(loader.disk_migrations)):
        raise BadBackup(f"This backup was made by a newer Greenroom ({'.'.join(unknown[0])}). Upgrade this one first.")
    if asked != set(loader.disk_migrations) and (newer := sorted(set(loader.applied_migrations) - asked)):
        raise BadBackup(
            f"This database is newer than the backup ({'.'.join(newer[0])}). Restore into a database that was never"
            " used; it is upgraded afterwards."
        )


def take_shape(schema: Mapping[str, list[str]]) -> Any:
    """Make the database what it was when the backup was made; returns the models as they were then."""
    executor = MigrationExecutor(connection)
    asked = _nodes(schema)
    if asked == set(executor.loader.disk_migrations):
        finish()
        return apps
    children = executor.loader.graph.node_map
    last = [
        node
        for node in sorted(asked)
        if not any(child.key in asked and child.key[0] == node[0] for child in children[node].children)
    ]
    executor.migrate(last)
    return executor.loader.project_state(last).apps


def finish() -> None:
    """Bring the database to this version."""
    call_command("migrate", interactive=False, verbosity=0)


def _nodes(schema: Mapping[str, list[str]]) -> set[Node]:
    return {(module, name) for module, names in schema.items() for name in names}
