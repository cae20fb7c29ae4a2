"""Readings to append, and ways to see everything the store holds."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from greenroom.observations import engine, log, relations, view


def reading(account: int, subject: int, observed_at: datetime, **fields: Any) -> dict[str, Any]:
    """One reading; whatever is not given is missing."""
    given = {"source_class": "sandbox", "surface": "accounts_api", "read_at": observed_at}
    return {"account": account, "subject": subject, "observed_at": observed_at, **given, **fields}


def everything(workspace, kind: str = "post") -> list[tuple]:
    """(subject, observed_at, views or followers) of each reading, sorted: what was appended, as the view tells it."""
    value = {"post": "views", "account": "followers", "account_day": "likes"}[kind]
    rows = view.open_view(workspace).rows(
        f"select subject, observed_at, {value} as value from {relations.READINGS[kind]}"
    )
    return sorted((row["subject"], row["observed_at"], row["value"]) for row in rows)


def on_disk() -> str:
    """Every row of every Parquet file below the lake, whether a version still names the file or not, as text."""

    return repr([pq.read_table(file).to_pylist() for file in sorted(Path(engine.lake()).rglob("*.parquet"))])


@pytest.fixture
def append(acme):
    """append(kind, rows…, key=…) into acme."""

    def append(kind: str, *rows: dict[str, Any], key: str, workspace=None) -> int:
        at = max(row["observed_at"] for row in rows)
        return log.append(workspace or acme.workspace, kind, list(rows), key=key, at=at)

    return append


@pytest.fixture
def fill(append):
    """fill(at): some batches of post readings over some months."""

    def fill(at: datetime, *, batches: int = 6, posts: int = 20, key: str = "k") -> None:
        for batch in range(batches):
            moment = at + timedelta(days=11 * batch)
            rows = [reading(1 + post % 3, post, moment, views=batch * 100 + post) for post in range(posts)]
            append("post", *rows, key=f"{key}{batch}")

    return fill
