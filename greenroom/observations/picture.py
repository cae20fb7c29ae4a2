"""What a view looks at: a Delta version's files, the batches behind it, and the newest values, all of one instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection

from greenroom.core.snapshot import snapshot
from greenroom.observations import engine, log, models, schema

if TYPE_CHECKING:
    import pyarrow as pa
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Part:
    """The readings of one kind: the files of a Delta version, the batches behind it, the newest values."""

    version: int
    step: int
    files: tuple[str, ...]
    tail: dict[int, "pa.Table"]
    latest: "pa.Table | None" = None


@dataclass(frozen=True)
class Picture:
    """Everything a view of one workspace can show."""

    workspace: int
    lake: str
    parts: dict[str, Part]
    withheld: frozenset[str] = frozenset()  # source classes that are being erased: not to be seen by anybody any more

    @property
    def newest_kept(self) -> bool:
        """Are the newest values at hand as rows? Those that are kept may still hold what is withheld."""
        return not self.withheld


Look = dict[str, tuple[int, int, frozenset[int]]]  # kind -> version, step, ids of the batches not rolled


def take(workspace: int, before: Picture | None = None) -> Picture:
    """The present picture; `before` itself when nothing changed, else what it has decoded is used again."""
    with snapshot():
        look = _look(workspace)
        withheld = _withheld(workspace)
        if before and before.withheld != withheld:
            before = None
        if before and all(
            (part.version, part.step, frozenset(part.tail)) == look[kind] for kind, part in before.parts.items()
        ):
            return before
        parts = {kind: _part(workspace, kind, look[kind], before, newest=not withheld) for kind in schema.KINDS}
    return Picture(workspace, engine.lake(), parts, withheld)


def _withheld(workspace: int) -> frozenset[str]:
    rows = models.Erasure.objects.filter(workspace_id=workspace, account=models.Erasure.EVERY, done_at=None)
    return frozenset(rows.values_list("source_class", flat=True))


def _look(workspace: int) -> Look:
    """Which version counts and what is not in it, for each kind, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select kind, version, step, null from {models.Roll._meta.db_table}"  # noqa: S608
            f" union all select kind, null, null, id from {models.Batch._meta.db_table}"
            " where workspace_id = %s and rolled_at is null",
            [workspace],
        )
        rows = cursor.fetchall()
    states = {kind: (version, step) for kind, version, step, batch in rows if batch is None}
    tails: dict[str, set[int]] = {}
    for kind, _, _, batch in rows:
        if batch is not None:
            tails.setdefault(kind, set()).add(batch)
    return {kind: (*states.get(kind, (-1, 0)), frozenset(tails.get(kind, ()))) for kind in schema.KINDS}


def _part(
    workspace: int, kind: str, seen: tuple[int, int, frozenset[int]], before: Picture | None, *, newest: bool
) -> Part:
    version, step, batches = seen
    old = before.parts[kind] if before else Part(-1, 0, (), {})
    files = old.files if old.version == version else _files(kind, version)
    fresh = batches - old.tail.keys()
    tail = {key: table for key, table in old.tail.items() if key in batches} | _decoded(kind, fresh)
    if len(tail) != len(batches):
        raise RuntimeError(f"batches of {kind} went away while they were read")
    latest = None
    if schema.KINDS[kind].kept and newest:
        appended = old.step == step and old.latest is not None
        latest = _newest(workspace, kind, old.latest, fresh if appended else None)
    return Part(version, step, files, tail, latest)


def _decoded(kind: str, batches: Iterable[int]) -> dict[int, "pa.Table"]:
    rows = models.Batch.objects.filter(pk__in=list(batches), rolled_at=None).values_list("pk", "ipc")
    return {pk: log.decode(kind, bytes(ipc)) for pk, ipc in rows}


def _files(kind: str, version: int) -> tuple[str, ...]:
    """The Parquet files of the version that counts, as steps.py wrote them down."""
    held = models.Roll.objects.filter(kind=kind, version=version).values_list("files", flat=True).first()
    return tuple(f"{engine.lake()}/{file}" for file in held or ())


def _newest(workspace: int, kind: str, old: "pa.Table | None", touched: frozenset[int] | None) -> "pa.Table":
    """The Latest rows as a wide table; when only batches `touched` came since `old`, only what they changed is read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    changed = models.Latest.objects.filter(workspace_id=workspace, kind=kind)
    if old is None or touched is None:
        return wide(kind, _decoded_latest(changed))
    if not touched:
        return old
    fresh = wide(kind, _decoded_latest(changed.filter(batch__in=touched)))
    kept = old.filter(pc.invert(pc.is_in(old["subject"], value_set=fresh["subject"])))
    # In one piece: a hundred appends would leave a hundred chunks, and each makes filter and question slower.
    return pa.concat_tables([kept, fresh]).combine_chunks()


def _decoded_latest(rows: "QuerySet[models.Latest]") -> dict[int, tuple[Any, ...]]:
    columns = ("subject", "account", "observed_at", "surface", "consent", "fields", "older")
    return {
        subject: (account, log.microseconds(at), surface, consent, orjson.loads(fields), orjson.loads(older))
        for subject, account, at, surface, consent, fields, older in rows.values_list(*columns)
    }


def wide(kind: str, rows: dict[int, tuple[Any, ...]]) -> "pa.Table":
    """One row per subject: what the newest reading says of itself, and per kept field f, f_at, f_surface, f_consent."""
    import pyarrow as pa

    moment = pa.timestamp("us", tz="UTC")
    columns: dict[str, Any] = {
        "subject": pa.array(list(rows), pa.int64()),
        "account": pa.array([row[0] for row in rows.values()], pa.int64()),
        "observed_at": pa.array([row[1] for row in rows.values()], moment),
        "surface": pa.array([row[2] for row in rows.values()], pa.string()),
        "consent": pa.array([row[3] for row in rows.values()], pa.int64()),
    }
    types = schema.arrow_schema(kind)
    for key in schema.KINDS[kind].kept:
        origins = [
            row[5].get(key) or (row[1], row[2], row[3]) if key in row[4] else (None, None, None)
            for row in rows.values()
        ]
        columns[key] = pa.array([row[4].get(key) for row in rows.values()], types.field(key).type)
        columns[f"{key}_at"] = pa.array([origin[0] for origin in origins], moment)
        columns[f"{key}_surface"] = pa.array([origin[1] for origin in origins], pa.string())
        columns[f"{key}_consent"] = pa.array([origin[2] for origin in origins], pa.int64())
    return pa.table(columns)
