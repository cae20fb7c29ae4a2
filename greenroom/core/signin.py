"""Sign-in is django-allauth's; accounts are made by the first-owner page or by an invitation, never by strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from greenroom.core import secrets


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    # One sentence for both halves: which addresses have an account is nobody's business.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("That email and password do not match."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or reset your password."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the authenticator's secret and the recovery codes' seed encrypted, like every other secret."""

    def encrypt(self, text: str) -> str:
        return secrets.box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not while a workspace of the person's asks for one; it would only send them back to turn it on again."""
        asked = authenticator.user.memberships.filter(workspace__mfa_required=True)
        return authenticator.type != Authenticator.Type.TOTP or not asked.exists()
