"""Commands that start, check and prepare an install."""

import os
from typing import Annotated

import typer

from greenroom.cli.app import app


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
    from django.conf import settings

    from greenroom import health, serving

    if "GREENROOM_URL" not in os.environ and host in ("127.0.0.1", "localhost"):  # links lead to this port
        os.environ["GREENROOM_URL"] = settings.GREENROOM_URL = f"http://{host}:{port}"
    if health.missing_migrations():
        _prepare()
    _purge_again()
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
    _purge_again()
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
def doctor() -> None:
    """Check this install and say what to do about what is wrong. Exits with 1 when something is."""
    from greenroom import health

    findings = health.examine()
    for one in findings:
        typer.echo(f"{'ok  ' if one.ok else 'BAD '} {one.what}: {one.words}")
    raise typer.Exit(int(not all(one.ok for one in findings)))


def _purge_again() -> None:
    """A database that is older than a purge, such as a restored one, is purged before anything of it is served."""
    from greenroom.core import clock
    from greenroom.purges import actions as purges

    for done in purges.reapply(at=clock.now()):
        typer.echo(f"Purged again, because the database is older than the purge: {done.workspace}", err=True)


def _prepare() -> None:
    """Database and static files as this version needs them."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
