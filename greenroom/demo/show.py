"""`greenroom demo`, from an empty folder to a table of figures and a page that shows the same ones."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from greenroom.demo import processes
from greenroom.demo.processes import Stage

PATIENCE = timedelta(minutes=2)
OWNER = "owner@demo.example"


def demo(*, once: bool) -> int:
    """Run the demo; 0 when every step went well. Without `once` it serves until interrupted."""
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    started = time.monotonic()
    parent = Path(os.environ.get("GREENROOM_HOME", "") or ".greenroom").expanduser().resolve()
    home = processes.fresh_home(parent)
    stage = Stage(home, f"http://127.0.0.1:{processes.free_port()}", f"http://127.0.0.1:{processes.free_port()}")
    processes.settle(home, stage.sandbox, stage.app)
    password = secrets.token_urlsafe(9)
    try:
        _steps(stage, password, console, started, once=once)
    except KeyboardInterrupt:
        return 0
    except (Exception, SystemExit) as error:
        console.print(f"[red]The demo stopped:[/red] {error}")
        return 1
    return 0


def _steps(stage: Stage, password: str, console: Console, started: float, *, once: bool) -> None:
    import django

    django.setup()
    from greenroom.demo import cast, launch, posting, report

    with _step(console, "A fresh home, database and owner"):
        workspace = cast.prepare(OWNER, password)
    with processes.running(stage) as running:
        console.print(f"  sandbox {stage.sandbox} (this is not TikTok), app and worker {stage.app}")
        play = cast.Play(stage, workspace.slug, OWNER, password)
        for words, act in play.acts():
            with _step(console, words):
                act()
        campaign = launch.Launch(stage, workspace, play.staff)
        for words, act in campaign.acts():
            with _step(console, words):
                act()
        _wait_for_syncs(workspace.pk, console)
        posts = posting.Posting(stage, workspace, play.staff)
        for words, act in posts.acts():
            with _step(console, words):
                act()
        _wait_for_syncs(workspace.pk, console)
        console.print(report.table(workspace))
        console.print(campaign.table())
        console.print(posts.table())
        console.print(f"Took {time.monotonic() - started:.1f} s.")
        if not once:
            _serve(stage, password, running, console)


def _wait_for_syncs(workspace: int, console: Console) -> None:
    """Show the worker's progress until every stream was read once. RuntimeError when one fails or is too slow."""
    from greenroom.syncs.models import Sync

    end = time.monotonic() + PATIENCE.total_seconds()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("The worker reads TikTok", total=None)
        while True:
            rows = list(Sync.objects.within(workspace).values_list("last_ok_at", "due_at", "failures", "last_error"))
            # A parked stream (no due_at) is not read on purpose, such as those of an account that can't be tracked.
            open_ones = [row for row in rows if row[0] is None and row[1] is not None]
            bar.update(task, total=len(rows), completed=len(rows) - len(open_ones))
            if broken := [row[3] for row in rows if row[2]]:
                raise RuntimeError(f"a stream failed: {broken[0]}")
            if rows and not open_ones:
                console.print(f"  [green]✓[/green] {len(rows)} streams read")
                return
            if time.monotonic() > end:
                raise RuntimeError(f"{len(open_ones)} of {len(rows)} streams were not read in {PATIENCE}")
            time.sleep(0.1)


def _serve(stage: Stage, password: str, running: list["subprocess.Popen[bytes]"], console: Console) -> None:
    console.print(
        f"\n[bold]Open {stage.app}[/bold] and sign in as {OWNER} with password {password}"
        f"\nPlay a creator at {stage.sandbox}/_sim/. Stop with Ctrl C."
    )
    while all(process.poll() is None for process in running):
        time.sleep(1)
    raise RuntimeError("a process of the demo ended by itself")


@contextmanager
def _step(console: Console, words: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        console.print(f"  [red]✗[/red] {words}")
        raise
    console.print(f"  [green]✓[/green] {words}")
