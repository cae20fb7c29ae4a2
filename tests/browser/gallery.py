"""The site plus one page that shows every component: what templates are made of, looked at by itself."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from greenroom.core import web
from greenroom.core.access import Can, anyone, needs
from greenroom.urls import urlpatterns as site

AT = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def fig(value=None, state="full", reason=None, n=0, of=0):
    return SimpleNamespace(value=value, state=state, reason=reason, as_of=AT, n=n, of=of)


class Form(forms.Form):
    name = forms.CharField(label="Campaign name", help_text="Creators see this.")
    videos = forms.IntegerField(label="Videos", max_value=10, error_messages={"max_value": "An order holds 1 to 10."})
    country = forms.ChoiceField(label="Country", required=False, choices=[("de", "Germany"), ("us", "United States")])
    alerts = forms.BooleanField(label="Alert me in the first 6 hours", required=False, help_text="Above 1.5 times")


DAYS = [("1 Mar", 1200), ("2 Mar", 3400), ("3 Mar", None), ("4 Mar", 5100), ("5 Mar", 4900)]
SPEC = {
    "height": 160,
    "data": {"values": [{"day": day, "views": views} for day, views in DAYS]},
    "mark": {"type": "line", "point": True, "tooltip": True},
    "encoding": {
        "x": {"field": "day", "type": "ordinal"},
        "y": {"field": "views", "type": "quantitative", "axis": {"labelExpr": "format(datum.value, ',')"}},
    },
}


@needs(Can.WORKSPACE_READ)
def gallery(request: HttpRequest) -> HttpResponse:
    if "toast" in request.GET:
        messages.success(request, "Order created for @velvetspanner")
        messages.error(request, "2 of 4 messages were not sent")
    context = {
        "figures": {
            "full": fig(3412880),
            "part": fig(2604310, "partial", n=16, of=19),
            "calc": fig(0.0789, "derived"),
            "none": fig(None, "none", "scope_missing"),
            "zero": fig(0),
            "small": fig(-3),
        },
        "ana": SimpleNamespace(authenticated=True, in_marketplace=True),
        "dov": SimpleNamespace(authenticated=False, in_marketplace=False),
        "cells": ["full"] * 9 + ["limited"] * 2 + ["none"] * 4,
        "chips": [web.Chip("Country", "any of 9", "?a=1"), web.Chip("Followers", "15K to 500K", "?b=1")],
        "page": web.paginate(request, list(range(1204))),
        "form": Form({"name": "", "videos": "14"}),
        "spec": SPEC,
        "table": {"head": ["Day", "Views"], "rows": DAYS},
        "passport": request.path + "passport/",
    }
    page = engines["django"].from_string(Path(__file__).with_name("gallery.html").read_text())
    return HttpResponse(page.render(context, request))


PART = """<h3>Followers<span class="tag" data-tone="good">Available</span></h3>
<dl class="kv"><dt>Source</dt><dd>TikTok</dd></dl><div class="foot"><a href="/x/">History of this figure</a></div>"""
WHOLE = """{% extends "core/layout.html" %}
{% block main %}<header class="mast"><h1>Passport</h1></header>{% endblock %}"""


@needs(Can.WORKSPACE_READ)
def passport(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PART if request.htmx else engines["django"].from_string(WHOLE).render({}, request))


@anyone("shows the page of a refusal")
def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@anyone("shows the page of a fault")
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [
    *site,
    path("w/<slug:workspace>/gallery/", gallery, name="gallery"),
    path("w/<slug:workspace>/gallery/passport/", passport, name="gallery_passport"),
    path("gallery/refused/", refused),
    path("gallery/broken/", broken),
]
