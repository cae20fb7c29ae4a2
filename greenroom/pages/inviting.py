"""Inviting an account to the marketplace: the seven rules, what people vouch for, the invite and how it stands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators import actions as creators
from greenroom.creators import attestations, rulesets
from greenroom.creators.marketplace_invites import NO_ANSWER
from greenroom.creators.models import Account, Attestation, Creator, MarketplaceInvite
from greenroom.metrics import invitable
from greenroom.pages.request import StaffRequest
from greenroom.people import naming

SHOWN = 20  # invites of the past
LOOKS = {"pass": "done", "fail": "bad", "unknown": ""}
STATES = {"accepted": "done", "rejected_ineligible": "bad", "declined": "bad", "expired": "", "cancelled": ""}
HEARD = {"viewed": "The creator looked at it", "declined": "The creator said no", "cancelled": "Give it up"}


class AttestationForm(forms.Form):
    """Yes or no, and how whoever vouches knows. There is no field for a date of birth."""

    about = forms.ChoiceField(choices=Attestation.About, widget=forms.HiddenInput)
    holds = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
    method = forms.ChoiceField(choices=Attestation.Method)


class MinimumForm(forms.Form):
    """How many followers a creator of a country needs."""

    country = forms.RegexField(r"^[A-Za-z]{2}$", max_length=2)
    followers = forms.IntegerField(min_value=0, max_value=999_999_999)


@needs(Can.CREATORS_WRITE)
@require_safe
def invite(request: StaffRequest, account: int) -> HttpResponse:
    """Everything about getting one account into the marketplace."""
    found = _account(request, account)
    if not creators.can_send_invite(found) and not found.invites.exists():
        raise Http404(f"{found} is in the marketplace")
    return _panel(request, found)


@needs(Can.CREATORS_WRITE)
@require_POST
def send(request: StaffRequest, account: int) -> HttpResponse:
    """`Send Invite`. A second click shows the same invite."""
    found, at = _account(request, account), clock.now()
    rules, verdicts = invitable.judged(found, at=at)
    override, by = "override" in request.POST, request.member.by
    try:
        made = creators.send_invite(found, rules=rules, verdicts=verdicts, override=override, by=by, at=at)
    except creators.Ineligible as refused:
        return _panel(request, found, refused=refused, status=422)
    except creators.NotInvitable as refused:
        return _panel(request, found, refused=refused, status=409)
    if made.state == "draft":
        messages.error(request, "TikTok gave no answer yet. The invite is kept, and sent again by itself.")
    else:
        messages.success(request, f"@{found.handle} is invited. The creator finds it in the TikTok inbox.")
    return redirect("account_invite", request.workspace.slug, found.pk)


@needs(Can.CREATORS_WRITE)
@require_POST
def look(request: StaffRequest, invite: int) -> HttpResponse:
    """Ask TikTok now instead of in an hour."""
    found = _invite(request, invite)
    try:
        if found.is_open:
            creators.look(found, at=clock.now())
        messages.success(request, f"TikTok was asked. The invite is {found.state_words.lower()}.")
    except NO_ANSWER as error:
        messages.error(request, f"TikTok could not be asked: {error}")
    return redirect("account_invite", request.workspace.slug, found.account_id)


@needs(Can.CREATORS_WRITE)
@require_POST
def move(request: StaffRequest, invite: int) -> HttpResponse:
    """Note what was heard from the creator, or give the invite up."""
    found = _invite(request, invite)
    try:
        creators.move_invite(found, request.POST.get("to", ""), by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace):
        messages.error(request, "That is not possible any more; this is how the invite stands now.")
    return redirect("account_invite", request.workspace.slug, found.account_id)


@needs(Can.CREATORS_WRITE)
@require_POST
def attest(request: StaffRequest, account: int) -> HttpResponse:
    """Vouch for the creator's age, or for the content."""
    found, form = _account(request, account), AttestationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say yes or no, and how you know.")
        return _panel(request, found, status=422)
    told = form.cleaned_data | {"holds": form.cleaned_data["holds"] == "yes"}
    attestations.attest(found, by=request.member.by, at=clock.now(), **told)
    return redirect("account_invite", request.workspace.slug, found.pk)


