"""Files in: creators, posts and days of accounts, with preview, dry run, errors to correct, and undo."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from greenroom.cli import imported
from greenroom.cli.app import WorkspaceOption, app, time_of, workspace_of

group = typer.Typer(no_args_is_help=True, help="Bring creators, posts and days of accounts in from CSV and XLSX files.")
app.add_typer(group, name="import")

BY = "command line"
NOUNS = {"creators": "creators", "posts": "posts", "account-days": "account_days"}
FileArgument = Annotated[
    Path, typer.Argument(help="A CSV or XLSX file, or TikTok Studio's zip.", exists=True, dir_okay=False)
]
MapOption = Annotated[
    list[str] | None, typer.Option("--map", help="column=field, as in plays=views; column= leaves out.")
]
AccountOption = Annotated[str, typer.Option(help="Whose rows these are, where no column says: a handle.")]
ObservedOption = Annotated[str, typer.Option(help="When the figures were read, where no column says; otherwise now.")]
OrderOption = Annotated[str, typer.Option(help="dmy or mdy: what 3/4/2026 is, where the file does not show it.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Read every row, count, write nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
BackgroundOption = Annotated[bool, typer.Option("--background", help="Leave it to a worker.")]
FormerOption = Annotated[
    bool, typer.Option("--former", help="It holds what a former source left: marked as such, and purged with it.")
]
CampaignOption = Annotated[int, typer.Option(help="With --former: number of the campaign its posts were in.")]
IdArgument = Annotated[int, typer.Argument(help="Number of the import; see `greenroom import list`.")]


@group.command("creators")
def creators(
    file: FileArgument,
    mapped: MapOption = None,
    observed_at: ObservedOption = "",
    date_order: OrderOption = "",
    former: FormerOption = False,
    dry_run: DryOption = False,
    yes: YesOption = False,
    background: BackgroundOption = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Creators and their accounts by handle, with figures of a time."""
    told = {"mapped": mapped, "account": "", "observed_at": observed_at, "date_order": date_order, "former": former}
    _bring("creators", file, told, dry_run=dry_run, yes=yes, background=background, workspace=workspace)


def _bringing(command: str, words: str) -> None:
    """Register a command for rows that an account has."""

    def bring(
        file: FileArgument,
        mapped: MapOption = None,
        account: AccountOption = "",
        observed_at: ObservedOption = "",
        date_order: OrderOption = "",
        former: FormerOption = False,
        campaign: CampaignOption = 0,
        dry_run: DryOption = False,
        yes: YesOption = False,
        background: BackgroundOption = False,
        workspace: WorkspaceOption = "",
    ) -> None:
        told: dict[str, Any] = {
            "mapped": mapped,
            "account": account,
            "observed_at": observed_at,
            "date_order": date_order,
        }
        told |= {"former": former, "campaign": campaign}
        _bring(command, file, told, dry_run=dry_run, yes=yes, background=background, workspace=workspace)

    group.command(command, help=words)(bring)


_bringing("posts", "Posts by id or link, with their figures.")
_bringing("account-days", "Figures of single days of an account, such as TikTok Studio's Overview.")


@group.command("list")
def list_imports(workspace: WorkspaceOption = "") -> None:
    """The imports of a workspace, the newest first."""
    from greenroom.imports.models import Import

    found = Import.objects.within(workspace_of(workspace)).order_by("-pk")[:100]
    for one in found:
        counts = one.counted()
        done = f"{counts['new']} new, {counts['updated']} updated, {counts['known']} known, {counts['errors']} errors"
        typer.echo(f"{one.pk:>5}  {one.uploaded_at:%Y-%m-%d %H:%M}  {one.state:9}  {one}  ({one.total} rows: {done})")
    if not found:
        typer.echo("Nothing was imported yet.")


@group.command("errors")
def errors(number: IdArgument, workspace: WorkspaceOption = "") -> None:
    """Print the rows that were not taken in as CSV, each with what is wrong; correct them and send that file."""
    from greenroom.imports import actions as imports

    try:
        for line in imports.errors_file(_find(number, workspace)):
            sys.stdout.write(line)
    except imports.BadFile as error:
        _refuse(error)


@group.command("undo")
def undo(number: IdArgument, yes: YesOption = False, workspace: WorkspaceOption = "") -> None:
    """Take an import back: what it made goes, what it replaced comes back."""
    from greenroom.core import clock, state
    from greenroom.imports import actions as imports

    found = _find(number, workspace)
    _confirm(f"Undo {found}, {found.total} rows?", yes)
    try:
        imports.undo(found, by=BY, at=clock.now())
        _carry_out(found, "Undoing")
    except (state.IllegalMove, imports.Busy) as error:
        _refuse(error)
    kept = ", ".join(f"{rows} {noun}{'s' * (rows > 1)}" for noun, rows in found.kept.items())
    typer.echo("Undone." + (f" Kept, because something else uses them: {kept}." if kept else ""))


@group.command("cancel")
def cancel(number: IdArgument, workspace: WorkspaceOption = "") -> None:
    """Stop an import; what was taken in stays until it is undone."""
    from greenroom.core import clock, state
    from greenroom.imports import actions as imports

    found = _find(number, workspace)
    try:
        imports.cancel(found, by=BY, at=clock.now())
    except (state.IllegalMove, state.LostRace) as error:
        _refuse(error)
    typer.echo(f"Stopped after {found.cursor} of {found.total} rows. `greenroom import resume {found.pk}` goes on.")


