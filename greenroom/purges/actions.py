"""The verbs of this module: plan what would be purged, run it, prove it, do it again after a restore."""

from greenroom.purges.journal import BadJournal, complete, pending, take_over
from greenroom.purges.refusals import Refused
from greenroom.purges.running import STEPS, advance, carry_out, make_plan, reapply, resume, start
from greenroom.purges.stores import STORES
from greenroom.purges.tombstones import find
from greenroom.purges.verifying import left

__all__ = [
    "STEPS",
    "STORES",
    "BadJournal",
    "Refused",
    "advance",
    "carry_out",
    "complete",
    "find",
    "left",
    "make_plan",
    "pending",
    "reapply",
    "resume",
    "start",
    "take_over",
]
