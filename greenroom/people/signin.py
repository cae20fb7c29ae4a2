"""What a sign-in leaves in the audit log of every workspace the person is in."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse

from greenroom.core import clock, events, signin
from greenroom.core.models import Event, Member, User
from greenroom.people.devices import device

QUIET = timedelta(minutes=10)  # one line for a volley of wrong passwords


class Adapter(signin.Adapter):
    """Sign-in as core has it, written down."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        _tell(self, request, user, "signed_in")
        return answer

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(email__iexact=credentials.get("email") or "").first()
        if user is not None:
            _tell(self, request, user, "sign_in_failed", quiet=QUIET)


def factor_added(sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _tell(Adapter(), request, user, "second_factor_added")


def factor_removed(sender: object, *, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        _tell(Adapter(), request, user, "second_factor_removed")


def _tell(adapter: Adapter, request: HttpRequest, user: User, verb: str, *, quiet: timedelta | None = None) -> None:
    at = clock.now()
    seen = {"device": device(request.META.get("HTTP_USER_AGENT", "")), "address": adapter.get_client_ip(request)}
    for member in Member.objects.filter(user=user).select_related("workspace"):
        told = Event.objects.within(member.workspace_id).filter(
            subject=events.about(member), name=f"member.{verb}", at__gt=at - (quiet or timedelta())
        )
        if quiet is None or not told.exists():
            events.record(member, verb, by=member.by, at=at, **seen)
