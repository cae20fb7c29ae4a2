"""One browser profile and what was seen in it: pages, screenshots, faults."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

SHOTS = Path(os.environ.get("GREENROOM_SHOTS", ".shots"))


class Visit:
    """A page that keeps every console error, broken script and foreign request, to be asserted at the end."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.context, self.home = context, home
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # Content-Security-Policy violations are console errors too.
        if message.type == "error":
            self.faults.append(f"{self.page.url}: {message.text}")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.foreign.append(request.url)

    def sign_in(
        self, email: str = "olga@acme.example", password: str = "greenroom-pass", then: str = "/accounts/2fa/"
    ) -> None:
        """Through the form, as a person does, on the way to the page `then`."""
        self.page.goto(f"/accounts/login/?next={then}")
        self.page.get_by_label("Email", exact=True).fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def open(self, url: str) -> None:
        """Go there and wait until charts are drawn and htmx is quiet."""
        self.page.goto(url)
        self.settle()

    def dress(self, theme: str, width: int, height: int = 900) -> None:
        """Light or dark, wide or narrow; returns once that is painted."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=theme)
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")

    def settle(self) -> None:
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(p => p.dataset.drawn)")

    def look(self, name: str) -> Path:
        """Keep a screenshot of the whole page in `.shots` (never committed)."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def no_barriers(self) -> None:
        """axe-core finds nothing."""
        found = Axe().run(self.page).response["violations"]
        lines = [f"{v['id']}: {v['help']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found]
        assert not lines, f"{self.page.url}\n" + "\n".join(lines)

    def no_sideways_scroll(self) -> None:
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= room, f"{self.page.url} is {wide} px wide in a window of {room} px"

    def no_faults(self) -> None:
        """No console error, no policy violation, no broken script, no request to another host."""
        assert self.faults == []
        assert self.foreign == []
