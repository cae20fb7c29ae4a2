"""The messages of a campaign: who got what, what failed and why; and which reminders it sends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.campaigns.refusals import BadInput
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.core.web import Filter
from greenroom.messages import reminding, writing
from greenroom.messages.models import Message, Template
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest

SHAPES = {"queued": "wait", "sent": "done", "failed": "bad", "skipped": "", "copied": "live"}
FILTERS = (
    Filter("state", "State", tuple(Message.STATES.items())),
    Filter("channel", "Way", tuple(Message.Channel.choices)),
    Filter("rule", "Reminder", tuple((rule.name, rule.label) for rule in reminding.RULES)),
)


class RemindersForm(forms.Form):
    """A box and a number of days for each rule."""

    def __init__(self, days: dict[str, int | None], given: Any = None) -> None:
        initial: dict[str, Any] = {}
        for rule in reminding.RULES:
            told = days[rule.name]
            initial |= {f"{rule.name}_on": told is not None, rule.name: told or rule.usual}
        super().__init__(given, initial=initial)
        for rule in reminding.RULES:
            self.fields[f"{rule.name}_on"] = forms.BooleanField(required=False, label=rule.label)
            self.fields[rule.name] = forms.IntegerField(
                min_value=1, max_value=reminding.MOST_DAYS, label=rule.days.capitalize(), required=False
            )

    def rules(self) -> dict[str, int | None]:
        """{rule: days, or None where the box is not ticked}."""
        told = self.cleaned_data
        return {
            rule.name: (told[rule.name] or rule.usual) if told[f"{rule.name}_on"] else None for rule in reminding.RULES
        }


@needs(Can.CAMPAIGNS_READ)
@require_safe
def index(request: StaffRequest, campaign: int) -> HttpResponse:
    found = campaign_rows.campaign_of(request, campaign)
    form = RemindersForm(reminding.rules_of(found))
    return _page(request, found, form)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def remind(request: StaffRequest, campaign: int) -> HttpResponse:
    """Switch reminders on or off."""
    found = campaign_rows.campaign_of(request, campaign)
    form = RemindersForm(reminding.rules_of(found), request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        reminding.set_rules(found, form.rules(), by=request.member.by, at=clock.now())
    except BadInput as refused:
        form.add_error(None, refused.words)
        return _page(request, found, form)
    messages.success(request, "The reminders are saved.")
    return redirect("campaign_messages", request.workspace.slug, campaign)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def again(request: StaffRequest, campaign: int, message: int) -> HttpResponse:
    """Send what failed once more."""
    rows = Message.objects.within(request.workspace).select_related("account", "workspace")
    found: Message = get_object_or_404(rows, pk=message, campaign=campaign)
    try:
        writing.again(found, by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace):
        messages.error(request, "That is not possible any more; this is how the message stands now.")
    else:
        messages.success(request, f"The message to {found.account} is on its way again.")
    return redirect("campaign_messages", request.workspace.slug, campaign)


def shown(request: StaffRequest, rows: Any) -> dict[str, Any]:
    """A log of messages as its table wants it, narrowed as the query string asks."""
    picked = web.chosen(FILTERS, request.GET)
    ready = rows.select_related("account__creator", "campaign")
    page = web.paginate(request, ready.filter(**picked))
    left = [one for one in FILTERS if one.key not in picked]
    return {
        "page": page,
        "rows": [(one, SHAPES[one.state], reminding.BY_NAME.get(one.rule)) for one in page.object_list],
        "chips": web.chips(FILTERS, request.GET),
        "choices": [
            (one, [(words, web.address(request.GET, **{one.key: key})) for key, words in one.choices]) for one in left
        ],
        "may_write": Can.CAMPAIGNS_WRITE in request.member.permissions,
    }


def _page(request: StaffRequest, campaign: Any, form: RemindersForm) -> HttpResponse:
    there = set(Template.objects.within(request.workspace).exclude(key="").values_list("key", flat=True))
    told = campaign_rows.frame(
        request,
        campaign,
        "campaign_messages",
        form=form,
        rules=[(rule, form[f"{rule.name}_on"], form[rule.name], rule.template in there) for rule in reminding.RULES],
        **shown(request, Message.objects.within(request.workspace).filter(campaign=campaign)),
    )
    return web.render(request, "pages/campaign_messages.html", told, status=422 if form.errors else 200)
