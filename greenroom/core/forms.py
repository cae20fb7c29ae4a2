"""Forms of the way in."""

from django import forms
from django.contrib.auth import password_validation


class FirstOwnerForm(forms.Form):
    """The first owner and the first workspace of an install."""

    workspace = forms.CharField(max_length=80, label="Workspace", help_text="Your brand or agency.")
    name = forms.CharField(max_length=120, label="Your name")
    email = forms.EmailField(label="Email")
    password = forms.CharField(
        label="Password",
        help_text="At least 10 characters.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password
