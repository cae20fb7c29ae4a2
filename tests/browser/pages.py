"""Every page a browser walks: name, address in the world, who looks ("" = nobody signed in)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

from django.urls import reverse


class Screen(NamedTuple):
    name: str
    url: Callable[[SimpleNamespace], str]
    who: str = "olga"


def plain(name: str) -> Callable[[SimpleNamespace], str]:
    return lambda world: reverse(name)


def inside(name: str) -> Callable[[SimpleNamespace], str]:
    """A page of workspace acme."""
    return lambda world: reverse(name, args=[world.workspace.slug])


SCREENS = [
    Screen("sign-in", plain("account_login"), who=""),
    Screen("reset-password", plain("account_reset_password"), who=""),
    Screen("reset-password-done", plain("account_reset_password_done"), who=""),
    Screen("new-password-broken-link", lambda world: "/accounts/password/reset/key/1-nonsense/", who=""),
    Screen("new-password-saved", plain("account_reset_password_from_key_done"), who=""),
    Screen("inactive", plain("account_inactive"), who=""),
    Screen("sign-out", plain("account_logout")),
    Screen("change-password", plain("account_change_password")),
    Screen("email-address", plain("account_email")),
    Screen("confirm-sent", plain("account_email_verification_sent")),
    Screen("confirm-broken-link", lambda world: "/accounts/confirm-email/nonsense/", who=""),
    Screen("security", plain("mfa_index")),
    Screen("confirm-it-is-you", plain("mfa_activate_totp")),
    # A workspace on its first day: every list is empty, and says what to do about it.
    Screen("home-empty", inside("home")),
    Screen("sources-empty", inside("sources")),
    Screen("creators-empty", inside("creators")),
    Screen("creator-add", inside("creator_add")),
    Screen("campaigns-empty", inside("campaigns")),
    Screen("posts-empty", inside("posts")),
    Screen("campaign-add", inside("campaign_add")),
    Screen("connections-empty", inside("connections")),
    Screen("connections-help", inside("connections_help")),
    Screen("surfaces", inside("surfaces")),
    Screen("imports-empty", inside("imports")),
    Screen("import-new", inside("import_new")),
    Screen("jobs-empty", inside("jobs")),
    Screen("help", inside("help")),
    Screen("help-search", lambda world: "/w/acme/help/?q=campaign"),
    Screen("help-nothing-found", lambda world: "/w/acme/help/?q=zebra"),
    Screen("help-article", lambda world: "/w/acme/help/missing-figures/"),
    Screen("help-foundations", lambda world: "/w/acme/help/four-foundations/", who="vic"),
    Screen("search-page", lambda world: "/w/acme/search/?q=s"),
    Screen("settings-keys-empty", inside("settings_keys")),
    Screen("settings-old-source", inside("old_source")),
    Screen("webhooks-empty", inside("settings_hooks")),
    Screen("webhook-add", inside("hook_add")),
    Screen("settings-templates", inside("settings_templates")),
    Screen("template-add", inside("template_add")),
    Screen("settings-fields-empty", inside("settings_fields")),
    Screen("field-add", lambda world: reverse("kept_add", args=[world.workspace.slug, "fields"])),
    Screen("view-add", lambda world: reverse("view_add", args=[world.workspace.slug, "creators"])),
    Screen("home-of-a-client", inside("home"), who="vic"),
    Screen("join", inside("join"), who=""),
]
