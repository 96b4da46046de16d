"""Intake's doors for programs: the bare ASGI door that takes signals in, and the JSON lists of what stands."""

from typing import Any

from quarterdeck.intake.api.door import Door
from quarterdeck.intake.api.limits import read_limits
from quarterdeck.intake.api.signals import ROUTES
from quarterdeck.record import Record

__all__ = ["ROUTES", "Door", "make_door"]


def make_door(record: Record, settings: dict[str, Any]) -> Door:
    """The door for `/v2/enqueue`, `/v2/change/enqueue` and `/intake/…`; `settings`: `[intake]` of quarterdeck.toml."""
    return Door(record, read_limits(settings))
