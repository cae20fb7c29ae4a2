"""The site map: every page on one screen, in the order of the menu."""

from django.urls import include, path

from greenroom.core import views as core
from greenroom.pages import connections, creator, creators, home, jobs, join, portal, provenance

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
    path("me/provenance/<slug:metric>/<int:account>/", portal.provenance, name="portal_provenance"),
    path("me/leave/", portal.leave, name="portal_leave"),
    path("me/<token>/", portal.enter, name="portal_enter"),
    # Staff, in a workspace.
    path("w/<slug:workspace>/", home.home, name="home"),
    path("w/<slug:workspace>/sources/", home.sources, name="sources"),
    path("w/<slug:workspace>/creators/", creators.index, name="creators"),
    path("w/<slug:workspace>/creators/add/", creators.add, name="creator_add"),
    path("w/<slug:workspace>/creators/invite/", creator.invite_handle, name="handle_invite"),
    path("w/<slug:workspace>/creators/accounts/<int:account>/invite/", creator.invite, name="account_invite"),
    path(
        "w/<slug:workspace>/creators/accounts/<int:account>/authenticate/",
        creator.authenticate,
        name="account_authenticate",
    ),
    path("w/<slug:workspace>/creators/<int:creator>/", creator.show, name="creator"),
    path("w/<slug:workspace>/creators/<int:creator>/trend/", creator.trend, name="creator_trend"),
    path("w/<slug:workspace>/provenance/<metric>/<by>/<key>/", provenance.provenance, name="provenance"),
    path("w/<slug:workspace>/connections/", connections.index, name="connections"),
    path("w/<slug:workspace>/connections/help/", connections.guide, name="connections_help"),
    path("w/<slug:workspace>/connections/marketplace/", connections.marketplace, name="connect_marketplace"),
    path("w/<slug:workspace>/connections/brand/", connections.brand, name="connect_brand"),
    path("w/<slug:workspace>/connections/policy/", connections.policy, name="record_policy"),
    path(
        "w/<slug:workspace>/connections/<int:connection>/reconnect/",
        connections.reconnect,
        name="connection_reconnect",
    ),
    path("w/<slug:workspace>/connections/<int:connection>/withdraw/", connections.withdraw, name="connection_withdraw"),
    path("w/<slug:workspace>/jobs/", jobs.index, name="jobs"),
    path("w/<slug:workspace>/jobs/retry/", jobs.retry, name="job_retry"),
    path("w/<slug:workspace>/jobs/runs/<int:sync>/", jobs.runs, name="runs"),
    # Files.
    # Settings: the workspace, its people, roles, security, audit log.
    # Settings: lists, labels and fields of creators.
    # Settings: API keys, webhooks.
    # Help, command palette.
    # The Business API.
]
