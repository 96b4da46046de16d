"""The rules of telling people: renderings, deadlines, elevation, and the paragraph for one who decides. Pure."""

from quarterdeck.comms.rules import cadence, elevating, noticing
from quarterdeck.comms.rules.brief import MOST_WORDS, Brief, brief
from quarterdeck.comms.rules.rendering import UNKNOWN, last_words, line, rendered
from quarterdeck.comms.rules.state import Clock, Comms, Raised, evolve
from quarterdeck.comms.rules.writing import (
    ASKED,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    checked,
    clock,
    marked,
    subject,
    values,
)
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import rank


def due(state: Comms) -> Instant | None:
    alarms = (cadence.next_alarm(state), elevating.next_alarm(state))
    return min((at for at in alarms if at is not None), default=None)


def wake(state: Comms, now: Instant) -> list[Event]:
    return [*cadence.overdue(state, now), *elevating.due(state, now)]


def urgency(state: Comms) -> int:
    return rank(state.severity)


COMMS: Lifecycle[Comms] = Lifecycle("comms", evolve, due, wake, urgency)
LIFECYCLES = (COMMS,)

__all__ = [
    "ASKED",
    "COMMS",
    "LIFECYCLES",
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "MOST_WORDS",
    "UNKNOWN",
    "Brief",
    "Clock",
    "Comms",
    "Raised",
    "brief",
    "cadence",
    "checked",
    "clock",
    "elevating",
    "evolve",
    "last_words",
    "line",
    "marked",
    "noticing",
    "rendered",
    "subject",
    "values",
]
