"""What the modules below refuse, in the words of the API."""

from greenroom.api.problems import Problem
from greenroom.campaigns import refusals as campaigns
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators import actions as creators
from greenroom.creators.eligibility import BadRules
from greenroom.creators.naming import Unfit
from greenroom.creators.notes import NotYours
from greenroom.hooks.actions import NotPossible
from greenroom.hooks.deliveries import BeingSent
from greenroom.imports.actions import BadFile, NotMapped
from greenroom.metrics.definitions import UnknownMetric
from greenroom.metrics.query import BadQuery
from greenroom.people.refusals import Refusal as OfPeople
from greenroom.purges.actions import Refused as OfPurges
from greenroom.syncs.actions import NotWaiting


def told(error: Exception) -> Problem | None:
    """The problem an error of a module is; None for one that nobody foresaw."""
    match error:
        case IllegalMove():
            return Problem("illegal_move", f"{error}. Its `moves` say what it can become.")
        case LostRace():
            return Problem("lost_race", f"{error}.")
        case NotWaiting() | BeingSent():
            return Problem("conflict", f"{error}. Wait for it to end.")
        case creators.NotTrackable():
            ways = [{"key": step.key, "label": step.label, "words": step.words} for step in error.steps]
            return Problem("refused", error.words, title=error.title, reason=error.code, ways_out=ways)
        case creators.Ineligible():
            rules, tiktok = list(error.rules), error.by_tiktok
            return Problem(
                "refused", error.words, title=error.title, reason=error.code, failing=rules, by_tiktok=tiktok
            )
        case creators.Refusal():
            return Problem("refused", error.words, title=error.title, reason=error.code)
        case campaigns.BadInput(field=field) if field:
            return Problem("invalid", error.words, errors=[{"loc": ["body", field], "msg": error.words}])
        case campaigns.Refusal():
            return Problem("refused", error.words, reason=error.code)
        case OfPeople():
            code = "forbidden" if error.status == 403 else "refused"
            return Problem(code, error.words, title=error.title, reason=error.code)
        case BadQuery() | UnknownMetric():
            return Problem("not_found" if error.status == 404 else "invalid", str(error))
        case NotPossible():
            where = [{"loc": ["body", error.field], "msg": str(error)}] if error.field else []
            return Problem("refused", str(error), errors=where)
        case OfPurges():
            return Problem("refused", str(error), reason=error.code)
        case Unfit() | NotMapped() | BadRules():
            return Problem("refused", str(error))
        case NotYours():
            return Problem("forbidden", str(error))
        case BadFile():
            return Problem("invalid", str(error))
    return None
