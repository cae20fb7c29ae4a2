"""Who does what in the demo: staff, ANA, BEN, CYD, DOV and BRANDCO, through pages and the sandbox's consent page."""

from collections.abc import Callable, Iterator

from django.core.management import call_command

from greenroom.core import actions, clock, events
from greenroom.core.models import Workspace
from greenroom.creators import actions as creators
from greenroom.demo.processes import Stage
from greenroom.demo.visitor import Stuck, Visitor


def prepare(email: str, password: str) -> Workspace:
    """Database, owner, and DOV: an account kept from the former source, which may not be read any more."""
    call_command("migrate", interactive=False, verbosity=0)
    at = clock.now()
    owner = actions.create_workspace(workspace="Demo", name="Demo Owner", email=email, password=password, at=at)
    creators.record_legacy(owner.workspace, handle="dov", by=events.SYSTEM, at=at)
    return owner.workspace


class Play:
    """The acts of the demo. Each raises Stuck when a page does not lead where it should."""

    def __init__(self, stage: Stage, slug: str, email: str, password: str) -> None:
        self.stage = stage
        self.slug = slug
        self.email = email
        self.password = password
        self.staff = Visitor(stage.app)

    def acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "The owner signs in", self.sign_in
        yield "The owner connects the TikTok Creator Marketplace", self.connect_marketplace
        yield "ANA consents through the application form", lambda: self.apply("ana", "Ana")
        yield "BEN consents through the application form", lambda: self.apply("ben", "Ben")
        yield "The owner adds CYD, who is in the marketplace", self.add_cyd
        yield "BRANDCO consents on the connections page", self.connect_brandco

    def sign_in(self) -> None:
        self.staff.open("/accounts/login/").submit("Sign in", login=self.email, password=self.password)
        _at(self.staff, f"/w/{self.slug}/")

    def connect_marketplace(self) -> None:
        self.staff.open(self._connections).submit("Connect the marketplace").submit("Approve", brand="0")
        _at(self.staff, self._connections)

    def apply(self, handle: str, name: str) -> None:
        """A creator in a browser of their own: the form, TikTok's consent page, and back."""
        creator = Visitor(self.stage.app).open(f"/join/{self.slug}/")
        creator.submit("TikTok", name=name, email=f"{handle}@example.com").submit("Approve", handle=handle)
        _at(creator, "/join/connected/")

    def add_cyd(self) -> None:
        self.staff.open(f"/w/{self.slug}/creators/add/").submit("Add creator", handle="cyd")
        _at(self.staff, f"/w/{self.slug}/creators/")

    def connect_brandco(self) -> None:
        self.staff.open(self._connections).submit("Connect a business account", handle="brandco")
        self.staff.submit("Approve", handle="brandco")
        _at(self.staff, self._connections)

    @property
    def _connections(self) -> str:
        return f"/w/{self.slug}/connections/"


def _at(visitor: Visitor, path: str) -> None:
    """Raises Stuck when the visitor is not where the act should lead, quoting the page."""
    if not visitor.url.startswith(visitor.site + path):
        raise Stuck(f"ended at {visitor.url}, not at {path}: {visitor.text[:400]}")
