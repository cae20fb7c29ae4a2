"""The passport of a figure: where it comes from, under which consent, how it was worked out, and why it is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from greenroom.core import formats
from greenroom.core.models import Workspace
from greenroom.creators.models import Consent, Post
from greenroom.imports.models import Import
from greenroom.metrics import actions, definitions, evidence
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import BadQuery, Query

SOURCES = {
    "official_api": "TikTok's official API",
    "creator_consent": "The creator's consent",
    "brand_owned": "Brand-owned account",
    "user_entered": "Entered by a person",
    "sandbox": "Sandbox, a pretend TikTok",
    "legacy": "Former source, to be purged",
}
SURFACES = {
    "accounts_api": "TikTok Accounts API",
    "display_api": "TikTok Display API",
    "marketplace_tto": "TikTok One marketplace",
    "marketplace_tcm": "TikTok Creator Marketplace",
    "order_report": "Marketplace order report",
    "file": "Imported file",
    "legacy": "Former source",
}
AVAILABILITY = {
    "full": "Available",
    "limited": "Limited: shown when TikTok sends it, never used for pay, ranking or eligibility",
    "partial": "Partly available",
    "derived": "Derived by Greenroom; TikTok supplies no such figure",
    "entered": "Entered by people of this workspace; TikTok did not say so",
    "none": "Not available",
}


@dataclass(frozen=True)
class Agreement:
    """The consent a reading was made under."""

    who: str
    at: datetime
    scopes: tuple[str, ...]
    how: str
    until: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Passport:
    """Everything a figure can say about itself (GOV-02), and the way out when there is no figure.

    sources and surfaces: connector class and TikTok surface of the readings, as codes; `…_words` say them.
    read_at: when the oldest of the readings shown was fetched. basis: how the posts are tied to work we asked for
    (tracking mode); empty for figures of accounts. imports: the files by which people entered readings. readings: some
    of `readings_total`, newest first.
    """

    metric: Metric
    subject: str
    figure: Figure
    sources: tuple[str, ...]
    surfaces: tuple[str, ...]
    read_at: datetime | None
    consents: tuple[Agreement, ...]
    basis: tuple[str, ...]
    imports: tuple[Import, ...]
    readings: tuple[evidence.Reading, ...]
    readings_total: int
    as_of: datetime
    sql: str

    @property
    def formula(self) -> str:
        """Formula with its version: `engagement_rate_views_lcs@1`."""
        return self.metric.name

    @property
    def working(self) -> str:
        """Numerator and denominator with numbers where there are any, else how the parts add up (MET-10)."""
        figure = self.figure
        if figure.top is not None and figure.bottom is not None:
            return f"{formats.num(figure.top)} ÷ {formats.num(figure.bottom)}"
        return f"{self.metric.aggregation} of {', '.join(definitions.fields(self.metric)) or 'posts'}"

    @property
    def availability(self) -> str:
        return AVAILABILITY[self.figure.state]

    @property
    def coverage(self) -> str:
        """Eighteen of twenty posts: "18 of 20 posts"."""
        return f"{self.figure.n} of {self.figure.of} {self.metric.counted}{'' if self.figure.of == 1 else 's'}"

    @property
    def source_words(self) -> str:
        return ", ".join(SOURCES.get(one, one) for one in self.sources)

    @property
    def surface_words(self) -> str:
        return ", ".join(SURFACES.get(one, one) for one in self.surfaces)

    @property
    def basis_words(self) -> str:
        return ", ".join(str(Post.Basis(one).label) for one in self.basis)


def passport(
    workspace: Workspace,
    *,
    metric: str,
    by: str,
    key: int | str,
    since: datetime | None = None,
    until: datetime | None = None,
    as_of: datetime | None = None,
    at: datetime | None = None,
) -> Passport:
    """The passport of `metric` of one account, creator or post: `by` says which, `key` is our id or its name.

    `by` "workspace" means all of it, whatever the key. `at` is the present (None: the clock). Raises BadQuery,
    UnknownMetric, UnknownSubject.
    """
    whole = by == "workspace"
    query = Query((metric,), () if whole else (by,), () if whole else ((by, key),), since, until, as_of)
    answer = actions.measure(query, workspace, at=at)
    if len(answer.rows) != 1:
        raise BadQuery(f"{key!r} names {len(answer.rows)} {by}s.")
    row = answer.rows[0]
    used, total = evidence.readings(query, workspace, at=answer.as_of)
    return Passport(
        metric=definitions.find(metric),
        subject=str(row.get(f"{by}_name", workspace.name)),
        figure=row[metric],
        sources=_distinct(reading.source_class for reading in used),
        surfaces=_distinct(reading.surface for reading in used),
        read_at=min((reading.read_at for reading in used if reading.read_at), default=None),
        consents=_consents(used, workspace),
        basis=_distinct(reading.basis for reading in used),
        imports=_imports(used, workspace),
        readings=tuple(used),
        readings_total=total,
        as_of=answer.as_of,
        sql=answer.sql,
    )


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _consents(used: Iterable[evidence.Reading], workspace: Workspace) -> tuple[Agreement, ...]:
    ids = {reading.consent for reading in used if reading.consent}
    rows = Consent.objects.within(workspace).filter(pk__in=ids).order_by("-at", "-pk")
    return tuple(Agreement(c.who, c.at, tuple(c.scopes), c.how, c.until, c.revoked_at) for c in rows)


def _imports(used: Iterable[evidence.Reading], workspace: Workspace) -> tuple[Import, ...]:
    ids = {reading.import_id for reading in used if reading.import_id}
    return tuple(Import.objects.within(workspace).filter(pk__in=ids).order_by("-started_at", "-pk")) if ids else ()
