"""A sandbox as all of TikTok, and people who consent on its pages. For any test that needs a connected account."""

from datetime import timedelta

import httpx2

from greenroom import sandbox
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators.models import Connection
from tests.tiktok import consent

REDIRECT = "https://greenroom.example/join/callback/"


def mount(monkeypatch, settings, world: sandbox.World) -> httpx2.BaseTransport:
    """Make `world` all of TikTok, without a network; returns the transport for browsers of the people in it."""
    transport = httpx2.WSGITransport(app=sandbox.create_app(world))
    monkeypatch.setattr(clients, "TRANSPORT", transport)
    settings.TIKTOK_URL = ""
    settings.TIKTOK_APP = ("sandbox-app", world.apps["sandbox-app"].secret)
    settings.TIKTOK_LOGIN_KIT = ("sandbox-key", world.apps["sandbox-key"].secret)
    return transport


class People:
    """Everybody of the sandbox's world, at their own browsers."""

    def __init__(self, world: sandbox.World, transport: httpx2.BaseTransport) -> None:
        self.world, self.transport = world, transport

    def come_back(
        self, workspace, *, at, handle="", brand="", without=(), decision="approve", **given
    ) -> dict[str, str]:
        """Begin, go through TikTok's page as `handle`, and give what TikTok's redirect tells.

        `without` lists refused scopes, `handle_wanted` who should be signed in; the rest is begin_authorization's.
        """
        options = {"dialect": "accounts", "how": "application form", "redirect_uri": REDIRECT, **given}
        if "handle_wanted" in options:
            options["handle"] = options.pop("handle_wanted")
        visit, url = creators.begin_authorization(workspace, at=at, **options)
        form = {"handle": handle, "decision": decision} | ({"brand": brand} if brand else {})
        with httpx2.Client(transport=self.transport) as browser:
            if without:
                asked = consent.told(httpx2.Response(302, headers={"Location": url}))["scope"].split(",")
                form["scope"] = [scope for scope in asked if scope not in without]
            return {"state": visit.state, **consent.play(browser, url, **form)}

    def consent(self, workspace, handle, *, at, **given) -> Connection:
        """`handle` connects an account, as an applicant unless `given` says otherwise."""
        if not {"account", "creator", "purpose"} & set(given):
            given["applicant"] = {"name": handle.title(), "email": f"{handle}@creators.example"}
        return finish(self.come_back(workspace, at=at, handle=handle, **given), at=at)

    def connect_marketplace(self, workspace, *, at, brand="0") -> Connection:
        """The brand lets us into the marketplace."""
        told = self.come_back(workspace, at=at, brand=brand, dialect="marketplace", how="connections page")
        return finish(told, at=at)

    def connect_brand(self, workspace, handle="brandco", *, at, **given) -> Connection:
        """Staff connect a brand-owned account, signed in as it."""
        options = {"purpose": "brand", "how": "connections page", "by": "member:1", **given}
        return self.consent(workspace, handle, at=at, **{"account": None, **options})

    def later(self, at, **span):
        """Let TikTok's time go on with ours; returns the new moment."""
        self.world.clock.set(at + timedelta(**span))
        return at + timedelta(**span)


def finish(told: dict[str, str], *, at) -> Connection:
    """What our callback page does with what TikTok's redirect tells."""
    return creators.finish_authorization(
        told["state"],
        code=told.get("code") or told.get("auth_code", ""),
        error=told.get("error", ""),
        error_words=told.get("error_description", ""),
        at=at,
    )
