"""Leaving a former source: plan, purge, certificate; and the verifier, which needs no install."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from greenroom.cli.app import JsonOption, WorkspaceOption, app, workspace_of

group = typer.Typer(no_args_is_help=True, help="Remove what a former source left, from every store, and prove it.")
app.add_typer(group, name="purge")

BY = "command line"


@group.command("plan")
def plan(as_json: JsonOption = False, workspace: WorkspaceOption = "") -> None:
    """Count what there is, store by store; nothing is changed."""
    from greenroom.core import clock
    from greenroom.purges import plan as plans
    from greenroom.purges import running

    found = plans.count(workspace_of(workspace), running.SOURCE, at=clock.now())
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    _counts(found["stores"])
    typer.echo(f"Accounts with figures of it: {len(found['accounts'])}. Campaigns: {len(found['campaigns'])}.")
    for name in found["exports"]:
        typer.echo(f"Would be deleted from the home folder: {name}")
    typer.echo("`greenroom purge run` removes it all. Nothing brings it back.")


@group.command("run")
def run(
    name: Annotated[str, typer.Option("--name", help="The workspace's name, typed in full; asked for otherwise.")] = "",
    background: Annotated[bool, typer.Option("--background", help="Leave it to a worker.")] = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Hide it at once, remove it from every store, and make the certificate. It can't be undone."""
    from greenroom.core import clock
    from greenroom.core.state import IllegalMove, LostRace
    from greenroom.purges import actions as purges

    home = workspace_of(workspace)
    if (name or _asked(home)) != home.name:
        _refuse("That is not the workspace's name; nothing was changed.")
    try:
        made = purges.make_plan(home, by=BY, at=clock.now())
        purges.start(made, by=BY, at=clock.now())
        if background:
            typer.echo(f"Purge {made.pk} waits for a worker; nothing of it is shown any more.")
            return
        _carry_out(made)
    except (purges.Refused, IllegalMove, LostRace) as error:
        _refuse(error)


@group.command("resume")
def resume(workspace: WorkspaceOption = "") -> None:
    """Go on with a purge that was stopped or whose process died."""
    from greenroom.purges import actions as purges

    try:
        _carry_out(purges.resume(workspace_of(workspace)))
    except purges.Refused as error:
        _refuse(error)


@group.command("certificate")
def certificate(workspace: WorkspaceOption = "") -> None:
    """Print the certificate of the last purge."""
    from greenroom.purges.models import Purge

    found = Purge.objects.within(workspace_of(workspace)).filter(state="done").first()
    if found is None:
        _refuse("There is no finished purge here.")
    typer.echo(json.dumps(found.certificate, indent=2, ensure_ascii=False))


@app.command("verify-purge")
def verify_purge(
    file: Annotated[Path, typer.Argument(help="A certificate.", exists=True, dir_okay=False)],
    key: Annotated[str, typer.Option(help="The fingerprint of the key it must be signed with.")] = "",
) -> None:
    """Check a purge's certificate: chain, signature, and that nothing was left. Exits with 1 when it does not hold."""
    from greenroom.purges import certificate as certificates

    told = certificates.parse(file.read_bytes())
    if wrong := certificates.check(told, whose=key):
        for words in wrong:
            typer.echo(f"BAD  {words}", err=True)
        raise typer.Exit(1)
    for one in told["stores"]:
        typer.echo(f"ok   {one['label']}: {one['before']} {one['what']} before, {one['after']} after")
    typer.echo(
        f"ok   Purged {told['journal']['source']} of {told['workspace']}, done {told['done_at']},"
        f" {told['tombstones']['count']} tombstones. Signed by {certificates.fingerprint(told)}."
    )


def _carry_out(made: Any) -> None:
    from greenroom.purges import actions as purges

    seen: set[str] = set()
    labels = {one.key: one.label for one in purges.STEPS}
    for one in purges.carry_out(made):
        for key in one.progress:
            if key in labels and key not in seen:
                seen.add(key)
                typer.echo(f"  done: {labels[key]}")
    made.refresh_from_db()
    _counts({one["store"]: one["before"] for one in made.certificate["stores"]})
    typer.echo("Purged, counted again: nothing is left. `greenroom purge certificate > certificate.json` proves it.")


def _counts(counts: dict[str, int]) -> None:
    from greenroom.purges import actions as purges

    for one in purges.STORES:
        typer.echo(f"{counts.get(one.key, 0):>9,}  {one.label}: {one.what}")


def _asked(home: Any) -> str:
    if not sys.stdin.isatty():
        _refuse("Nobody can be asked here; say --name with the workspace's name.")
    return str(typer.prompt(f"Everything the former source left in {home.name} goes for good. Type its name"))


def _refuse(error: object) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(2) from None
