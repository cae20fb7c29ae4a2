"""Pages no domain owns: the way in, the first owner, health."""

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from greenroom.core import actions, clock, web
from greenroom.core.access import anyone
from greenroom.core.forms import FirstOwnerForm
from greenroom.core.models import Member, User


@anyone("sends each visitor to where they belong")
def front(request: HttpRequest) -> HttpResponse:
    if not User.objects.exists():
        return redirect("setup")
    if not request.user.is_authenticated:
        return redirect("account_login")
    member = Member.objects.filter(user=request.user).select_related("workspace").order_by("pk").first()
    if member is None:
        return web.render(request, "core/no_workspace.html")
    return redirect("home", member.workspace.slug)


@anyone("the first owner has no account yet; closed for good once one exists")
def setup(request: HttpRequest) -> HttpResponse:
    if User.objects.exists():
        return redirect("front")
    form = FirstOwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            owner = actions.create_workspace(**form.cleaned_data, at=clock.now())
        login(request, owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home", owner.workspace.slug)
    return web.render(request, "core/setup.html", {"form": form})


@anyone("how pages look to this browser; nothing is read")
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie, and go back to where the person was."""
    wanted, back = request.POST.get("theme", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = redirect(back if safe else "front")
    if wanted in web.THEMES:
        response.set_cookie("theme", wanted, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@anyone("in which language this person, or a stranger's browser, is spoken to; nothing is read")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language: with the person, or for somebody not signed in, in a cookie."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = redirect(back if safe else "front")
    if wanted in dict(settings.LANGUAGES) and request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=wanted)
    elif wanted in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@anyone("health checks carry no figures")
def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"ok": True})
