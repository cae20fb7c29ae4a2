"""The app every command hangs on, and what commands share."""

import os
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenroom.settings")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Runs, measures and pays TikTok creator programmes.")

WorkspaceOption = Annotated[
    str, typer.Option("--workspace", "-w", help="Slug; may be left out when there is only one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


@app.callback()
def ready(context: typer.Context) -> None:
    # The sandbox and the verifier are plain Python; `demo` sets its own home before it does.
    if context.invoked_subcommand not in {"sandbox", "demo", "verify-purge"}:
        import django

        django.setup()


def workspace_of(slug: str) -> Any:
    from greenroom.core.models import Workspace

    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    names = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "none yet; run `greenroom init --owner …`"
    typer.echo(f"Which workspace? Say --workspace SLUG. There is: {names}", err=True)
    raise typer.Exit(2)


def time_of(text: str) -> datetime | None:
    """An ISO date or time; without a zone it is UTC."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a time; write 2026-03-01 or 2026-03-01T14:05:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
