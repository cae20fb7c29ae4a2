"""The ways to narrow the list of accounts. A module further up adds its own to FACETS, REASONS and SORTS.

A facet is offered by a function of the workspace, because labels, lists and fields differ from one to the next.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, F, Max, Min, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from greenroom.core.models import Workspace
from greenroom.creators import fields, scopes
from greenroom.creators.models import Account, Connection, Creator, Field, FieldValue, Label, List, Listed
from greenroom.creators.naming import Unfit

NONE = "none"  # of labels, lists and fields: those without any
SUPPORTED = Q(authenticated=True) | Q(in_marketplace=True)


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list.

    choices: (value, words) to choose from; empty where anything that `form` says may be typed. many: may several
    values be chosen at once, which means any of them? narrow: what a value asks for; raises Unfit for nonsense.
    """

    key: str
    label: str
    narrow: Callable[[str, datetime], Q]
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False
    form: str = "choice"  # or text, number, date

    def word(self, value: str) -> str:
        """A value as a person reads it."""
        return dict(self.choices).get(value, value.replace("..", " to ").strip())


Offer = Callable[[Workspace], Iterable[Facet]]


def _either(key: str, label: str, yes: tuple[str, str, Q], no: tuple[str, str]) -> Facet:
    value, words, meaning = yes
    return Facet(key, label, lambda told, at: meaning if told == value else ~meaning, ((value, words), no))


def states(workspace: Workspace) -> list[Facet]:
    """The two attributes, what follows from them, and what the account is for."""
    purposes, origins = tuple(Account.Purpose.choices), tuple(Account.Origin.choices)
    return [
        _either(
            "authentication",
            "Authentication",
            ("yes", "Authenticated", Q(authenticated=True)),
            ("no", "Not authenticated"),
        ),
        _either(
            "membership",
            "Marketplace",
            ("marketplace", "Marketplace", Q(in_marketplace=True)),
            ("non_ttcm", "Non-TTCM"),
        ),
        _either("support", "Tracking", ("can", "Can be tracked", SUPPORTED), ("cannot", "Can't be tracked")),
        Facet(
            "reason",
            "Not available because",
            lambda told, at: REASONS[told][1](at),
            tuple((code, words) for code, (words, _) in REASONS.items()),
            many=True,
        ),
        Facet("purpose", "Purpose", lambda told, at: Q(purpose=told), purposes),
        Facet("origin", "Came in by", lambda told, at: Q(origin=told), origins, many=True),
    ]


def groups(workspace: Workspace) -> list[Facet]:
    """Labels, lists and countries of the workspace; those it has none of are left out."""
    labels, lists = Label.objects.within(workspace), List.objects.within(workspace)
    known = Creator.objects.within(workspace).exclude(country="").order_by("country").distinct()
    found = [
        ("label", "Label", _label, [(str(pk), name) for pk, name in labels.values_list("pk", "name")]),
        ("list", "List", _list, [(str(pk), name) for pk, name in lists.values_list("pk", "name")]),
        ("country", "Country", _country, [(one, one) for one in known.values_list("country", flat=True)]),
    ]
    nothing = {"label": "No label", "list": "On no list", "country": "Not known"}
    return [
        Facet(key, label, narrow, (*choices, (NONE, nothing[key])), many=True)
        for key, label, narrow, choices in found
        if choices
    ]


def own_fields(workspace: Workspace) -> list[Facet]:
    """The workspace's own fields, as far as their kind can be filtered by."""
    return [_field(one) for one in Field.objects.within(workspace)]


def _label(told: str, at: datetime) -> Q:
    rows = Label.creators.through.objects
    if told == NONE:
        return ~Q(creator__in=rows.values("creator_id"))
    return Q(creator__in=rows.filter(label_id=int(told)).values("creator_id"))


def _list(told: str, at: datetime) -> Q:
    if told == NONE:
        return ~Q(creator__in=Listed.objects.values("creator_id"))
    return Q(creator__in=Listed.objects.filter(list_id=int(told)).values("creator_id"))


