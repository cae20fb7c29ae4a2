"""A pretend TikTok over real HTTP: same paths, envelopes, codes, limits and delays, with a clock and faults to turn.

Nouns: world, clock, account, post, app, grant, fault, ledger. `World` holds the state, `create_app(world)` is the WSGI
callable, `serve()` runs it on a port. It knows nothing of the rest of Greenroom and never imports it.
"""

from greenroom.sandbox.app import create_app
from greenroom.sandbox.clock import Clock
from greenroom.sandbox.world import World

__all__ = ["Clock", "World", "create_app"]
