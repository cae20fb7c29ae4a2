"""The site map: every page on one screen, in the order of the menu."""

from django.urls import include, path

from greenroom.core import views as core
from greenroom.pages import connections, creator, creators, help, home, hooks, jobs, join, palette, portal, provenance

urlpatterns = [
    path("", core.front, name="front"),
    path("setup/", core.setup, name="setup"),
    path("theme/", core.theme, name="theme"),
    path("language/", core.language, name="language"),
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
    path("me/help/", help.portal_index, name="portal_help"),
    path("me/help/<slug:slug>/", help.portal_article, name="portal_article"),
    path("me/help/<slug:slug>/vote/", help.portal_vote, name="portal_article_vote"),
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
    path("w/<slug:workspace>/settings/hooks/", hooks.index, name="settings_hooks"),
    path("w/<slug:workspace>/settings/hooks/add/", hooks.add, name="hook_add"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/", hooks.show, name="hook"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/edit/", hooks.edit, name="hook_edit"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/moves/", hooks.move, name="hook_move"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/secret/", hooks.secret, name="hook_secret"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/test/", hooks.test, name="hook_test"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/replay/", hooks.replay_untold, name="hook_replay"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/remove/", hooks.remove, name="hook_remove"),
    path("w/<slug:workspace>/settings/hooks/<int:hook>/<int:delivery>/", hooks.delivery, name="hook_delivery"),
    path(
        "w/<slug:workspace>/settings/hooks/<int:hook>/<int:delivery>/replay/", hooks.replay, name="hook_delivery_replay"
    ),
    # Help, command palette.
    path("w/<slug:workspace>/help/", help.index, name="help"),
    path("w/<slug:workspace>/help/<slug:slug>/", help.article, name="help_article"),
    path("w/<slug:workspace>/help/<slug:slug>/vote/", help.vote, name="help_vote"),
    path("w/<slug:workspace>/search/", palette.palette, name="palette"),
    # The Business API.
]
