"""The verbs of this module: bring a file, say how to read it, try it, take it in, stop it, undo it."""

from greenroom.imports.drafts import discard, map_columns, notes, preview, questions, same_file
from greenroom.imports.reading import upload
from greenroom.imports.refusals import BadFile, NotMapped
from greenroom.imports.results import errors_file, has_rows, progress
from greenroom.imports.running import Busy, ask_dry_run, cancel, carry_out, dry_run, start, stop_dry_run
from greenroom.imports.undoing import undo

__all__ = [
    "BadFile",
    "Busy",
    "NotMapped",
    "ask_dry_run",
    "cancel",
    "carry_out",
    "discard",
    "dry_run",
    "errors_file",
    "has_rows",
    "map_columns",
    "notes",
    "preview",
    "progress",
    "questions",
    "same_file",
    "start",
    "stop_dry_run",
    "undo",
    "upload",
]
