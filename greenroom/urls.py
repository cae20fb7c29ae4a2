"""The site map: every page on one screen, in the order of the menu."""

from django.urls import include, path

from greenroom.core import views as core

urlpatterns = [
    path("", core.front, name="front"),
    path("setup/", core.setup, name="setup"),
    path("theme/", core.theme, name="theme"),
    path("healthz/", core.health, name="health"),
    path("accounts/", include("greenroom.core.accounts")),
]
