"""What staff keep about one creator: shown on the profile, edited in one form, deleted after asking."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import deletion, details, fields, labels, lists
from greenroom.creators.models import Creator, Field, Label, List, Note, Post
from greenroom.creators.naming import Unfit
from greenroom.pages.request import StaffRequest


@dataclass(frozen=True)
class Record:
    """A creator's labels, lists and values; how many notes and posts there are."""

    labels: list[Label]
    lists: list[List]
    values: list[tuple[Field, str]]  # every field of the workspace; "" without a value
    notes: int
    posts: int

    @classmethod
    def of(cls, creator: Creator) -> "Record":
        values = fields.values_of(creator)
        own = Field.objects.within(creator.workspace_id)
        of_notes = Note.objects.filter(creator=OuterRef("pk")).order_by().values("creator")
        of_posts = Post.objects.filter(account__creator=OuterRef("pk"), account__gone_at=None).order_by()
        counts = Creator.everyone.filter(pk=creator.pk).values_list(
            Subquery(of_notes.annotate(n=Count("pk")).values("n")),
            Subquery(of_posts.values("account__creator").annotate(n=Count("pk")).values("n")),
        )
        notes, posts = counts.get()
        return cls(
            labels=list(creator.labels.all()),
            lists=list(creator.lists.all()),
            values=[(field, fields.words(values.get(field.pk))) for field in own],
            notes=notes or 0,
            posts=posts or 0,
        )


class RecordForm(forms.Form):
    """Who the creator is, and the workspace's own fields, labels and lists."""

    name = forms.CharField(max_length=120)
    email = forms.EmailField(required=False, label="Email")
    country = forms.CharField(required=False, max_length=2, help_text="Two letters, such as US or DE.")
    about = forms.CharField(
        required=False,
        max_length=details.ABOUT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A sentence. What happened and was said goes into notes.",
    )

    def __init__(self, creator: Creator, given: Any = None) -> None:
        self.creator, self.own = creator, list(Field.objects.within(creator.workspace_id))
        values = fields.values_of(creator)
        first: dict[str, Any] = {key: getattr(creator, key) for key in details.OWN}
        first |= {_key(one): fields.words(values.get(one.pk)) for one in self.own}
        first["labels"] = [str(pk) for pk in creator.labels.values_list("pk", flat=True)]
        first["lists"] = [str(pk) for pk in creator.lists.values_list("pk", flat=True)]
        super().__init__(given, initial=first)
        self.fields |= {_key(one): _input(one) for one in self.own}
        for name, rows in (("labels", Label.objects), ("lists", List.objects)):
            choices = [(str(one.pk), one.name) for one in rows.within(creator.workspace_id)]
            widget = forms.CheckboxSelectMultiple(attrs={"class": "box"})
            self.fields[name] = forms.MultipleChoiceField(required=False, choices=choices, widget=widget)

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[_key(one)] for one in self.own]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for key in details.OWN:
            self._read(key, lambda text, key=key: details.clean(key, text))
        for one in self.own:
            self._read(_key(one), lambda text, one=one: fields.parse(one, text))
        return told

    def _read(self, key: str, meaning: Any) -> None:
        try:
            if key in self.cleaned_data:
                self.cleaned_data[key] = meaning(self.cleaned_data[key])
        except Unfit as error:
            self.add_error(key, str(error))

    def save(self, *, by: str, at: Any) -> None:
        """Everything that was changed; what was not touched leaves no event."""
        told, creator = self.cleaned_data, self.creator
        own = {one: told[_key(one)] for one in self.own}
        details.change(creator, {key: told[key] for key in details.OWN}, values=own, by=by, at=at)
        for label in Label.objects.within(creator.workspace_id):
            (labels.put if str(label.pk) in told["labels"] else labels.take)(label, [creator], by=by, at=at)
        for group in List.objects.within(creator.workspace_id):
            (lists.add if str(group.pk) in told["lists"] else lists.drop)(group, [creator], by=by, at=at)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, creator: int) -> HttpResponse:
    person = get_object_or_404(Creator.objects.within(request.workspace), pk=creator)
    form = RecordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.member.by, at=clock.now())
        messages.success(request, f"{person} is saved.")
        return redirect("creator", request.workspace.slug, creator)
    told = {"creator": person, "form": form}
    return web.render(request, "pages/creator_edit.html", told, status=422 if form.errors else 200)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: StaffRequest, creator: int) -> HttpResponse:
    """GET says exactly what goes and what stays; POST with the name typed in deletes."""
    person = get_object_or_404(Creator.objects.within(request.workspace).select_related("workspace"), pk=creator)
    typed = " ".join(request.POST.get("confirmed", "").split())
    if request.method == "POST" and typed.lower() == person.name.lower():
        name = person.name
        deletion.delete(person, by=request.member.by, at=clock.now())
        messages.success(request, f"{name} is deleted. Readings are erased within minutes.")
        return redirect("creators", request.workspace.slug)
    told = {"creator": person, "plan": deletion.Plan.of(person), "wrong": request.method == "POST"}
    return web.render(request, "pages/creator_delete.html", told, status=422 if told["wrong"] else 200)


def _key(field: Field) -> str:
    return f"field_{field.pk}"


def _input(field: Field) -> forms.Field:
    told: dict[str, Any] = {"required": False, "label": field.name}
    if field.kind in (Field.Kind.CHOICE, Field.Kind.YES_NO):
        words = field.choices or ["yes", "no"]
        return forms.ChoiceField(choices=[("", "Not set"), *((one, one.capitalize()) for one in words)], **told)
    kind = {Field.Kind.DATE: "date", Field.Kind.URL: "url"}.get(field.kind, "text")  # type: ignore[call-overload]
    attrs = {"type": kind} | ({"inputmode": "decimal"} if field.kind == Field.Kind.NUMBER else {})
    return forms.CharField(max_length=fields.LONGEST, widget=forms.TextInput(attrs=attrs), **told)
