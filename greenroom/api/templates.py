"""Templates of messages to creators, and the placeholders they may hold."""

from datetime import datetime

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Told, at_utc
from greenroom.core.access import Can
from greenroom.messages import templates
from greenroom.messages.models import Template
from greenroom.messages.placeholders import CATALOGUE

router = Router(tags=["messages"])
LEADS = {"change_template": "template", "remove_template": "template"}
_NAMES = ", ".join(one.name for one in CATALOGUE)
ABOUT_TEXT = (
    "With placeholders as `{{name}}`, or `{{name|words}}` for where there is no value. Known are: " + _NAMES + "."
)


class TemplateTold(Told):
    """A text with placeholders."""

    id: Id
    name: str
    subject: str
    body: str
    key: str | None = Field(description="Of a ready-made one, by which reminders find it; null: the workspace's own.")
    version: int
    made_at: datetime
    changed_at: datetime | None
    by: str

    @classmethod
    def of(cls, row: Template) -> "TemplateTold":
        return cls(
            id=str(row.pk),
            name=row.name,
            subject=row.subject,
            body=row.body,
            key=row.key or None,
            version=row.version,
            made_at=row.made_at,
            changed_at=at_utc(row.changed_at),
            by=row.by,
        )


class TemplateGiven(Given):
    name: str = Field(min_length=1, max_length=templates.LONGEST_NAME, pattern=WORD)
    subject: str = Field(min_length=1, max_length=templates.LONGEST_SUBJECT, pattern=WORD)
    body: str = Field(min_length=1, max_length=templates.LONGEST_BODY, pattern=WORD, description=ABOUT_TEXT)


class TemplateChange(Given):
    name: str | None = Field(None, min_length=1, max_length=templates.LONGEST_NAME, pattern=WORD)
    subject: str | None = Field(None, min_length=1, max_length=templates.LONGEST_SUBJECT, pattern=WORD)
    body: str | None = Field(
        None, min_length=1, max_length=templates.LONGEST_BODY, pattern=WORD, description=ABOUT_TEXT
    )


@reads(router, "/templates", needs=Can.CAMPAIGNS_READ, gives=Page[TemplateTold], leads=LEADS)
def list_templates(request: Call, workspace: str, asked: Query[Narrowed]) -> Page[TemplateTold]:
    """The templates of the workspace."""
    return pages.page(Template.objects.within(request.workspace), asked, TemplateTold.of, of=TemplateTold)


@writes(router, "/templates", needs=Can.CAMPAIGNS_WRITE, gives=TemplateTold, status=201, leads=LEADS)
def make_template(request: Call, workspace: str, body: TemplateGiven) -> TemplateTold:
    """Make a template. A placeholder that is not known is refused."""
    told = body.model_dump()
    return TemplateTold.of(templates.make(request.workspace, **told, by=request.caller.by, at=request.at))


@changes(router, "/templates/{template}", needs=Can.CAMPAIGNS_WRITE, gives=TemplateTold)
def change_template(request: Call, workspace: str, template: Id, body: TemplateChange) -> TemplateTold:
    """Change a template. Another subject or text makes another version; what was sent stays as it was."""
    told = {key: value for key, value in body.model_dump(exclude_unset=True).items() if value is not None}
    changed = templates.change(find(request, template), **told, by=request.caller.by, at=request.at)
    return TemplateTold.of(changed)


@removes(router, "/templates/{template}", needs=Can.CAMPAIGNS_WRITE)
def remove_template(request: Call, workspace: str, template: Id) -> None:
    """Remove a template. A reminder that uses it is sent no more."""
    templates.remove(find(request, template), by=request.caller.by, at=request.at)


def find(request: Call, template: str) -> Template:
    """The template of the workspace. Raises Problem (404)."""
    rows = Template.objects.within(request.workspace).select_related("workspace")
    found: Template = pages.find(rows, template, "template")
    return found
