"""What is owed after an incident, and by when: rules as data, recorded whole whenever they are revised."""

from typing import Literal

import msgspec

from quarterdeck.kernel.events import Event

Subject = Literal["review", "validation", "disposition", "improvement", "verification", "document", "recurrence"]
Unit = Literal["days", "working-days"]


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`subject` has to be settled within so many days. `severities`: of the incident behind it; none: of any."""

    id: str
    subject: Subject
    within: int
    unit: Unit = "days"
    severities: tuple[str, ...] = ()
    enabled: bool = True


class DutiesRevised(Event, frozen=True, kw_only=True):
    """Stream `duties/main`."""

    duties: tuple[Duty, ...]
    by: str
    reason: str
