"""Pages no domain owns: the way in, the first owner, health."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

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


@anyone("health checks carry no figures")
def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"ok": True})
