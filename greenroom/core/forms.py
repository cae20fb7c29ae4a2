"""Forms of the way in."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _


class FirstOwnerForm(forms.Form):
    """The first owner and the first workspace of an install."""

    workspace = forms.CharField(max_length=80, label=_("Workspace"), help_text=_("Your brand or agency."))
    name = forms.CharField(max_length=120, label=_("Your name"))
    email = forms.EmailField(label=_("Email"))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password
