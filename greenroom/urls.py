"""The site map: every page on one screen, in the order of the menu."""

from django.urls import include, path

from greenroom.core import views as core
from greenroom.pages import join, portal

urlpatterns = [
    path("", core.front, name="front"),
    path("setup/", core.setup, name="setup"),
    path("theme/", core.theme, name="theme"),
    path("healthz/", core.health, name="health"),
    path("accounts/", include("greenroom.core.accounts")),
    # Creators come in: no account, signed links.
    path("join/callback/", join.callback, name="join_callback"),
    path("join/connected/", join.connected, name="join_connected"),
    path("join/i/<token>/", join.invited, name="join_invited"),
    path("join/<slug:workspace>/", join.application, name="join"),
    path("me/", portal.portal, name="portal"),
    path("me/link/", portal.link, name="portal_link"),
    path("me/connect/", portal.connect, name="portal_connect"),
    path("me/withdraw/<int:connection>/", portal.withdraw, name="portal_withdraw"),
    path("me/leave/", portal.leave, name="portal_leave"),
    path("me/<token>/", portal.enter, name="portal_enter"),
]
