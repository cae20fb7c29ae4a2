"""The command line. One function per command; each calls what the pages call."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Runs, measures and pays TikTok creator programmes.")
keys = typer.Typer(no_args_is_help=True, help="The keys that encrypt TikTok's tokens.")
app.add_typer(keys, name="keys")

GLYPHS = {"full": "✓", "limited": "~", "none": "–"}
WorkspaceOption = Annotated[
    str, typer.Option("--workspace", "-w", help="Slug; may be left out when there is only one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


@app.callback()
def ready(context: typer.Context) -> None:
    # The sandbox is plain Python and starts without Django; `demo` sets its own home before it does.
    if context.invoked_subcommand not in {"sandbox", "demo"}:
        import django

        django.setup()


@app.command()
def init(
    workspace: Annotated[str, typer.Option(help="Name of the first workspace.")] = "",
    owner: Annotated[str, typer.Option(help="E-mail of its owner; the password is read from GREENROOM_PASSWORD.")] = "",
) -> None:
    """Make or upgrade the home folder and the database; safe to repeat. Without --owner the first visitor sets up."""
    from django.conf import settings

    from greenroom.core import actions, clock
    from greenroom.core.models import Workspace

    _prepare()
    if owner and not Workspace.objects.exists():
        actions.create_workspace(
            workspace=workspace or "Greenroom",
            name=owner.partition("@")[0],
            email=owner,
            password=os.environ.get("GREENROOM_PASSWORD") or None,
            at=clock.now(),
        )
    typer.echo(f"Ready: {settings.GREENROOM_HOME}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Run `greenroom work` beside it.")] = False,
) -> None:
    """Answer HTTP until stopped. A new home is made ready first; the first visitor then sets up the owner."""
    from greenroom import health, serving

    if health.missing_migrations():
        _prepare()
    if with_worker:
        with serving.worker_process():
            serving.serve(host=host, port=port)
    else:
        serving.serve(host=host, port=port)


@app.command()
def work(
    threads: Annotated[int, typer.Option(help="Rows run at once; 0 takes GREENROOM_WORKER_THREADS.")] = 0,
    parent: Annotated[int, typer.Option(help="End when this process is gone.", hidden=True)] = 0,
) -> None:
    """Run due rows until stopped. Start as many as you like; on PostgreSQL on as many machines as you like."""
    from django.conf import settings

    from greenroom import health, serving

    if missing := health.missing_migrations():
        typer.echo(f"The database lacks {missing} upgrades; run `greenroom init` first.", err=True)
        raise typer.Exit(2)
    serving.work(threads=threads or settings.GREENROOM_WORKERS, parent=parent)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Print the report and exit; non-zero if any step failed.")
    ] = False,
) -> None:
    """Start a sandbox, the app and a worker; creators consent; figures are read, printed and served until stopped."""
    from greenroom.demo import show

    raise typer.Exit(show.demo(once=once))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8400,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    accounts: Annotated[int, typer.Option(help="Creators in the world.", min=4, max=100_000)] = 5,
    posts: Annotated[int, typer.Option(help="Posts of each; 0 lets them differ.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 7,
    throttle: Annotated[bool, typer.Option(help="Enforce TikTok's rate limits.")] = True,
    level: Annotated[str, typer.Option(help="basic, advanced, premium or ultimate.")] = "basic",
    delays: Annotated[bool, typer.Option(help="Let figures come 24 to 48 hours late, as TikTok does.")] = True,
) -> None:
    """Serve a pretend TikTok. Creators are played at /_sim/."""
    from greenroom.sandbox.serve import serve as serve_sandbox

    typer.echo(f"Sandbox on http://{host}:{port} (this is not TikTok); play a creator at http://{host}:{port}/_sim/")
    serve_sandbox(
        host=host,
        port=port,
        accounts=accounts,
        posts=posts or (12, 60),
        seed=seed,
        throttle=throttle,
        level=level,
        delays=delays,
    )


@app.command()
def sync(workspace: WorkspaceOption = "") -> None:
    """Read everything that may be read, now, and show how it went. Exits with 1 when a stream failed."""
    from rich.progress import Progress

    from greenroom.core import clock
    from greenroom.syncs import actions as syncs

    bad = 0
    with Progress(transient=not sys.stdout.isatty()) as bar:
        steps = syncs.sync_now(_workspace(workspace), at=clock.now())
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
        list[str] | None, typer.Option(help="Split by account, creator, post or day; may be repeated.")
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
            since=_time(since),
            until=_time(until),
            as_of=_time(as_of),
        )
        answer = metrics_actions.measure(question, _workspace(workspace))
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

    at = _time(as_of) or clock.now()
    if load is not None:
        from django.db import transaction

        since = _time(effective) or clock.now()
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


@app.command()
def doctor() -> None:
    """Check this install and say what to do about what is wrong. Exits with 1 when something is."""
    from greenroom import health

    findings = health.examine()
    for one in findings:
        typer.echo(f"{'ok  ' if one.ok else 'BAD '} {one.what}: {one.words}")
    raise typer.Exit(int(not all(one.ok for one in findings)))


@keys.command("rotate")
def rotate_keys() -> None:
    """Make a new encryption key, write every secret again with it, retire the old ones. Restart the processes after."""
    from django.conf import settings

    from greenroom.core import home, secrets

    if os.environ.get("GREENROOM_KEYS"):
        typer.echo(
            "Keys come from GREENROOM_KEYS: put a new one in front there, then run `greenroom keys rewrite`.", err=True
        )
        raise typer.Exit(2)
    home.add_encryption_key(settings.GREENROOM_HOME)
    settings.GREENROOM_KEYS = home.encryption_keys(settings.GREENROOM_HOME)
    typer.echo(f"{secrets.reencrypt()} rows rewritten with the new key")
    home.retire_encryption_keys(settings.GREENROOM_HOME)


@keys.command("rewrite")
def rewrite_secrets() -> None:
    """Write every secret again with the newest key of GREENROOM_KEYS."""
    from greenroom.core import secrets

    typer.echo(f"{secrets.reencrypt()} rows rewritten with the newest key")


def _prepare() -> None:
    """Database and static files as this version needs them."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)


def _workspace(slug: str) -> Any:
    from greenroom.core.models import Workspace

    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    names = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "none yet; run `greenroom init --owner …`"
    typer.echo(f"Which workspace? Say --workspace SLUG. There is: {names}", err=True)
    raise typer.Exit(2)


def _time(text: str) -> datetime | None:
    """An ISO date or time; without a zone it is UTC."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time; write 2026-03-01 or 2026-03-01T14:05:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _pair(text: str) -> tuple[str, str]:
    key, sep, value = text.partition("=")
    if not sep:
        raise typer.BadParameter(f"{text!r} does not narrow anything; write dimension=value, such as account=ana")
    return key.strip(), value.strip()


def main() -> None:
    app()
