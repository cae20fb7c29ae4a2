"""The way from a code to a running ad in TikTok Ads Manager, in five steps that somebody ticks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.spark import asking
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import BadInput, NotPossible


@dataclass(frozen=True)
class Part:
    """A piece of a step's text. `label`: it is written on a button, tab or field there, and stands here verbatim."""

    text: str
    label: bool = False


Step = tuple[Part, ...]


def _step(*told: str) -> Step:
    """Texts and labels in turn, a text first."""
    return tuple(Part(text, label=place % 2 == 1) for place, text in enumerate(told) if text)


STEPS: tuple[Step, ...] = (
    _step("In TikTok Ads Manager open ", "Asset", " > ", "Creative", "."),
    _step("Choose the tab ", "Spark Ads posts", " and there ", "Apply for Authorization", "."),
    _step("Paste the code, ", "Search", ", check that it is the right post, and ", "Confirm",
          ". The post is in the asset library now."),
    _step("Build the campaign. In ", "Ad Settings", " fill in ", "Ad Name", ", switch on ",
          "Use TikTok account to deliver Spark Ads", ", and under ", "Use other authorized account or post",
          " choose the profile that gave the authorization."),
    _step("Check everything and ", "Submit", "."),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One step as it stands. `by` and `at` are of whoever ticked it."""

    number: int
    parts: Step
    done: bool
    by: str = ""
    at: datetime | None = None


def progress(authorization: SparkAuthorization | None) -> list[Line]:
    """The five steps and which of them are done."""
    done = authorization.done if authorization is not None else {}
    lines = []
    for number, parts in enumerate(STEPS, 1):
        by, at = done.get(str(number), ("", ""))
        lines.append(Line(number, parts, bool(at), by, datetime.fromisoformat(at) if at else None))
    return lines


def tick(authorization: SparkAuthorization, step: int, *, done: bool = True, by: str, at: datetime) -> None:
    """A step was taken, or was not after all. Raises BadInput, and NotPossible without a code that works."""
    if not 1 <= step <= len(STEPS):
        raise BadInput(f"Choose a step from 1 to {len(STEPS)}.", field="step")
    if done and not authorization.works(at):
        raise NotPossible("There is no code that works, so no step can be taken with it.", code="no_code")
    with transaction.atomic():
        row = SparkAuthorization.objects.select_for_update().get(pk=authorization.pk)
        if (str(step) in row.done) == done:
            authorization.done = row.done
            return
        if done:
            row.done[str(step)] = [by, at.isoformat()]
        else:
            del row.done[str(step)]
        SparkAuthorization.objects.filter(pk=row.pk).update(done=row.done)
        authorization.done = row.done
        about = asking.about(authorization)
        events.record(authorization, "step_ticked" if done else "step_unticked", by=by, at=at, step=step, **about)
