"""Writing to creators of a campaign: choose, write, see what each would read, send exactly that."""

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from greenroom.campaigns.models import Campaign, Participant
from greenroom.campaigns.refusals import BadInput
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.messages import rendering, templates, writing
from greenroom.messages.models import Message, Template
from greenroom.messages.placeholders import CATALOGUE
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest


class MessageForm(forms.Form):
    """A text with placeholders, and the way it takes."""

    channel = forms.ChoiceField(choices=Message.Channel.choices, initial=Message.Channel.EMAIL, label="Way")
    subject = forms.CharField(max_length=templates.LONGEST_SUBJECT)
    body = forms.CharField(
        label="Text", max_length=templates.LONGEST_BODY, strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, campaign: int) -> HttpResponse:
    """GET with `participant` (ids, or "all") and `template`; POST with `action` preview or send."""
    found = campaign_rows.campaign_of(request, campaign)
    asked = request.POST if request.method == "POST" else request.GET
    people = writing.rows(found, _ids(asked.getlist("participant")))
    template = _template(request, asked.get("template", ""))
    if request.method != "POST":
        first = {"subject": template.subject, "body": template.body} if template else {}
        return _page(request, found, people, MessageForm(initial=first), template)
    form = MessageForm(request.POST)
    if not form.is_valid() or not people:
        return _page(request, found, people, form, template)
    draft = _draft(request, form, template)
    try:
        letters = writing.letters(people, draft)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        return _page(request, found, people, form, template)
    seen = writing.digest(letters)
    if request.POST.get("action") != "send" or request.POST.get("seen") != seen:
        changed = request.POST.get("action") == "send"
        return _page(request, found, people, form, template, letters=letters, seen=seen, changed=changed)
    return _sent(request, found, letters, draft)


def _sent(
    request: StaffRequest, campaign: Campaign, letters: list[writing.Letter], draft: writing.Draft
) -> HttpResponse:
    made = writing.send(campaign, letters, draft, once=f"hand:{_once(request)}", by=request.member.by, at=clock.now())
    skipped = sum(one.state == "skipped" for one in made)
    going = len(made) - skipped
    copied = draft.channel == Message.Channel.COPY
    if going:
        what = "to copy" if copied else "on its way" if going == 1 else "on their way"
        messages.success(request, f"{going} message{'' if going == 1 else 's'} {what}.")
    if skipped:
        messages.warning(request, f"{skipped} not sent; the log says why.")
    where = reverse("campaign_messages", args=[request.workspace.slug, campaign.pk])
    return redirect(f"{where}?{urlencode({'state': 'copied'})}" if copied and going else where)


def _draft(request: StaffRequest, form: MessageForm, template: Template | None) -> writing.Draft:
    user = request.member.user
    told = form.cleaned_data
    return writing.Draft(told["subject"], told["body"], template, told["channel"], str(user.name or user), user.email)


def _ids(given: list[str]) -> list[int] | None:
    """The chosen ids; None for all."""
    return None if "all" in given else [int(one) for one in given if one.isdecimal() and len(one) < 19]


def _template(request: StaffRequest, key: str) -> Template | None:
    rows = Template.objects.within(request.workspace)
    found: Template | None = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    return found


def _once(request: StaffRequest) -> str:
    """The key of this action: made when the page was, so that a second press of the button sends nothing twice."""
    given = request.POST.get("once", "")
    return given if re.fullmatch(r"[0-9a-f]{24}", given) else secrets.token_hex(12)


def _page(
    request: StaffRequest,
    campaign: Campaign,
    people: list[Participant],
    form: MessageForm,
    template: Template | None,
    **more: Any,
) -> HttpResponse:
    letters: list[writing.Letter] = more.get("letters", [])
    body = form.data.get("body", "") if form.is_bound else form.initial.get("body", "")
    told = campaign_rows.frame(
        request,
        campaign,
        "campaign_messages",
        form=form,
        people=people,
        template=template,
        templates=Template.objects.within(request.workspace),
        catalogue=CATALOGUE,
        once=_once(request),
        ready=sum(not one.blocked for one in letters),
        unsaid=rendering.unsaid(body) if letters else [],
        **more,
    )
    return web.render(request, "pages/message_write.html", told, status=422 if form.errors else 200)
