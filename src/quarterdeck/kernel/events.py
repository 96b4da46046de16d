"""What an event is: a frozen struct in the past tense that says when it occurred."""

from typing import Any

import msgspec

from quarterdeck.kernel.time import Instant


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all that can be recorded. `at` is when it happened; the record adds when it was written down."""

    at: Instant


def type_name(event: type[Event]) -> str:
    """The name an event is stored under for ever: its room and its class, as in `command.IncidentDeclared`."""
    return f"{event.__module__.split('.')[1]}.{event.__name__}"


def events_of(module: Any) -> list[type[Event]]:
    """The event classes that a room's `events` module, or a module of that package, defines."""
    inside = f"{module.__name__}."
    found = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Event))
    return [event for event in found if f"{event.__module__}.".startswith(inside)]
