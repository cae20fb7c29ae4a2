"""Saved views of a list: save what is looked at, rename, share, open the list with it, delete."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import saved
from greenroom.creators.models import View
from greenroom.creators.naming import Unfit
from greenroom.pages import roster
from greenroom.pages.request import StaffRequest

# Views are a matter among members: who may see that others are here may keep and share them. A client may not.
KEEPS = Can.MEMBERS_READ
PAGES = {roster.PAGE: "Creators"}


class ViewForm(forms.Form):
    """A name, and who sees it."""

    name = forms.CharField(max_length=60)
    shared = forms.BooleanField(required=False, label="Share with everybody in the workspace")
    default = forms.BooleanField(required=False, label="Open the list with this view", help_text="For you alone.")


@needs(KEEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, page: str) -> HttpResponse:
    """Keep the query string of the list `page` as a view."""
    if page not in PAGES:
        raise Http404(f"No list is called {page}")
    form = ViewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, shared, at = form.cleaned_data["name"], form.cleaned_data["shared"], clock.now()
        query = request.GET.urlencode()
        try:
            view = saved.save(request.member, page=page, name=name, query=query, shared=shared, at=at)
        except Unfit as error:
            form.add_error("name", str(error))
        else:
            if form.cleaned_data["default"]:
                saved.greet(request.member, page=page, view=view, at=at)
            messages.success(request, f"Saved as {view}.")
            return redirect(_address(view))
    return _form(request, form, page=page)


@needs(KEEPS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, view: int) -> HttpResponse:
    found = _view(request, view)
    first = {"name": found.name, "shared": found.shared, "default": found in _greeting(request, found)}
    form = ViewForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        told, at = form.cleaned_data, clock.now()
        try:
            if found.owner_id == request.member.pk:
                kept = {"name": told["name"], "shared": told["shared"], "query": found.query}
                saved.change(found, **kept, member=request.member, at=at)
            if told["default"] != first["default"]:
                greeting = found if told["default"] else None
                saved.greet(request.member, page=found.page, view=greeting, at=at)
        except Unfit as error:
            form.add_error("name" if found.owner_id == request.member.pk else "default", str(error))
        else:
            messages.success(request, f"{found} is saved.")
            return redirect(_address(found))
    return _form(request, form, view=found, page=found.page)


@needs(KEEPS)
@require_POST
def renew(request: StaffRequest, view: int) -> HttpResponse:
    """Make the view what the list shows now: its query string comes with the request."""
    found = _view(request, view)
    query = request.GET.urlencode()
    _own(lambda: saved.change(
        found, name=found.name, query=query, shared=found.shared, member=request.member, at=clock.now()
    ))  # fmt: skip
    messages.success(request, f"{found} now shows this.")
    return redirect(_address(found))


@needs(KEEPS)
@require_POST
def remove(request: StaffRequest, view: int) -> HttpResponse:
    found = _view(request, view)
    back = reverse(found.page, args=[request.workspace.slug])
    _own(lambda: saved.remove(found, member=request.member, at=clock.now()))
    messages.success(request, f"The view {found.name} is deleted.")
    return redirect(f"{back}?view=all")


def _view(request: StaffRequest, view: int) -> View:
    mine = View.objects.within(request.workspace)
    found = get_object_or_404(mine.select_related("owner__user", "workspace"), pk=view)
    if not saved.seen_by(request.member, found.page).filter(pk=view).exists():
        raise Http404("This view is private")
    return found


def _greeting(request: StaffRequest, view: View) -> list[View]:
    one = saved.default_of(request.member, view.page)
    return [one] if one else []


def _own(act: Any) -> None:
    try:
        act()
    except saved.NotYours as error:
        raise Http404(str(error)) from None


def _address(view: View) -> str:
    page = reverse(view.page, args=[view.workspace.slug])
    return f"{page}?{view.query}&view={view.pk}".replace("?&", "?")


def _form(request: StaffRequest, form: ViewForm, *, page: str, view: View | None = None) -> HttpResponse:
    told = {
        "form": form,
        "view": view,
        "page": page,
        "title": PAGES[page],
        "is_own": view is None or view.owner_id == request.member.pk,
        "here": request.get_full_path(),
        "back": _address(view) if view else f"{reverse(page, args=[request.workspace.slug])}?{request.GET.urlencode()}",
    }
    return web.render(request, "pages/view_form.html#form", told, status=422 if form.errors else 200)
