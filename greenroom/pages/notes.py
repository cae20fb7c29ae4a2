"""Notes about a creator: read by all, written by those who may change creators, changed by who wrote them."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import notes
from greenroom.creators.models import Creator, Note
from greenroom.pages.record import Record
from greenroom.pages.request import StaffRequest


class NoteForm(forms.Form):
    """The text of a note."""

    text = forms.CharField(max_length=notes.LONGEST, label="Note", widget=forms.Textarea(attrs={"rows": 4}))


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest, creator: int) -> HttpResponse:
    return _page(request, _person(request, creator), NoteForm())


@needs(Can.CREATORS_WRITE)
@require_POST
def add(request: StaffRequest, creator: int) -> HttpResponse:
    person, form = _person(request, creator), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    notes.add(person, text=form.cleaned_data["text"], author=request.member, at=clock.now())
    return redirect("creator_notes", request.workspace.slug, creator)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, creator: int, note: int) -> HttpResponse:
    found = _own(request, creator, note)
    form = NoteForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        notes.change(found, text=form.cleaned_data["text"], author=request.member, at=clock.now())
        return redirect("creator_notes", request.workspace.slug, creator)
    return web.render(request, "pages/note.html#form", {"form": form, "note": found, "creator": found.creator})


@needs(Can.CREATORS_WRITE)
@require_POST
def remove(request: StaffRequest, creator: int, note: int) -> HttpResponse:
    notes.remove(_own(request, creator, note), author=request.member, at=clock.now())
    messages.success(request, "The note is removed.")
    return redirect("creator_notes", request.workspace.slug, creator)


def _person(request: StaffRequest, creator: int) -> Creator:
    rows = Creator.objects.within(request.workspace).select_related("workspace")
    found: Creator = get_object_or_404(rows, pk=creator)
    return found


def _own(request: StaffRequest, creator: int, note: int) -> Note:
    mine = Note.objects.within(request.workspace).select_related("creator", "workspace")
    found: Note = get_object_or_404(mine, pk=note, creator=creator, creator__gone_at=None)
    if found.by != request.member.by:
        raise Http404(f"This note is {found.author}'s")
    return found


def _page(request: StaffRequest, person: Creator, form: NoteForm) -> HttpResponse:
    page = web.paginate(request, person.notes.all())
    told = {"creator": person, "record": Record.of(person), "form": form, "page": page, "tab": "creator_notes"}
    return web.render(request, "pages/creator_notes.html", told, status=422 if form.errors else 200)
