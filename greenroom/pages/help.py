"""Help: the index with its search, one article, and whether it helped. For staff, and a few articles for creators."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, resolve, reverse
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.models import Member
from greenroom.help import actions as help
from greenroom.help import articles, search
from greenroom.help.articles import Article
from greenroom.pages import foundations
from greenroom.pages.portal import PortalRequest, as_creator
from greenroom.pages.request import StaffRequest


class VoteForm(forms.Form):
    helpful = forms.TypedChoiceField(choices=[("yes", "Yes"), ("no", "No")], coerce=lambda said: said == "yes")


@needs(Can.WORKSPACE_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    told = _index(request, "staff") | {"about": articles.about(request.GET.get("page", ""))}
    return web.render(request, "pages/help.html#found", told)


@needs(Can.WORKSPACE_READ)
@require_safe
def article(request: StaffRequest, slug: str) -> HttpResponse:
    found = _find(slug, "staff")
    told = _article(found, leads_to(request.member), help.tally(request.workspace, slug, reader=_reader(request)))
    if found.live == "foundations":
        told["foundations"] = foundations.of(request.workspace, at=clock.now())
    return web.render(request, "pages/help_article.html", told)


@needs(Can.WORKSPACE_READ)
@require_POST
def vote(request: StaffRequest, slug: str) -> HttpResponse:
    found, form = _find(slug, "staff"), VoteForm(request.POST)
    if form.is_valid():
        told: dict[str, Any] = {"reader": _reader(request), "by": request.member.by, "at": clock.now()}
        tally = help.vote(request.workspace, slug, helpful=form.cleaned_data["helpful"], **told)
        if request.headers.get("HX-Request"):
            return web.render(request, "pages/help_article.html#votes", _article(found, _nowhere, tally))
    return redirect("help_article", request.workspace.slug, slug)


@as_creator
@require_safe
def portal_index(request: PortalRequest) -> HttpResponse:
    return web.render(request, "pages/portal_help.html", _index(request, "creator"))


@as_creator
@require_safe
def portal_article(request: PortalRequest, slug: str) -> HttpResponse:
    tally = help.tally(request.creator.workspace, slug, reader=_visitor(request))
    told = _article(_find(slug, "creator"), _leads_in_portal, tally)
    return web.render(request, "pages/portal_article.html", told)


@as_creator
@require_POST
def portal_vote(request: PortalRequest, slug: str) -> HttpResponse:
    found, form = _find(slug, "creator"), VoteForm(request.POST)
    if form.is_valid():
        who = _visitor(request)
        told: dict[str, Any] = {"reader": who, "by": who, "at": clock.now()}
        tally = help.vote(request.creator.workspace, slug, helpful=form.cleaned_data["helpful"], **told)
        if request.headers.get("HX-Request"):
            return web.render(request, "pages/portal_article.html#votes", _article(found, _nowhere, tally))
    return redirect("portal_article", slug)


def leads_to(member: Member) -> Any:
    """Where links of articles lead for this member: "" for pages their role does not open."""

    def lead(kind: str, target: str) -> str:
        if kind == "article":
            return reverse("help_article", args=[member.workspace.slug, target])
        try:
            href = reverse(target, args=[member.workspace.slug])
        except NoReverseMatch:
            return ""
        return href if getattr(resolve(href).func, "needs", None) in member.permissions else ""

    return lead


def _index(request: HttpRequest, audience: str) -> dict[str, Any]:
    mine = articles.of(audience)
    asked = request.GET.get("q", "").strip()[:200]
    sections = [
        (words, [one for one in mine.values() if one.section == key]) for key, words in articles.SECTIONS.items()
    ]
    return {
        "asked": asked,
        "hits": search.search(mine.values(), asked),
        "sections": [(words, found) for words, found in sections if found],
    }


def _article(found: Article, lead: Any, tally: help.Tally) -> dict[str, Any]:
    mine = articles.of(found.audience)
    return {
        "article": found,
        "html": found.with_links(lead),
        "section": articles.SECTIONS[found.section],
        "related": [mine[slug] for slug in found.related if slug in mine],
        "tally": tally,
    }


def _find(slug: str, audience: str) -> Article:
    found = articles.of(audience).get(slug)
    if found is None:
        raise Http404
    return found


def _nowhere(kind: str, target: str) -> str:
    return ""


def _leads_in_portal(kind: str, target: str) -> str:
    return reverse("portal_article", args=[target]) if kind == "article" else reverse(target)


def _reader(request: StaffRequest) -> str:
    return f"user:{request.user.pk}"


def _visitor(request: PortalRequest) -> str:
    return f"creator:{request.creator.pk}"