@needs(Can.WORKSPACE_MANAGE)
@require_POST
def minimum(request: StaffRequest, account: int) -> HttpResponse:
    """Set a country's minimum of followers, which makes the next version of the rules."""
    found, form = _account(request, account), MinimumForm(request.POST)
    if form.is_valid():
        made = rulesets.set_minimum(request.workspace, by=request.member.by, at=clock.now(), **form.cleaned_data)
        messages.success(request, f"From now on rules {made.version} hold.")
    else:
        messages.error(request, "A country is two letters, a minimum a whole number.")
    return redirect("account_invite", request.workspace.slug, found.pk)


@needs(Can.CREATORS_WRITE)
@require_safe
def invite_handle(request: StaffRequest) -> HttpResponse:
    """A handle that is not in the list: what to send to whoever it is."""
    handle = creators.clean_handle(request.GET.get("handle", ""))[:60]
    if not handle:
        raise Http404("Whom?")
    known = creators.find(request.workspace, handle)
    if known is not None:
        return redirect("account_invite", request.workspace.slug, known.pk)
    person = Creator(workspace=request.workspace, name=f"@{handle}")
    stranger = Account(workspace=request.workspace, creator=person, handle=handle)
    told = {"account": stranger, "invitation": creators.marketplace_invitation(stranger)}
    return web.render(request, "pages/invite.html", told | {"join_link": creators.public_form(request.workspace)})


def _account(request: StaffRequest, account: int) -> Account:
    rows = Account.objects.within(request.workspace).select_related("creator", "workspace")
    found: Account = get_object_or_404(rows, pk=account)
    return found


def _invite(request: StaffRequest, invite: int) -> MarketplaceInvite:
    rows = MarketplaceInvite.objects.within(request.workspace).filter(account__gone_at=None)
    found: MarketplaceInvite = get_object_or_404(rows.select_related("account", "workspace"), pk=invite)
    return found


def _panel(
    request: StaffRequest, account: Account, *, refused: creators.Refusal | None = None, status: int = 200
) -> HttpResponse:
    account.refresh_from_db()
    rules, verdicts = invitable.judged(account, at=clock.now())
    past: list[MarketplaceInvite] = list(MarketplaceInvite.objects.filter(account=account)[:SHOWN])
    newest = past[0] if past else None
    told: dict[str, Any] = {
        "account": account,
        "invitation": creators.marketplace_invitation(account),
        "rules": rules,
        "verdicts": [(one, LOOKS[one.outcome]) for one in verdicts],
        "failing": [one for one in verdicts if one.outcome == "fail"],
        "unknown": [one for one in verdicts if one.outcome == "unknown"],
        "newest": newest,
        "newest_shape": STATES.get(newest.state, "wait") if newest else "",
        "moves": [(to, HEARD[to]) for to in _moves(request, newest)],
        "past": past,
        "who": naming.names(request.workspace, [one.by for one in past]),
        "refused": refused,
        "closed": _closed(request, account),
        "country": account.creator.country.upper(),
        "needs_minimum": account.creator.country.upper() not in rules.minimum_followers,
        "methods": {about: list(_methods(about)) for about in Attestation.About.values},
    }
    return web.render(request, "pages/invite.html", told, status=status)


def _moves(request: StaffRequest, invite: MarketplaceInvite | None) -> list[str]:
    return [to for to in invite.moves(request.member.permissions) if to in HEARD] if invite else []


def _methods(about: str) -> list[tuple[str, str]]:
    left_out = "review" if about == "age" else "document"
    return [(key, str(words)) for key, words in Attestation.Method.choices if key != left_out]


def _closed(request: StaffRequest, account: Account) -> str:
    """Why nothing can be sent, or an empty text."""
    if not creators.can_send_invite(account):
        return (
            f"@{account.handle} is in the marketplace." if account.in_marketplace else "It is the brand's own account."
        )
    try:
        creators.inviting_grant(request.workspace)
    except creators.NotInvitable as refused:
        return refused.words
    return ""
