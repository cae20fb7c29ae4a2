"""What the command line prints about an import: how it is read, and what became of its rows."""

from datetime import datetime
from typing import Any

import typer

OUTCOMES = {
    "new": "new",
    "updated": "updated",
    "known": "already there",
    "repeated": "repeated in the file",
    "errors": "not taken in",
}


def reading(workspace: Any, **told: Any) -> Any:
    """Bring a file, read here with a bar. Raises BadFile."""
    from greenroom.imports import actions as imports

    with _bar() as bar:
        task = bar.add_task("Reading", total=1.0)
        return imports.upload(workspace, **told, here=True, watch=lambda rows, share: bar.update(task, completed=share))


def trying(made: Any, *, at: datetime) -> Any:
    """A dry run made here with a bar. Raises NotMapped, BadFile."""
    from greenroom.imports import actions as imports

    with _bar() as bar:
        task = bar.add_task("Trying", total=made.total)
        return imports.dry_run(made, at=at, watch=lambda rows: bar.update(task, completed=rows))


def _bar() -> Any:
    from rich.progress import Progress

    return Progress(transient=True)


def show(made: Any) -> None:
    """How the columns are read, what to know about the file, and the first rows."""
    from rich.console import Console
    from rich.table import Table

    from greenroom.core import clock
    from greenroom.imports import actions as imports

    typer.echo(f"{made.file_name}: {made.total} rows, read as {made.told['format']}")
    for key, name in made.mapping.items():
        typer.echo(f"  {name} -> {key}")
    if unmapped := [name for name in made.header if name not in made.mapping.values()]:
        typer.echo(f"  left out: {', '.join(unmapped)}")
    for words in imports.notes(made):
        typer.echo(f"  {words}.")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for key in made.mapping:
        table.add_column(key, no_wrap=True, max_width=20)
    for row in imports.preview(made, at=clock.now(), rows=5):
        if row.problem:
            typer.echo(f"  line {row.line} can't be taken in: {row.problem}")
        else:
            table.add_row(*(row.values.get(key, "–")[:40] for key in made.mapping))
    Console(markup=False, highlight=False, emoji=False).print(table)


def counts(rows_by_outcome: dict[str, int], warnings: dict[str, list[int]]) -> None:
    """Rows by outcome, then what was assumed."""
    for name, words in OUTCOMES.items():
        if rows := rows_by_outcome.get(name, 0):
            typer.echo(f"{rows:>9,} {words}")
    for words, (rows, line) in warnings.items():
        typer.echo(f"  {words} ({rows:,} rows, first in line {line}).")
