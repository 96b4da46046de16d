"""Which duties there are, which one holds in a case, and when what is owed is due. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import msgspec

from quarterdeck.governance.rules.words import refuse_faults, slug_fault
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.duties import DutiesRevised, Duty, Subject, Unit
from quarterdeck.plan.rules import working_days_after
from quarterdeck.plan.rules.model import Calendar

KEY = "main"
MOST = 100
SUBJECTS: dict[Subject, str] = {
    "review": "A review is held or waived",
    "validation": "A lesson is validated",
    "disposition": "A validated lesson gets its disposition",
    "improvement": "An improvement action is done",
    "verification": "A finished action is verified",
    "document": "A document of the plan that is due is reviewed",
    "recurrence": "Somebody says what follows from a month's recurrence check",
}
DEFAULTS: tuple[Duty, ...] = (
    Duty(id="severe-reviews", subject="review", within=5, unit="working-days", severities=("SEV1",)),
    Duty(id="lessons-validated", subject="validation", within=7),
    Duty(id="lessons-disposed", subject="disposition", within=14),
    Duty(id="severe-actions", subject="improvement", within=28, severities=("SEV1",)),
    Duty(id="actions", subject="improvement", within=56),
    Duty(id="actions-verified", subject="verification", within=14),
    Duty(id="documents", subject="document", within=30),
    Duty(id="recurrence-assessed", subject="recurrence", within=14),
)
"""What holds until somebody revises it."""
LAST_RESORT = Duty(id="actions", subject="improvement", within=56)
"""An action has a day even where no duty is enabled that says which."""


@dataclass(frozen=True)
class Duties:
    """The duties in force; of several for one subject the first that names the severity, or none, holds."""

    duties: tuple[Duty, ...] = DEFAULTS

    def for_(self, subject: Subject, severity: str | None = None) -> Duty | None:
        """The duty that holds in a case; None: nothing is owed by rule."""
        standing = (one for one in self.duties if one.enabled and one.subject == subject)
        return next((one for one in standing if not one.severities or severity in one.severities), None)


def evolve(state: Duties | None, event: Event) -> Duties:
    assert isinstance(event, DutiesRevised)
    return Duties(event.duties)


def sentence(duty: Duty) -> str:
    """`A review is held or waived within 5 working days (SEV1).`"""
    unit = "working day" if duty.unit == "working-days" else "day"
    severities = f" ({', '.join(duty.severities)})" if duty.severities else ""
    return f"{SUBJECTS[duty.subject]} within {duty.within} {unit}{'' if duty.within == 1 else 's'}{severities}."


def due(duty: Duty, start: Instant, calendar: Calendar) -> Instant:
    """When what is owed since `start` is due."""
    if duty.unit == "working-days":
        return working_days_after(calendar, start, duty.within)
    return start + timedelta(days=duty.within)


def checked(facts: Mapping[str, Any]) -> Duty:
    """A duty of what came from outside. Raises `Invalid` with every fault."""
    try:
        duty = msgspec.convert(dict(facts), Duty)
    except msgspec.ValidationError as error:
        raise Invalid("The duty is not right.", (f"duty: {error}",)) from None
    refuse_faults("The duty is not right.", list(_faults((duty,))))
    return duty


def put(state: Duties, duty: Duty) -> tuple[Duty, ...]:
    """The duties with this one in the place of the one with its id, or at the end; named severities come first."""
    if any(one.id == duty.id for one in state.duties):
        return tuple(duty if one.id == duty.id else one for one in state.duties)
    return (*state.duties, duty) if not duty.severities else (duty, *state.duties)


def revise(state: Duties, by: str, now: Instant, *, duties: Sequence[Duty], reason: str) -> list[Event]:
    """The duties, whole; nothing if they are the same. Raises `Invalid` with every fault."""
    given = tuple(duties)
    refuse_faults("The duties are not right.", [*_faults(given), None if reason.strip() else "reason: say why"])
    return [] if given == state.duties else [DutiesRevised(at=now, duties=given, by=by, reason=reason.strip()[:2_000])]


def _faults(duties: tuple[Duty, ...]) -> Iterable[str | None]:
    if len(duties) > MOST:
        yield f"duties: at most {MOST}"
    seen: set[str] = set()
    for index, one in enumerate(duties[:MOST]):
        at = f"duties.{index}"
        yield slug_fault(f"{at}.id", one.id)
        if one.id in seen:
            yield f"{at}.id: {one.id} is there already"
        seen.add(one.id)
        if one.subject not in get_args(Subject):
            yield f"{at}.subject: use one of {', '.join(get_args(Subject))}"
        if one.unit not in get_args(Unit):
            yield f"{at}.unit: use days or working-days"
        if not 1 <= one.within <= 366:
            yield f"{at}.within: 1 to 366"
        for severity in one.severities:
            if severity not in ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5"):
                yield f"{at}.severities: {severity[:20]!r}; use SEV1 to SEV5"


DUTIES: Lifecycle[Duties] = Lifecycle("duties", evolve)
