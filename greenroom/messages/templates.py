"""Templates: made, changed, removed; ready-made ones laid out in a new workspace."""

from datetime import datetime

from django.db import IntegrityError, transaction

from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.messages import ready_made, rendering
from greenroom.messages.models import Template

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_BODY = 80, 200, 8000


def lay_out(workspace: Workspace, *, at: datetime) -> None:
    """The five that every workspace starts with (MSG-07)."""
    Template.objects.bulk_create(
        (Template(workspace=workspace, by=events.SYSTEM, made_at=at, **text._asdict()) for text in ready_made.TEXTS),
        ignore_conflicts=True,
    )


def make(workspace: Workspace, *, name: str, subject: str, body: str, by: str, at: datetime) -> Template:
    """A template of the workspace's own. Raises BadInput."""
    told = checked(name=name, subject=subject, body=body)
    try:
        with transaction.atomic():
            made: Template = Template.objects.create(workspace=workspace, by=by, made_at=at, **told)
            events.record(made, "made", by=by, at=at, template=made.name)
    except IntegrityError:
        raise _taken(told["name"]) from None
    return made


def change(
    template: Template,
    *,
    by: str,
    at: datetime,
    name: str | None = None,
    subject: str | None = None,
    body: str | None = None,
) -> Template:
    """Change what is given; messages that exist keep the text they have. Raises BadInput."""
    was = {"name": template.name, "subject": template.subject, "body": template.body}
    given = {"name": name, "subject": subject, "body": body}
    told = checked(**{**was, **{key: value for key, value in given.items() if value is not None}})
    if told == was:
        return template
    rewritten = told["subject"] != was["subject"] or told["body"] != was["body"]
    for field, value in told.items():
        setattr(template, field, value)
    template.version += rewritten
    template.changed_at = at
    try:
        with transaction.atomic():
            template.save(update_fields=["name", "subject", "body", "version", "changed_at"])
            events.record(template, "changed", by=by, at=at, template=template.name, version=template.version)
    except IntegrityError:
        raise _taken(told["name"]) from None
    return template


def remove(template: Template, *, by: str, at: datetime) -> None:
    """Messages written from it stay as they are; a reminder that used it is sent no more."""
    with transaction.atomic():
        events.record(template, "removed", by=by, at=at, template=template.name, version=template.version)
        template.delete()


def checked(*, name: str, subject: str, body: str) -> dict[str, str]:
    """The three as they are kept. Raises BadInput."""
    told_name = rendering.one_line(name)
    if not told_name or len(told_name) > LONGEST_NAME:
        raise BadInput(f"A name has 1 to {LONGEST_NAME} characters.", field="name")
    told_subject, told_body = checked_text(subject=subject, body=body)
    return {"name": told_name, "subject": told_subject, "body": told_body}


def checked_text(*, subject: str, body: str) -> tuple[str, str]:
    """Subject and body that can be rendered. Raises BadInput."""
    told = {"subject": rendering.one_line(subject), "body": rendering.lines(body).strip()}
    for field, longest in (("subject", LONGEST_SUBJECT), ("body", LONGEST_BODY)):
        if not told[field]:
            raise BadInput(f"The {field} is empty.", field=field)
        if len(told[field]) > longest:
            raise BadInput(f"Up to {longest:,} characters fit; this has {len(told[field]):,}.", field=field)
        rendering.check(told[field], field=field)
    return told["subject"], told["body"]


def _taken(name: str) -> BadInput:
    return BadInput(f"There is a template {name} already.", field="name")
