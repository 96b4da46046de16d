"""An incident's duties as they stand: what was asked, answered, attested, handed in and told, by regime. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import events as ev


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said, and when."""

    at: Instant
    by: str
    reason: str


class Answer(Said, frozen=True, kw_only=True):
    notifiable: bool


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """An instant that somebody stands for. `source`: how they know."""

    instant: Instant
    source: str
    by: str
    at: Instant


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """One notice as it went out; `at` is when that was recorded."""

    instant: Instant
    reference: str
    text: str
    by: str
    at: Instant


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The last reminder of a clock, and the end that it was reckoned for."""

    due: Instant
    step: int


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One regime asked of one incident."""

    number: int
    regime: ev.Regime
    options: dict[str, bool]
    zone: str
    holidays: tuple[date, ...]
    post: str | None
    severity: str
    times: dict[str, Instant]
    asked_at: Instant
    answer_by: Instant
    because: str
    answer: Answer | None = None
    anchors: dict[str, Attested] = msgspec.field(default_factory=dict)
    notices: dict[str, tuple[HandedIn, ...]] = msgspec.field(default_factory=dict)
    waived: dict[str, Said] = msgspec.field(default_factory=dict)
    told: dict[str, Told] = msgspec.field(default_factory=dict)
    missed: dict[str, tuple[Instant, ...]] = msgspec.field(default_factory=dict)
    """Clock → the ends at which it was found missed; a correction of its anchor may have moved the end since."""
    over: str | None = None


@dataclass(frozen=True)
class Duties:
    """Regime → duty, of one incident."""

    number: int
    duties: Mapping[str, Duty] = field(default_factory=dict)


def evolve(state: Duties | None, event: Event) -> Duties:
    if isinstance(event, ev.RegimeAsked):
        state = state or Duties(event.number)
        return replace(state, duties={**state.duties, event.regime.id: asked(event)})
    assert state is not None, f"{type(event).__name__} before RegimeAsked"
    if isinstance(event, ev.TimesTakenUp):
        return replace(state, duties={id: step(duty, event) for id, duty in state.duties.items()})
    id = getattr(event, "regime", None)
    if not isinstance(id, str) or id not in state.duties:
        return state
    return replace(state, duties={**state.duties, id: step(state.duties[id], event)})


def asked(event: ev.RegimeAsked) -> Duty:
    return Duty(
        number=event.number,
        regime=event.regime,
        options=event.options,
        zone=event.zone,
        holidays=event.holidays,
        post=event.post,
        severity=event.severity,
        times=event.times,
        asked_at=event.at,
        answer_by=event.answer_by,
        because=event.because,
    )


def step(duty: Duty, event: Event) -> Duty:
    """Fold one event of this regime; of a later version that is not known here: nothing changes."""
    return msgspec.structs.replace(duty, **_changes(duty, event))


def _changes(duty: Duty, event: Event) -> dict[str, Any]:
    match event:
        case ev.TimesTakenUp():
            return {"times": event.times}
        case ev.RegimeAssessed():
            given = Answer(at=event.at, by=event.by, reason=event.reason, notifiable=event.notifiable)
            return {"answer": given}
        case ev.AnchorAttested():
            given_ = Attested(instant=event.instant, source=event.source, by=event.by, at=event.at)
            return {"anchors": {**duty.anchors, event.anchor: given_}}
        case ev.AnchorWithdrawn():
            return {"anchors": {id: one for id, one in duty.anchors.items() if id != event.anchor}}
        case ev.NoticeHandedIn():
            return _handed_in(duty, event)
        case ev.ClockWaived():
            said = Said(at=event.at, by=event.by, reason=event.reason)
            return {"waived": {**duty.waived, event.clock: said}}
        case ev.DutyFellAway():
            return {"over": event.reason}
        case ev.ReminderDue():
            return {"told": {**duty.told, event.clock: Told(due=event.due, step=event.step)}}
        case ev.ClockMissed():
            return {"missed": {**duty.missed, event.clock: (*duty.missed.get(event.clock, ()), event.due)}}
    return {}


def _handed_in(duty: Duty, event: ev.NoticeHandedIn) -> dict[str, Any]:
    one = HandedIn(instant=event.instant, reference=event.reference, text=event.text, by=event.by, at=event.at)
    held = duty.notices.get(event.clock, ())
    kept = held[:-1] if event.corrects else held
    waived = {id: said for id, said in duty.waived.items() if id != event.clock}
    return {"notices": {**duty.notices, event.clock: (*kept, one)}, "waived": waived}
