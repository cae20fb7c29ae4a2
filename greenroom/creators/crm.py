"""What staff keep about creators: labels, lists, notes, fields of their own, and views of lists.

`models.py` shows these classes as its own.
"""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower

from greenroom.core.models import Member
from greenroom.core.scope import Scoped

Value = str | Decimal | date | bool


class Label(Scoped):
    """A free tag on creators, with one of the eight colours of the palette."""

    HUES: ClassVar[tuple[str, ...]] = ("Green", "Amber", "Blue", "Purple", "Teal", "Red", "Olive", "Grey")

    name = models.CharField(max_length=40)
    hue = models.PositiveSmallIntegerField(default=1)  # 1 to 8, in the order of HUES
    creators = models.ManyToManyField("creators.Creator", related_name="labels")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="one_label_per_name")]

    def __str__(self) -> str:
        return self.name


class List(Scoped):
    """A named group of creators in an order, such as a shortlist."""

    name = models.CharField(max_length=80)
    creators = models.ManyToManyField("creators.Creator", through="creators.Listed", related_name="lists")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="one_list_per_name")]

    def __str__(self) -> str:
        return self.name


class Listed(Scoped):
    """A creator's place on a list."""

    list = models.ForeignKey(List, models.CASCADE, related_name="entries")
    creator = models.ForeignKey("creators.Creator", models.CASCADE, related_name="listed")
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ("place", "pk")
        constraints = [models.UniqueConstraint(fields=["list", "creator"], name="once_on_a_list")]

    def __str__(self) -> str:
        return f"{self.creator} on {self.list}"


class Note(Scoped):
    """What a member wrote about a creator. Its text is in no event, so that removing it removes it."""

    creator = models.ForeignKey("creators.Creator", models.CASCADE, related_name="notes")
    text = models.TextField(max_length=5000)
    by = models.CharField(max_length=60)  # `member:<id>`, who alone may change it
    author = models.CharField(max_length=120)  # the name they had then
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["creator", "-at"])]

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%Y-%m-%d}"


class Field(Scoped):
    """A field of the workspace's own on every creator."""

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        CHOICE = "choice", "Choice"
        YES_NO = "yes_no", "Yes or no"
        URL = "url", "Web address"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind)
    choices = models.JSONField(default=list)  # of kind choice: the words, in order
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="one_field_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def column(self) -> str:
        """The column of FieldValue that holds values of this kind."""
        return {"number": "number", "date": "date", "yes_no": "yes"}.get(self.kind, "text")


class FieldValue(Scoped):
    """The value of one field for one creator, in the column of the field's kind. No row: no value."""

    field = models.ForeignKey(Field, models.CASCADE, related_name="values")
    creator = models.ForeignKey("creators.Creator", models.CASCADE, related_name="values")
    text = models.TextField(blank=True)
    number = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    yes = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "creator"], name="one_value_per_field")]
        indexes = [models.Index(fields=["field", "number"]), models.Index(fields=["field", "date"])]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    @property
    def value(self) -> Value:
        """The value in its own type: text, Decimal, date or bool."""
        found: Any = getattr(self, self.field.column)
        return found.normalize() if isinstance(found, Decimal) else found


class View(Scoped):
    """A list as somebody left it: its page and its query string, under a name. Private, or shared with everybody."""

    page = models.CharField(max_length=40)  # the name of the list's URL: creators
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)  # without the ?
    owner = models.ForeignKey(Member, models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    default_for = models.ManyToManyField(Member, related_name="+")  # whom the list greets with this view
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        indexes = [models.Index(fields=["workspace", "page"])]

    def __str__(self) -> str:
        return self.name
