"""Commands that read TikTok and answer questions."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from greenroom.cli.app import JsonOption, WorkspaceOption, app, time_of, workspace_of

GLYPHS = {"full": "✓", "limited": "~", "none": "–"}


@app.command()
def sync(workspace: WorkspaceOption = "") -> None:
    """Read everything that may be read, now, and show how it went. Exits with 1 when a stream failed."""
    from rich.progress import Progress

    from greenroom.core import clock
    from greenroom.syncs import actions as syncs

    bad = 0
    with Progress(transient=not sys.stdout.isatty()) as bar:
        steps = syncs.sync_now(workspace_of(workspace), at=clock.now())
        task = bar.add_task("Reading TikTok", total=None)
        for step in steps:
            bar.update(task, total=step.total, completed=step.done)
            bar.console.print(f"{step.label}: {step.words}")
            bad += not step.ok
    raise typer.Exit(int(bad > 0))


@app.command()
def measure(
    metrics: Annotated[list[str], typer.Argument(help="Metrics, such as views engagement_rate.")],
    by: Annotated[
        list[str] | None, typer.Option(help="Split by account, creator, campaign, post or day; may be repeated.")
    ] = None,
    where: Annotated[list[str] | None, typer.Option(help="Narrow, such as account=ana; may be repeated.")] = None,
    since: Annotated[str, typer.Option(help="Start of the window, 2026-03-01 or an ISO time (UTC).")] = "",
    until: Annotated[str, typer.Option(help="End of the window, not included.")] = "",
    as_of: Annotated[str, typer.Option(help="Answer as it was known at this time.")] = "",
    workspace: WorkspaceOption = "",
    as_json: JsonOption = False,
) -> None:
    """Ask for figures: the same question, answer and SQL as on the pages."""
    from greenroom.metrics import actions as metrics_actions
    from greenroom.metrics import query, tabulate

    try:
        question = query.Query(
            metrics=tuple(metrics),
            by=tuple(by or ()),
            where=tuple(_pair(one) for one in where or ()),
            since=time_of(since),
            until=time_of(until),
            as_of=time_of(as_of),
        )
        answer = metrics_actions.measure(question, workspace_of(workspace))
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(tabulate.as_json(answer), indent=2) if as_json else tabulate.as_text(answer))


@app.command()
def availability(
    as_json: JsonOption = False,
    as_of: Annotated[str, typer.Option(help="The tables in force at this time.")] = "",
    load: Annotated[Path | None, typer.Option(help="A JSON file like --json prints; becomes the next version.")] = None,
    effective: Annotated[str, typer.Option(help="When a loaded version takes effect.")] = "",
) -> None:
    """Which figure exists for which kind of account and post."""
    from greenroom.core import clock
    from greenroom.observations import availability as tables

    at = time_of(as_of) or clock.now()
    if load is not None:
        from django.db import transaction

        since = time_of(effective) or clock.now()
        try:
            told = json.loads(load.read_text())
            if not isinstance(told, dict):
                raise tables.BadTable("the file holds no tables; write it as --json prints them")
            with transaction.atomic():  # both tables or none
                versions = [tables.load(name, cells, effective_at=since) for name, cells in told.items()]
        except (OSError, ValueError) as error:
            typer.echo(f"{load}: {error}", err=True)
            raise typer.Exit(2) from None
        for one in versions:
            typer.echo(one)
        return
    said = tables.as_json(at)
    if as_json:
        typer.echo(json.dumps(said, indent=2))
        return
    for name, rows in said.items():
        columns = list(next(iter(rows.values())))
        typer.echo(f"{name:22}  {'  '.join(columns)}")
        for key, cells in rows.items():
            marks = (GLYPHS[cells[column]].ljust(len(column)) for column in columns)
            typer.echo(f"{key:22}  {'  '.join(marks)}".rstrip())
        typer.echo("")
    typer.echo("✓ available   ~ limited   – not available")


def _pair(text: str) -> tuple[str, str]:
    key, sep, value = text.partition("=")
    if not sep:
        raise typer.BadParameter(f"{text!r} does not narrow anything; write dimension=value, such as account=ana")
    return key.strip(), value.strip()