@group.command("resume")
def resume(number: IdArgument, workspace: WorkspaceOption = "") -> None:
    """Go on with an import, a reading or an undo that was stopped or whose process died; start what waits to be."""
    from greenroom.core import clock, state
    from greenroom.imports import actions as imports

    found = _find(number, workspace)
    try:
        if found.state == "reading":
            _carry_out(found, "Reading")
            if found.state == "refused":
                raise imports.BadFile(found.trouble)
        if not found.is_busy:
            imports.start(found, by=BY, at=clock.now())
        _carry_out(found, "Taking in")
    except (state.IllegalMove, imports.NotMapped, imports.BadFile, imports.Busy) as error:
        _refuse(error)
    _report(found)


def _bring(
    noun: str, file: Path, told: dict[str, Any], *, dry_run: bool, yes: bool, background: bool, workspace: str
) -> None:
    """Upload, map, show, ask, take in. Exits with 1 when rows were not taken in, 2 when nothing could be."""
    from greenroom.core import clock
    from greenroom.imports import actions as imports

    home, at = workspace_of(workspace), clock.now()
    whose = {"former": told["former"], "campaign": _campaign(home, told.get("campaign", 0))}
    try:
        with file.open("rb") as content:
            made = imported.reading(home, kind=NOUNS[noun], file=content, name=file.name, by=BY, at=at, **whose)
    except imports.BadFile as error:
        _refuse(error)
    try:
        _map(made, told)
        imported.show(made)
        if asked := imports.questions(made):
            raise imports.NotMapped(" ".join(asked) + " See --map, --account and --date-order.")
        if dry_run:
            tried = imported.trying(made, at=clock.now())
            typer.echo("Nothing was written. Taking it in would come to:")
            imported.counts(tried.counts, tried.warnings)
        else:
            _confirm(f"Take in {made.total} rows?", yes)
    except (imports.BadFile, imports.NotMapped, typer.Exit) as error:
        imports.discard(made, by=BY, at=clock.now())
        if isinstance(error, typer.Exit):
            raise
        _refuse(error)
    if dry_run:
        imports.discard(made, by=BY, at=clock.now())
        return
    _begin(made, background=background)


def _begin(made: Any, *, background: bool) -> None:
    """Take it in here, or leave it to a worker."""
    from greenroom.core import clock
    from greenroom.imports import actions as imports

    imports.start(made, by=BY, at=clock.now())
    if background:
        typer.echo(f"Import {made.pk} waits for a worker; see `greenroom import list`.")
        return
    try:
        _carry_out(made, "Taking in")
    except (imports.BadFile, imports.Busy) as error:
        _refuse(error)
    _report(made)


def _map(made: Any, told: dict[str, Any]) -> None:
    """What the options say about columns, dates, account and time."""
    from greenroom.core import clock
    from greenroom.imports import actions as imports

    chosen = dict(made.mapping)
    for pair in told["mapped"] or ():
        column, sign, field = pair.rpartition("=")
        if not sign:
            raise imports.NotMapped(f"“{pair}” maps nothing; write --map column=field, such as --map plays=views.")
        chosen = {key: name for key, name in chosen.items() if name != column}
        if field:
            chosen[field] = column
    orders = dict.fromkeys(made.header, told["date_order"]) if told["date_order"] else None
    imports.map_columns(
        made,
        columns_of=chosen,
        date_orders=orders,
        account=told["account"] or None,
        observed_at=time_of(told["observed_at"]),
        at=clock.now(),
    )


def _carry_out(made: Any, words: str) -> None:
    """Run it here, with a bar."""
    from rich.progress import Progress

    from greenroom.core import clock
    from greenroom.imports import actions as imports

    with Progress(transient=not sys.stdout.isatty()) as bar:
        task = bar.add_task(words, total=made.total if made.total and not made.is_undoing else None)
        for one in imports.carry_out(made, at=clock.now()):
            bar.update(task, completed=one.cursor if not one.undo_asked_by else None)


def _report(made: Any) -> None:
    imported.counts(made.counted(), made.warnings)
    if made.errors:
        typer.echo(f"Rows to correct: greenroom import errors {made.pk} > errors.csv")
    typer.echo(f"Import {made.pk}; to take it back: greenroom import undo {made.pk}")
    raise typer.Exit(int(made.errors > 0))


def _confirm(question: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        typer.echo("Nobody can be asked here; say --yes.", err=True)
        raise typer.Exit(2)
    if not typer.confirm(question):
        raise typer.Exit(2)


def _campaign(home: Any, number: int) -> Any:
    from greenroom.campaigns.models import Campaign

    found = Campaign.objects.within(home).filter(pk=number).first()
    if number and found is None:
        typer.echo(f"There is no campaign {number} in {home}.", err=True)
        raise typer.Exit(2)
    return found


def _find(number: int, workspace: str) -> Any:
    from greenroom.imports.models import Import

    home = workspace_of(workspace)
    found = Import.objects.within(home).filter(pk=number).first()
    if found is None:
        typer.echo(f"There is no import {number} in {home}; see `greenroom import list`.", err=True)
        raise typer.Exit(2)
    return found


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(2) from None
