"""What staff type into the pages of a workspace."""

from django import forms

_PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class HandleForm(forms.Form):
    """A TikTok handle, with or without @, or a link to the profile."""

    handle = forms.CharField(
        max_length=200,
        label="TikTok handle",
        widget=forms.TextInput(attrs=_PLAIN),
        help_text="With or without @, or a link to the profile.",
    )


class PolicyForm(forms.Form):
    """Which version of TikTok's developer policies the operator accepted (GOV-08)."""

    version = forms.CharField(
        max_length=60,
        label="Version or date of the policies",
        help_text="As it stands at the top of TikTok's Developer Terms of Service, such as 2026-01-15.",
    )