def _country(told: str, at: datetime) -> Q:
    return Q(creator__country="" if told == NONE else told)


def _field(field: Field) -> Facet:
    def narrow(told: str, at: datetime) -> Q:
        rows = FieldValue.objects.filter(field=field)
        if told == NONE:
            return ~Q(creator__in=rows.values("creator_id"))
        return Q(creator__in=rows.filter(_value(field, told)).values("creator_id"))

    kind = field.kind
    choices: list[tuple[str, str]] = [(str(word), str(word)) for word in field.choices]
    if kind == Field.Kind.YES_NO:
        choices = [("yes", "Yes"), ("no", "No")]
    form = "choice" if choices else kind if kind in (Field.Kind.NUMBER, Field.Kind.DATE) else "text"
    offered = (*choices, (NONE, "No value")) if choices else ()
    return Facet(f"field_{field.pk}", field.name, narrow, offered, many=kind == Field.Kind.CHOICE, form=form)


def _value(field: Field, told: str) -> Q:
    if field.kind in (Field.Kind.NUMBER, Field.Kind.DATE):
        low, high = span(field, told)
        bounds = {f"{field.column}__gte": low, f"{field.column}__lte": high}
        return Q(**{key: value for key, value in bounds.items() if value is not None})
    if field.kind in (Field.Kind.CHOICE, Field.Kind.YES_NO):
        return Q(**{field.column: fields.parse(field, told)})
    return Q(text__icontains=told)


def span(field: Field, told: str) -> tuple[Decimal | date | None, Decimal | date | None]:
    """`10..20`, `10..`, `..20` or `10` as a lowest and a highest value, both included. Raises Unfit. Pure."""
    low, dots, high = told.partition("..")
    first, last = fields.parse(field, low), fields.parse(field, high if dots else low)
    if first is None and last is None:
        raise Unfit("Say from, to, or both, such as 10..20.")
    return first, last  # type: ignore[return-value]


def _holds_back(at: datetime) -> Q:
    """Creators who share less than was asked for."""
    grants = Connection.objects.filter(account__isnull=False, state__in=Connection.LIVE)
    grants = grants.annotate(held=Cast("scopes", TextField()))
    less = Q(pk__in=[])
    for dialect in ("accounts", "login_kit"):
        missing = Q(pk__in=[])
        for scope in scopes.asked(dialect):
            missing |= ~Q(held__contains=f'"{scope}"')
        less |= Q(dialect=dialect) & missing
    return Q(pk__in=grants.filter(less).values("account_id"))


# Why something of an account is not available: code of core.reasons -> its words, and which accounts it is true of.
REASONS: dict[str, tuple[str, Callable[[datetime], Q]]] = {
    "unsupported_account": ("Can't be tracked", lambda at: ~SUPPORTED),
    "not_in_entitlement": (
        "Not for this kind of account",
        lambda at: SUPPORTED & ~Q(authenticated=True, in_marketplace=True),
    ),
    "scope_missing": ("Not shared by the creator", _holds_back),
}

# Further up: what is read, then campaigns, then findings.
FACETS: list[Offer] = [states, groups, own_fields]

# What the list can be ordered by without asking for a figure; what has none comes last either way.
SORTS: dict[str, Combinable] = {
    "handle": F("handle"),
    "name": F("creator__name"),
    "authentication": F("authenticated"),
    "membership": F("in_marketplace"),
    "support": Case(When(SUPPORTED, then=Value(1)), default=Value(0)),
    "reason": Case(
        When(~SUPPORTED, then=Value(0)),
        When(Q(authenticated=True, in_marketplace=True), then=Value(2)),
        default=Value(1),
    ),
    "label": Min("creator__labels__name"),
    "list": Min("creator__lists__name"),
    "place": Max("creator__listed__place"),  # listing.ordered knows on which list
    "added": F("created_at"),
}
SORT_WORDS = {
    "handle": "handle",
    "name": "name",
    "authentication": "authentication",
    "membership": "marketplace",
    "support": "tracking",
    "reason": "reason",
    "label": "label",
    "list": "list",
    "place": "place on the list",
    "added": "when added",
}
