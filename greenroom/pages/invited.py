"""Accepting an invitation: somebody new sets a name and a password, somebody known signs in first."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from greenroom.core import clock, web
from greenroom.core.access import anyone
from greenroom.core.models import Member, User
from greenroom.people import invitations
from greenroom.people.models import Invitation
from greenroom.people.refusals import Refusal, WrongPerson

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class JoinForm(forms.Form):
    """What a new person says of themself."""

    name = forms.CharField(max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        help_text="At least 10 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *given: Any, email: str) -> None:
        super().__init__(*given)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


@anyone("the signed link, sent to one address, is the permission")
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = invitations.read(token, at=clock.now())
        if request.user.is_authenticated:
            return _as_user(request, found, request.user)
        if invitations.user_of(found) is not None:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return _as_somebody_new(request, found)
    except Refusal as refused:
        shown = {"refused": refused, "other": isinstance(refused, WrongPerson) and request.user.is_authenticated}
        return web.render(request, "pages/invited_refused.html", shown, status=refused.status)


def _as_user(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    if user.email.lower() != found.email.lower():
        raise WrongPerson(found.email)
    if request.method != "POST":
        return web.render(request, "pages/invited.html", {"invitation": found})
    return _in(request, invitations.accept(found, user=user, at=clock.now()))


def _as_somebody_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email)
    if request.method != "POST" or not form.is_valid():
        return web.render(request, "pages/invited.html", {"invitation": found, "form": form})
    member = invitations.join(found, **form.cleaned_data, at=clock.now())
    login(request, member.user, backend=BACKEND)
    return _in(request, member)


def _in(request: HttpRequest, member: Member) -> HttpResponse:
    messages.success(request, f"Welcome to {member.workspace}.")
    return redirect("home", member.workspace.slug)
