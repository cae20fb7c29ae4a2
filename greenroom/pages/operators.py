"""For operators of the install: looking into a workspace they are no member of, for a reason and a while."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import View
from greenroom.core.models import Member, OperatorSession, User, Workspace
from greenroom.people import operators
from greenroom.people.refusals import Refusal


class OperatorRequest(HttpRequest):
    """Somebody who runs the install."""

    user: User


def as_operator(view: Callable[..., HttpResponse]) -> View:
    """Guard a page for operators; nobody else is told that it exists."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_superuser", False):
            raise Http404
        return view(request, *args, **kwargs)

    asked: View = login_required(guarded)
    asked.needs = "operator"  # type: ignore[attr-defined]
    return asked


class EnterForm(forms.Form):
    """Why, for how long, and with which leave."""

    reason = forms.CharField(
        max_length=300, label="Reason", help_text="The owner of the workspace reads it.", min_length=5
    )
    hours = forms.TypedChoiceField(
        coerce=int, choices=[(1, "1 hour"), (2, "2 hours"), (4, "4 hours")], label="For how long"
    )
    role = forms.ChoiceField(choices=list(operators.ROLES.items()), label="To do what")


@as_operator
@require_safe
def index(request: OperatorRequest) -> HttpResponse:
    at = clock.now()
    mine = set(Member.objects.filter(user=request.user).values_list("workspace_id", flat=True))
    inside = {one.workspace_id: one for one in operators.current(request.user) if one.until > at}
    rows = [(one, one.pk in mine, inside.get(one.pk)) for one in Workspace.objects.order_by("name")]
    return web.render(request, "pages/operators.html", {"rows": rows})


@as_operator
def enter(request: OperatorRequest, slug: str) -> HttpResponse:
    workspace = get_object_or_404(Workspace, slug=slug)
    form, refused = EnterForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            operators.enter(
                workspace, user=request.user, reason=told["reason"], role=told["role"],
                lasting=timedelta(hours=told["hours"]), at=clock.now(),
            )  # fmt: skip
        except Refusal as error:
            refused = error
        else:
            return redirect("home", workspace.slug)
    shown = {"form": form, "target": workspace, "refused": refused}
    return web.render(request, "pages/operator_enter.html", shown, status=refused.status if refused else 200)


@as_operator
@require_POST
def leave(request: OperatorRequest, visit: int) -> HttpResponse:
    mine = OperatorSession.objects.filter(user=request.user).select_related("user", "workspace")
    found = get_object_or_404(mine, pk=visit)
    operators.leave(found, at=clock.now())
    messages.success(request, f"You left {found.workspace}.")
    return redirect("operators")
