"""Settings of messages: the templates of the workspace and the placeholders they may hold."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from greenroom.campaigns.refusals import BadInput
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.messages import reminding, rendering, templates
from greenroom.messages.models import Template
from greenroom.messages.placeholders import CATALOGUE
from greenroom.pages.request import StaffRequest

TAB = {"tab": "settings_templates", "catalogue": CATALOGUE}


class TemplateForm(forms.Form):
    name = forms.CharField(max_length=templates.LONGEST_NAME, help_text="Your team sees it; creators don't.")
    subject = forms.CharField(max_length=templates.LONGEST_SUBJECT)
    body = forms.CharField(
        label="Text", max_length=templates.LONGEST_BODY, strip=False, widget=forms.Textarea(attrs={"rows": 16})
    )


@needs(Can.CAMPAIGNS_WRITE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    uses = {rule.template: rule.label for rule in reminding.RULES}
    rows = [
        (one, uses.get(one.key, ""), rendering.unsaid(one.body)) for one in Template.objects.within(request.workspace)
    ]
    return web.render(request, "pages/settings_templates.html", {"rows": rows} | TAB)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = templates.make(request.workspace, **form.cleaned_data, by=request.member.by, at=clock.now())
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        else:
            messages.success(request, f"The template {made} is there.")
            return redirect("settings_templates", request.workspace.slug)
    return _form(request, form)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, template: int) -> HttpResponse:
    found = _row(request, template)
    first = {"name": found.name, "subject": found.subject, "body": found.body}
    form = TemplateForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            templates.change(found, **form.cleaned_data, by=request.member.by, at=clock.now())
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        else:
            messages.success(request, f"The template {found} is saved.")
            return redirect("settings_templates", request.workspace.slug)
    return _form(request, form, found)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, template: int) -> HttpResponse:
    """GET asks, POST removes."""
    found = _row(request, template)
    if request.method != "POST":
        rule = next((rule for rule in reminding.RULES if found.key and rule.template == found.key), None)
        return web.render(request, "pages/template_remove.html#confirm", {"template": found, "rule": rule})
    templates.remove(found, by=request.member.by, at=clock.now())
    messages.success(request, f"The template {found.name} is removed.")
    return redirect("settings_templates", request.workspace.slug)


def _row(request: StaffRequest, pk: int) -> Template:
    found: Template = get_object_or_404(Template.objects.within(request.workspace).select_related("workspace"), pk=pk)
    return found


def _form(request: StaffRequest, form: TemplateForm, template: Template | None = None) -> HttpResponse:
    told = {"form": form, "template": template} | TAB
    return web.render(request, "pages/template_form.html", told, status=422 if form.errors else 200)
