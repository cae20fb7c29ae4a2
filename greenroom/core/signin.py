"""Sign-in is django-allauth's; accounts are made by the first-owner page or by an invitation, never by strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from greenroom.core import secrets


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the authenticator's secret and the recovery codes' seed encrypted, like every other secret."""

    def encrypt(self, text: str) -> str:
        return secrets.box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.box().decrypt(encrypted_text.encode()).decode()
