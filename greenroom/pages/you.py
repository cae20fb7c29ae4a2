"""A person's own settings: how they like to see things, where they are signed in, which workspaces they are in."""

from django import forms
from django.conf import settings as install
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from greenroom.core import clock, web
from greenroom.core.access import anyone
from greenroom.core.models import Member, User
from greenroom.pages.settings import zone_choices
from greenroom.people import members, sessions
from greenroom.people.refusals import Refusal

oneself = anyone("a person's own settings; asks for the person")


class YouForm(forms.Form):
    """How this person is called and likes to see things; empty means as the workspace does."""

    name = forms.CharField(max_length=120, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(
        choices=lambda: [("", _("As the workspace")), *zone_choices()], required=False, label=_("Time zone")
    )
    language = forms.ChoiceField(
        choices=lambda: [("", _("As the workspace")), *install.LANGUAGES], required=False, label=_("Language")
    )


@oneself
@login_required
def you(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    kept = tuple(YouForm.base_fields)
    form = YouForm(request.POST or None, initial={key: getattr(user, key) for key in kept})
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("you")
    mine = Member.objects.filter(user=user).select_related("workspace").order_by("workspace__name")
    shown = {
        "form": form,
        "sessions": sessions.of([user], here=request.session.session_key, at=clock.now()),
        "memberships": list(mine),
    }
    return web.render(request, "pages/you.html", shown)


@oneself
@login_required
@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    found = next((one for one in _sessions(request) if one.id == session), None)
    if found is not None and found.here:
        logout(request)
        return redirect("account_login")
    if sessions.end(_user(request), session):
        messages.success(request, "That device is signed out.")
    return _back(request)


@oneself
@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_others(_user(request), here=request.session.session_key)
    messages.success(request, f"Signed out on {ended} other device{'' if ended == 1 else 's'}.")
    return _back(request)


@oneself
@login_required
def leave(request: HttpRequest, member: int) -> HttpResponse:
    """Leave a workspace."""
    found = get_object_or_404(Member.objects.filter(user=_user(request)).select_related("workspace"), pk=member)
    if request.method != "POST":
        return web.render(request, "pages/you_leave.html", {"membership": found})
    try:
        members.remove(found, by=found.by, may=found.permissions, at=clock.now())
    except Refusal as refused:
        messages.error(request, f"{refused.title}. {refused.words}")
    else:
        messages.success(request, f"You left {found.workspace}.")
    return redirect("you")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _sessions(request: HttpRequest) -> list[sessions.SignIn]:
    return sessions.of([_user(request)], here=request.session.session_key, at=clock.now())


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button stood on."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if safe else "you")
