"""Settings of what staff keep about creators: labels, lists, and fields of the workspace's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import fields, labels, lists
from greenroom.creators.models import Creator, Field, Label, List
from greenroom.creators.naming import Unfit
from greenroom.pages.request import StaffRequest

HUES = [(place, name) for place, name in enumerate(Label.HUES, start=1)]
TAB = {"tab": "settings_fields"}


class LabelForm(forms.Form):
    name = forms.CharField(max_length=40)
    hue = forms.TypedChoiceField(coerce=int, choices=HUES, label="Colour", initial=1)


class ListForm(forms.Form):
    name = forms.CharField(max_length=80)


class FieldForm(forms.Form):
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=Field.Kind.choices, help_text="What may stand in it; stays as it is.")
    choices = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Of a choice: one a line.",
    )

    def clean_choices(self) -> list[str]:
        return str(self.cleaned_data["choices"]).splitlines()


class ChoicesForm(FieldForm):
    """A field that exists: its kind stays."""

    kind = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Noun:
    """One of the three: its words, its form, its verbs."""

    word: str
    model: type[Any]
    form: type[forms.Form]
    make: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., Any]
    goes: str  # what removing it means


NOUNS = {
    "labels": Noun("label", Label, LabelForm, labels.make, labels.change, labels.remove,
                   "It comes off every creator. The creators stay."),
    "lists": Noun("list", List, ListForm, lists.make, lists.rename, lists.remove,
                  "The list and its order go. The creators on it stay."),
    "fields": Noun("field", Field, FieldForm, fields.make, fields.change, fields.remove,
                   "Its values go from every creator, for good. Saved views that filter by it show everybody."),
}  # fmt: skip


@needs(Can.CREATORS_WRITE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    here = Q(creators__gone_at=None, creators__isnull=False)
    home = request.workspace
    told = {
        "labels": Label.objects.within(home).annotate(count=Count("creators", filter=here)),
        "lists": List.objects.within(home).annotate(count=Count("creators", filter=here)),
        "fields": Field.objects.within(home).annotate(
            count=Count("values", filter=Q(values__creator__gone_at=None, values__isnull=False))
        ),
    }
    return web.render(request, "pages/settings_fields.html", told | TAB)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, noun: str) -> HttpResponse:
    kind = _noun(noun)
    form = kind.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "by": request.member.by, "at": clock.now()}
        try:
            made = kind.make(request.workspace, **told)
        except Unfit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The {kind.word} {made} is there.")
            return redirect("settings_fields", request.workspace.slug)
    return _form(request, noun, form)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, noun: str, pk: int) -> HttpResponse:
    kind, found = _noun(noun), _row(request, noun, pk)
    first = {key: getattr(found, key) for key in ("name", "hue") if hasattr(found, key)}
    if isinstance(found, Field):
        first["choices"] = "\n".join(found.choices)
    form = _form_of(found)(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            kind.change(found, **form.cleaned_data, by=request.member.by, at=clock.now())
        except Unfit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The {kind.word} {found} is saved.")
            return redirect("settings_fields", request.workspace.slug)
    return _form(request, noun, form, found)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, noun: str, pk: int) -> HttpResponse:
    """GET asks, POST removes."""
    kind, found = _noun(noun), _row(request, noun, pk)
    if request.method != "POST":
        count = found.values.count() if isinstance(found, Field) else found.creators.filter(gone_at=None).count()
        told = {"found": found, "noun": noun, "kind": kind, "count": count}
        return web.render(request, "pages/kept_remove.html#confirm", told)
    name = str(found)
    kind.remove(found, by=request.member.by, at=clock.now())
    messages.success(request, f"The {kind.word} {name} is removed.")
    return redirect("settings_fields", request.workspace.slug)


@needs(Can.CREATORS_WRITE)
@require_POST
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """Move `creator` up or down on a list, or off it: `to` is up, down or off."""
    group = _row(request, "lists", pk)
    key, to = request.POST.get("creator", ""), request.POST.get("to", "")
    person = get_object_or_404(Creator.objects.within(request.workspace), pk=int(key) if key.isdecimal() else 0)
    told: dict[str, Any] = {"by": request.member.by, "at": clock.now()}
    if to == "off":
        lists.drop(group, [person], **told)
    elif to in ("up", "down"):
        lists.move(group, person, steps=-1 if to == "up" else 1, **told)
    return redirect("kept", request.workspace.slug, "lists", pk)


def _noun(noun: str) -> Noun:
    if noun not in NOUNS:
        raise Http404(f"Nothing is called {noun}")
    return NOUNS[noun]


def _row(request: StaffRequest, noun: str, pk: int) -> Any:
    return get_object_or_404(_noun(noun).model.objects.within(request.workspace).select_related("workspace"), pk=pk)


def _form_of(found: Any) -> type[forms.Form]:
    return ChoicesForm if isinstance(found, Field) else LabelForm if isinstance(found, Label) else ListForm


def _form(request: StaffRequest, noun: str, form: forms.Form, found: Any = None) -> HttpResponse:
    told = {"noun": noun, "kind": _noun(noun), "form": form, "found": found}
    if isinstance(found, List):
        rows = found.entries.filter(creator__gone_at=None).select_related("creator")
        told["entries"] = list(rows.prefetch_related("creator__accounts"))
    if isinstance(found, Field) and found.kind != Field.Kind.CHOICE:
        del form.fields["choices"]
    return web.render(request, "pages/kept_form.html", told | TAB, status=422 if form.errors else 200)
