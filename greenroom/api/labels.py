"""Labels: free tags on creators."""

from datetime import datetime

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.lists import CreatorsChanged, CreatorsGiven, changed, creators_of
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Told, whole_number
from greenroom.core.access import Can
from greenroom.creators import labels
from greenroom.creators.models import Label

router = Router(tags=["labels"])


class LabelTold(Told):
    """A free tag on creators."""

    id: Id
    name: str
    hue: int = Field(description="Its colour, 1 to 8.")
    created_at: datetime

    @classmethod
    def of(cls, row: Label) -> "LabelTold":
        return cls(id=str(row.pk), name=row.name, hue=row.hue, created_at=row.created_at)


class LabelGiven(Given):
    name: str = Field(min_length=1, max_length=40, pattern=WORD)
    hue: whole_number(1, 8) = 1  # type: ignore[valid-type]


class LabelChange(Given):
    name: str | None = Field(None, min_length=1, max_length=40, pattern=WORD)
    hue: whole_number(1, 8) | None = None  # type: ignore[valid-type]


@reads(router, "/labels", needs=Can.CREATORS_READ, gives=Page[LabelTold], leads={"get_label": "label"})
def list_labels(request: Call, workspace: str, asked: Query[Narrowed]) -> Page[LabelTold]:
    """The labels of the workspace."""
    return pages.page(Label.objects.within(request.workspace), asked, LabelTold.of, of=LabelTold)


@reads(router, "/labels/{label}", needs=Can.CREATORS_READ, gives=LabelTold)
def get_label(request: Call, workspace: str, label: Id) -> LabelTold:
    """One label."""
    return LabelTold.of(_label(request, label))


@writes(
    router,
    "/labels",
    needs=Can.CREATORS_WRITE,
    gives=LabelTold,
    status=201,
    leads={"get_label": "label", "change_label": "label", "remove_label": "label"},
)
def make_label(request: Call, workspace: str, body: LabelGiven) -> LabelTold:
    """Make a label."""
    return LabelTold.of(
        labels.make(request.workspace, name=body.name, hue=body.hue, by=request.caller.by, at=request.at)
    )


@changes(router, "/labels/{label}", needs=Can.CREATORS_WRITE, gives=LabelTold)
def change_label(request: Call, workspace: str, label: Id, body: LabelChange) -> LabelTold:
    """Give a label another name or colour, everywhere it stands."""
    found = _label(request, label)
    name, hue = body.name or found.name, body.hue or found.hue
    labels.change(found, name=name, hue=hue, by=request.caller.by, at=request.at)
    return LabelTold.of(found)


@removes(router, "/labels/{label}", needs=Can.CREATORS_WRITE)
def remove_label(request: Call, workspace: str, label: Id) -> None:
    """Take a label off everybody, for good."""
    labels.remove(_label(request, label), by=request.caller.by, at=request.at)


@writes(router, "/labels/{label}/creators", needs=Can.CREATORS_WRITE, gives=CreatorsChanged)
def label_creators(request: Call, workspace: str, label: Id, body: CreatorsGiven) -> CreatorsChanged:
    """Put a label on creators, and take it off others."""
    found, by, at = _label(request, label), request.caller.by, request.at
    added = labels.put(found, creators_of(request, body.add), by=by, at=at)
    return changed(added, labels.take(found, creators_of(request, body.remove), by=by, at=at))


def _label(request: Call, label: str) -> Label:
    found: Label = pages.find(Label.objects.within(request.workspace), label, "label")
    return found
