"""Commands that take everything along, and bring it back."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from greenroom.cli.app import app, time_of

WITH_KEYS = (
    "Whoever has this backup can act for your creators at TikTok: it holds the keys. Keep it where you keep secrets."
)
WITHOUT_KEYS = (
    "The keys (encryption.keys and signing.key in GREENROOM_HOME) are not in it, and without them connections must be"
    " made again after a restore. Keep the two files elsewhere, or use --with-keys."
)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or a file that ends in .zip.")],
    everything: Annotated[bool, typer.Option("--all", help="Everything this install holds.")] = False,
    with_keys: Annotated[bool, typer.Option("--with-keys", help="The keys that open tokens and links, too.")] = False,
    at: Annotated[str, typer.Option(help="The time to write into it, instead of now.")] = "",
) -> None:
    """Write a backup: everything, as open files. App and worker may go on meanwhile."""
    from greenroom.backup import export as backup
    from greenroom.core import clock, events

    if not everything:
        raise typer.BadParameter("say --all: everything this install holds", param_hint="--all")
    try:
        with _progress() as tell:
            made = backup.export(
                target, by=events.SYSTEM, at=time_of(at) or clock.now(), with_keys=with_keys, tell=tell
            )
    except OSError as error:
        _refused(error)
    typer.echo(f"{target}: {made.rows:,} rows and {made.readings:,} readings in {len(made.files)} files")
    typer.echo(WITH_KEYS if with_keys else WITHOUT_KEYS, err=True)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="What `greenroom export --all` wrote.")],
    purged: Annotated[
        list[Path] | None,
        typer.Option("--purged", help="The old home's purges.jsonl, or a certificate: what it names is purged here."),
    ] = None,
    never_purged: Annotated[
        bool, typer.Option("--never-purged", help="What it holds of a former source was never purged.")
    ] = False,
) -> None:
    """Bring a backup back, into an empty home and database. Stop app and worker first."""
    from greenroom.backup import manifest, tables
    from greenroom.backup import restore as backup
    from greenroom.core import clock
    from greenroom.purges import actions as purges

    try:
        for file in purged or ():
            purges.take_over(file)
        with _progress() as tell:
            done = backup.restore(source, at=clock.now(), tell=tell, never_purged=never_purged)
    except (
        *(manifest.BadBackup, tables.BadRow, backup.NotEmpty, backup.PurgedSince),
        *(purges.BadJournal, purges.Refused, OSError),
    ) as error:
        _refused(error)
    found = done.manifest
    typer.echo(f"Restored: {found.rows:,} rows and {found.readings:,} readings, as they were at {found.made_at}")
    if done.purged:
        typer.echo(f"Purged again, because this backup is older: {done.purged} time{'s' * (done.purged > 1)}")
    if done.unreadable:
        typer.echo("Encrypted with keys that are not here; put encryption.keys into GREENROOM_HOME, or renew these:")
        for one in done.unreadable:
            typer.echo(f"  {one}")


@contextmanager
def _progress() -> "Iterator[Callable[[str, int, int], None]]":
    """Bars on a terminal; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    bars: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:

        def tell(what: str, done: int, total: int) -> None:
            if what not in bars:
                for bar in bars.values():
                    progress.remove_task(bar)
                bars.clear()
                bars[what] = progress.add_task(what, total=None)
            progress.update(bars[what], completed=done, total=total or None)

        yield tell


def _refused(error: Exception) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(2) from None
