"""Notes, details and fields of the workspace's own."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from greenroom.core.models import Event
from greenroom.creators import details, fields, notes
from greenroom.creators.models import Creator, Field, FieldValue, Note
from greenroom.creators.naming import Unfit

BY = "member:1"


@pytest.fixture
def ana(workspace, at):
    return Creator.objects.create(workspace=workspace, name="Ana", email="ana@creators.example", created_at=at)


def told(name: str) -> list[dict]:
    return [event.data for event in Event.objects.filter(name=name).order_by("pk")]


def test_only_who_wrote_a_note_changes_or_removes_it(acme, ana, at):
    note = notes.add(ana, text=" Answers fast. ", author=acme.mia, at=at)
    assert (note.text, note.author) == ("Answers fast.", "Mia")
    for act in (
        lambda: notes.change(note, text="No.", author=acme.olga, at=at),
        lambda: notes.remove(note, author=acme.olga, at=at),
    ):
        with pytest.raises(notes.NotYours):
            act()
    notes.change(note, text="Answers very fast.", author=acme.mia, at=at + timedelta(hours=1))
    assert note.changed_at == at + timedelta(hours=1)
    notes.remove(note, author=acme.mia, at=at)
    assert not Note.objects.exists()


def test_what_a_note_said_is_in_no_event(acme, ana, at):
    note = notes.add(ana, text="A secret rate", author=acme.mia, at=at)
    notes.change(note, text="A secret rate of 400", author=acme.mia, at=at)
    notes.remove(note, author=acme.mia, at=at)
    assert [event.name for event in Event.objects.filter(subject__startswith="note:").order_by("pk")] == [
        "note.added",
        "note.changed",
        "note.removed",
    ]
    assert "secret" not in str([event.data for event in Event.objects.all()])
    assert told("note.changed")[0]["after"] == {"characters": 20}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_a_note_says_something_and_not_too_much(acme, ana, at, text):
    with pytest.raises(Unfit):
        notes.add(ana, text=text, author=acme.mia, at=at)


def test_a_change_is_one_event_with_before_and_after(workspace, ana, at):
    rate = fields.make(workspace, name="Rate", kind="number", by=BY, at=at)
    given = {"name": "Ana  B", "email": "ana@creators.example", "country": "de"}
    assert details.change(ana, given, values={rate: Decimal("400.5")}, by=BY, at=at)
    assert not details.change(ana, given, values={rate: Decimal("400.50")}, by=BY, at=at)
    assert told("creator.changed") == [
        {
            "before": {"name": "Ana", "country": "", "Rate": ""},
            "after": {"name": "Ana B", "country": "DE", "Rate": "400.5"},
        }
    ]


@pytest.mark.parametrize(
    ("key", "text"), [("name", " "), ("email", "ana@"), ("country", "Germany"), ("about", "x" * 501), ("handle", "x")]
)
def test_what_makes_no_sense_is_refused(ana, at, key, text):
    with pytest.raises(Unfit):
        details.change(ana, {key: text}, by=BY, at=at)


MEANT = [
    ("text", " Vegan ", "Vegan"),
    ("number", "1,200.50", Decimal("1200.5")),
    ("number", "-3", Decimal(-3)),
    ("number", "0", Decimal(0)),
    ("date", "2026-03-12", date(2026, 3, 12)),
    ("choice", "GOLD", "Gold"),
    ("yes_no", "No", False),
    ("url", "example.com/ana", "https://example.com/ana"),
]
NONSENSE = [
    ("number", "twelve"), ("number", "NaN"), ("number", "1e40"), ("date", "12.3.2026"), ("choice", "Bronze"),
    ("yes_no", "perhaps"), ("url", "javascript:alert(1)"), ("url", "https://example.com/<b>"), ("text", "x" * 1001),
]  # fmt: skip


def field(workspace, kind: str, at) -> Field:
    return fields.make(workspace, name=f"A {kind}", kind=kind, choices=("Gold", "Silver"), by=BY, at=at)


@pytest.mark.parametrize(("kind", "text", "value"), MEANT)
def test_a_value_is_kept_in_its_type_and_reads_back_the_same(workspace, ana, at, kind, text, value):
    one = field(workspace, kind, at)
    details.change(ana, {}, values={one: fields.parse(one, text)}, by=BY, at=at)
    kept = fields.values_of(ana)[one.pk]
    assert (kept, type(kept)) == (value, type(value))
    assert fields.parse(one, fields.words(kept)) == value


@pytest.mark.parametrize(("kind", "text"), NONSENSE)
def test_nonsense_is_refused_with_words(workspace, at, kind, text):
    with pytest.raises(Unfit, match=r"\w"):
        fields.parse(field(workspace, kind, at), text)


@pytest.mark.parametrize("kind", Field.Kind.values)
def test_no_value_is_no_row_and_never_a_zero(workspace, ana, at, kind):
    one = field(workspace, kind, at)
    text = {"number": "5", "date": "2026-03-12", "choice": "Gold", "yes_no": "yes", "url": "example.com"}.get(kind, "a")
    details.change(ana, {}, values={one: fields.parse(one, text)}, by=BY, at=at)
    details.change(ana, {}, values={one: fields.parse(one, "  ")}, by=BY, at=at)
    assert fields.values_of(ana) == {}
    assert not FieldValue.objects.exists()


def test_a_choice_in_use_can_not_be_dropped(workspace, ana, at):
    tier = field(workspace, "choice", at)
    details.change(ana, {}, values={tier: "Gold"}, by=BY, at=at)
    with pytest.raises(Unfit, match="Gold"):
        fields.change(tier, name="Tier", choices=("Silver", "Bronze"), by=BY, at=at)
    fields.change(tier, name="Tier", choices=("Gold", "Silver", "Bronze"), by=BY, at=at)
    assert told("field.changed")[0]["after"]["choices"] == ["Gold", "Silver", "Bronze"]


def test_removing_a_field_removes_its_values_and_says_how_many(workspace, ana, at):
    rate = field(workspace, "number", at)
    details.change(ana, {}, values={rate: Decimal(4)}, by=BY, at=at)
    assert fields.remove(rate, by=BY, at=at) == 1
    assert told("field.removed")[0]["before"] == {"name": "A number", "kind": "number", "choices": [], "values": 1}
    assert not FieldValue.objects.exists()


def test_a_choice_needs_something_to_choose_from(workspace, at):
    with pytest.raises(Unfit):
        fields.make(workspace, name="Tier", kind="choice", choices=["Gold", "gold", " "], by=BY, at=at)
