"""Making sure that the database's files do not keep what its tables no longer hold."""

from datetime import datetime, timedelta

from django.db import connection

from greenroom.core.work import Later

SOON = timedelta(seconds=5)
TABLES = (
    "observations_batch observations_latest creators_post campaigns_campaignpost core_event hooks_delivery"
    " hooks_attempt imports_import imports_rowerror imports_fingerprint imports_change keys_keptanswer purges_purge"
)


def delete_for_real() -> None:
    """From now on this connection overwrites what it deletes. PostgreSQL has no such thing: see docs/leaving.md."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma secure_delete = on")


def scrub(*, at: datetime) -> None:
    """Write the database anew without its free space. Raises Later while another process reads an older state.

    On PostgreSQL the space of deleted rows is given free; what a disk holds of them `VACUUM FULL` removes.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for table in TABLES.split():
                cursor.execute(f"vacuum {table}")
            return
        cursor.execute("pragma temp_store = file")  # a large database need not fit into memory
        cursor.execute("vacuum")
        cursor.execute("pragma temp_store = memory")
        cursor.execute("pragma wal_checkpoint(truncate)")
        busy = cursor.fetchone()[0]
    if busy:
        raise Later(
            "Another process reads an older state of the database; its journal is emptied next", due_at=at + SOON
        )
