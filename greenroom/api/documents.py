"""Documents: the brief and the agreement of a campaign, in versions."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from greenroom.api import campaigns
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import WORD, Given, Id, Text, Told
from greenroom.campaigns import documents
from greenroom.campaigns.models import Document
from greenroom.core.access import Can

router = Router(tags=["campaigns"])
Part = Annotated[str, Field(min_length=1, max_length=documents.LONGEST, pattern=WORD)]
Line = Annotated[Text, Field(max_length=500)]


class DocumentTold(Told):
    """The newest version of a brief or an agreement."""

    id: Id
    kind: str
    version: int
    content: dict[str, Any] = Field(description="Its parts by name: texts, and `checklist` a list of lines.")
    accepted: int = Field(description="How many creators accepted this version.")
    made_at: datetime
    by: str

    @classmethod
    def of(cls, row: Document) -> "DocumentTold":
        return cls(
            id=str(row.pk),
            kind=row.kind,
            version=row.version,
            content=row.content,
            accepted=row.acceptances.count(),
            made_at=row.made_at,
            by=row.by,
        )


class DocumentsTold(Told):
    """What creators are given to read; null: nothing was published yet."""

    brief: DocumentTold | None
    agreement: DocumentTold | None


class BriefGiven(Given):
    """Directions for the creator's work."""

    kind: Literal["brief"]
    text: Part
    checklist: list[Line] = Field([], max_length=50)


class AgreementGiven(Given):
    """Terms that the creator agrees to."""

    kind: Literal["agreement"]
    terms: Part
    fee: Part
    deliverables: Part
    dates: Part
    data_access: Part
    renewal: Text = Field("", max_length=documents.LONGEST)


class DocumentGiven(Given):
    document: Annotated[BriefGiven | AgreementGiven, Field(discriminator="kind")]


@reads(router, "/campaigns/{campaign}/documents", needs=Can.CAMPAIGNS_READ, gives=DocumentsTold)
def get_documents(request: Call, workspace: str, campaign: Id) -> DocumentsTold:
    """The newest brief and agreement of a campaign."""
    found = campaigns.find(request, campaign)
    rows = {kind: documents.current(found, kind) for kind in Document.Kind.values}
    return DocumentsTold(**{kind: DocumentTold.of(row) if row else None for kind, row in rows.items()})


@writes(router, "/campaigns/{campaign}/documents", needs=Can.CAMPAIGNS_WRITE, gives=DocumentTold)
def publish_document(request: Call, workspace: str, campaign: Id, body: DocumentGiven) -> DocumentTold:
    """Publish the next version of the brief or the agreement.

    Whoever accepted an earlier version is asked again. What is unchanged stays the version it is.
    """
    told = body.document.model_dump()
    kind = told.pop("kind")
    found = campaigns.find(request, campaign)
    return DocumentTold.of(documents.publish(found, kind, told, by=request.caller.by, at=request.at))
