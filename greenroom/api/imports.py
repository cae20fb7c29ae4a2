"""Imports: files on their way in."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, takes_file, writes
from greenroom.api.shapes import Flag, Given, Id, Moment, Narrowed, Page, Text, Told, at_utc
from greenroom.campaigns.models import Campaign
from greenroom.core.access import Can
from greenroom.imports import actions as imports
from greenroom.imports.models import Import, RowError

router = Router(tags=["imports"])
Kind = Literal["creators", "posts", "account_days"]


class CountsTold(Told):
    """What taking it in would do."""

    state: Literal["running", "done"] = Field(description="Of many rows a worker makes it: read the import until done.")
    done: int = Field(description="Rows read so far.")
    counts: dict[str, int]
    warnings: dict[str, int] = Field(description="Words, and of how many rows.")

    @classmethod
    def of(cls, row: Import) -> "CountsTold":
        found = row.dry_run
        return cls(
            state="running" if row.is_trying else "done",
            done=found["done"],
            counts=found.get("counts", {}),
            warnings={words: rows for words, (rows, _) in found.get("warnings", {}).items()},
        )


class ImportTold(Told):
    """One file: how it is read, how far it has come, what came of it."""

    id: Id
    kind: str
    former: bool = Field(description="It is what a former source left.")
    file_name: str
    state: str = Field(description="reading, refused, new, started, finished, failed, cancelled or undone.")
    moves: list[str] = Field(description="Where the caller may move it.")
    undoing: bool = Field(description="An undo was asked for and is being carried out.")
    header: list[str]
    mapping: dict[str, str] = Field(description="Which column holds which field.")
    questions: list[str] = Field(description="What must be said before it can start.")
    total: int = Field(description="Rows in the file.")
    done: int = Field(description="Rows taken in so far.")
    counts: dict[str, int]
    error: str
    dry_run: CountsTold | None = Field(description="The last dry run, or the one that is being made.")
    uploaded_by: str
    uploaded_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, row: Import, request: Call) -> "ImportTold":
        return cls(
            id=str(row.pk),
            kind=row.kind,
            former=row.former,
            file_name=row.file_name,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            undoing=row.is_undoing,
            header=row.header,
            mapping=row.mapping,
            questions=imports.questions(row) if row.state == "new" else [],
            total=row.total,
            done=row.cursor,
            counts=row.counted(),
            error=row.trouble,
            dry_run=CountsTold.of(row) if row.dry_run else None,
            uploaded_by=row.uploaded_by,
            uploaded_at=row.uploaded_at,
            started_at=at_utc(row.started_at),
            finished_at=at_utc(row.finished_at),
        )


class ImportsAsked(Narrowed):
    kind: Kind | None = None
    state: Literal["reading", "refused", "new", "started", "finished", "failed", "cancelled", "undone"] | None = None


class FileAsked(BaseModel):
    kind: Kind = Field(description="What its rows are.")
    file_name: Text = Field(min_length=1, max_length=200, description="Shown in lists; its ending says nothing.")
    former: Flag = Field(False, description="It is what a former source left, to be purged once that is left.")
    campaign: Id | None = Field(None, description="With `former`: the campaign its posts were in.")


class MappingGiven(Given):
    """How the file is read; what is left out stays as it is."""

    columns: dict[Text, Text] | None = Field(None, description="Field to column; an empty column leaves the field out.")
    date_orders: dict[Text, Literal["dmy", "mdy"]] | None = Field(None, description="Column to order of its dates.")
    account: Text | None = Field(None, max_length=60, description="Whose rows these are, where no column says.")
    observed_at: Moment | None = Field(None, description="When the figures were read, where no column says.")


class ImportMove(Given):
    to: Literal["started", "cancelled", "undone"]


class RowErrorTold(Told):
    """Why one row was not taken in."""

    id: Id
    line: int
    column: str
    words: str

    @classmethod
    def of(cls, row: RowError) -> "RowErrorTold":
        return cls(id=str(row.pk), line=row.line, column=row.column, words=row.words)


LEADS = {"get_import": "import_id", "move_import": "import_id", "list_import_errors": "import_id"}


@reads(router, "/imports", needs=Can.IMPORTS_RUN, gives=Page[ImportTold], leads=LEADS)
def list_imports(request: Call, workspace: str, asked: Query[ImportsAsked]) -> Page[ImportTold]:
    """The imports of the workspace, the newest first."""
    rows = Import.objects.within(request.workspace)
    for name in ("kind", "state"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    return pages.page(rows, asked, lambda row: ImportTold.of(row, request), of=ImportTold, newest_first=True)


@reads(router, "/imports/{import_id}", needs=Can.IMPORTS_RUN, gives=ImportTold)
def get_import(request: Call, workspace: str, import_id: Id) -> ImportTold:
    """One import."""
    return ImportTold.of(_find(request, import_id), request)


@writes(router, "/imports", needs=Can.IMPORTS_RUN, gives=ImportTold, status=201, leads=LEADS)
@takes_file
def upload_file(request: Call, workspace: str, asked: Query[FileAsked]) -> ImportTold:
    """Bring a file: CSV or XLSX as the body.

    Nothing is taken in yet; its columns are mapped as far as their names tell. Start it with a move. A large file is
    `reading` until a worker has read it, then `new`, or `refused` with the reason in `error`.
    """
    made = imports.upload(
        request.workspace,
        kind=asked.kind,
        file=request.file,  # type: ignore[arg-type]
        name=asked.file_name,
        by=request.caller.by,
        at=request.at,
        former=asked.former,
        campaign=pages.find(Campaign.objects.within(request.workspace), asked.campaign, "campaign")
        if asked.campaign
        else None,
    )
    return ImportTold.of(made, request)


@changes(router, "/imports/{import_id}", needs=Can.IMPORTS_RUN, gives=ImportTold)
def map_columns(request: Call, workspace: str, import_id: Id, body: MappingGiven) -> ImportTold:
    """Say how a new import is read."""
    found = _find(request, import_id)
    imports.map_columns(
        found,
        columns_of=body.columns,
        date_orders=body.date_orders,
        account=body.account,
        observed_at=body.observed_at,
        at=request.at,
    )
    return ImportTold.of(found, request)


@removes(router, "/imports/{import_id}", needs=Can.IMPORTS_RUN)
def discard_import(request: Call, workspace: str, import_id: Id) -> None:
    """Forget a file of which nothing was taken in."""
    imports.discard(_find(request, import_id), by=request.caller.by, at=request.at)


@writes(router, "/imports/{import_id}/dry-runs", needs=Can.IMPORTS_RUN, gives=CountsTold)
def try_import(request: Call, workspace: str, import_id: Id) -> CountsTold:
    """What taking it in would count and warn of; nothing is written.

    Of more than 20,000 rows a worker makes it: the import tells in `dry_run` how far it is. Other columns stop it.
    """
    found = _find(request, import_id)
    imports.ask_dry_run(found, at=request.at)
    return CountsTold.of(found)


@writes(router, "/imports/{import_id}/moves", needs=Can.IMPORTS_RUN, gives=ImportTold)
def move_import(request: Call, workspace: str, import_id: Id, body: ImportMove) -> ImportTold:
    """Start an import, stop it, or undo it.

    A worker does the work: it is `started` until it has ended, and an undo is `undoing` until nothing is left.
    """
    found = _find(request, import_id)
    move = {"started": imports.start, "cancelled": imports.cancel, "undone": imports.undo}[body.to]
    move(found, by=request.caller.by, at=request.at)
    return ImportTold.of(found, request)


@reads(router, "/imports/{import_id}/errors", needs=Can.IMPORTS_RUN, gives=Page[RowErrorTold])
def list_import_errors(request: Call, workspace: str, import_id: Id, asked: Query[Narrowed]) -> Page[RowErrorTold]:
    """The rows that were not taken in, and why."""
    return pages.page(_find(request, import_id).row_errors.all(), asked, RowErrorTold.of, of=RowErrorTold)


def _find(request: Call, import_id: str) -> Import:
    found: Import = pages.find(Import.objects.within(request.workspace), import_id, "import")
    return found
