"""The pages of django-allauth that exist here, each with its reason to be open. Signing up is not one of them.

A page that needs a person says so itself (it sends strangers to the sign-in page), so all are marked `anyone`.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from greenroom.core.access import anyone

stranger = anyone("the way in, for people who are not signed in yet")
oneself = anyone("a person's own sign-in; allauth asks for the person")

urlpatterns = [
    path("login/", stranger(account.login), name="account_login"),
    path("logout/", stranger(account.logout), name="account_logout"),
    path("inactive/", stranger(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", oneself(account.reauthenticate), name="account_reauthenticate"),
    path("email/", oneself(account.email), name="account_email"),
    path("confirm-email/", stranger(account.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", stranger(account.confirm_email), name="account_confirm_email"),
    path("password/change/", oneself(account.password_change), name="account_change_password"),
    path("password/set/", oneself(account.password_set), name="account_set_password"),
    path("password/reset/", stranger(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", stranger(account.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        stranger(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        stranger(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("2fa/", oneself(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", stranger(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", oneself(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", oneself(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", oneself(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", oneself(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", oneself(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", oneself(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
