"""What can be decided about an incident's duties: ask, assess, attest, hand in, waive, and let fall away. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from quarterdeck.command.rules import words
from quarterdeck.governance.rules.words import refuse_faults
from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import events as ev
from quarterdeck.obligations.rules import waking
from quarterdeck.obligations.rules.clocks import earliest
from quarterdeck.obligations.rules.state import Duties, Duty, asked

VOID = ("declined", "merged", "cancelled")
"""States of an incident of which nothing is to be notified; of a closed one there may be: people find out later."""
LONGEST = 4_000
LONGEST_TEXT = 100_000
_AHEAD = timedelta(minutes=2)
"""Clocks of people and machines differ; what lies further ahead has not happened."""


def ask(
    state: Duties | None,
    now: Instant,
    *,
    number: int,
    regime: ev.Regime,
    scope: ev.ScopeDeclared,
    severity: str,
    times: Mapping[str, Instant],
    zone: str = "UTC",
    holidays: Iterable[date] = (),
    because: str = "",
) -> list[Event]:
    """Ask whether it has to be notified; once, and only of what was detected while the regime is in force."""
    if state is not None and regime.id in state.duties and state.duties[regime.id].over is None:
        return []
    question = ev.RegimeAsked(
        at=now,
        number=number,
        regime=regime,
        options=scope.options,
        zone=zone,
        holidays=tuple(sorted(holidays)),
        post=scope.post,
        severity=severity,
        times=dict(times),
        answer_by=now,
        because=because,
    )
    day = times.get("detected", now).date()
    if day < regime.effective_from or (regime.effective_to is not None and day > regime.effective_to):
        return []
    first = earliest(asked(question), now)
    return [replace(question, answer_by=waking.answer_by(now, first.due if first else None))]


def take_up_times(state: Duties, now: Instant, times: Mapping[str, Instant]) -> list[Event]:
    """The incident's own times were corrected."""
    changed = any(dict(duty.times) != dict(times) for duty in state.duties.values() if duty.over is None)
    return [ev.TimesTakenUp(at=now, times=dict(times))] if changed else []


def assess(state: Duties, by: str, now: Instant, *, regime: str, notifiable: bool, reason: str) -> list[Event]:
    """Say whether it has to be notified, and why. It may be said again; nothing if the same was said."""
    duty = _going(state, regime)
    _check(_text("reason", reason, "say why"))
    before = duty.answer
    if before is not None and (before.notifiable, before.reason) == (notifiable, clean(reason)):
        return []
    return [ev.RegimeAssessed(at=now, regime=regime, notifiable=notifiable, reason=clean(reason), by=by)]


def attest(
    state: Duties, by: str, now: Instant, *, regime: str, anchor: str, instant: Instant, source: str
) -> list[Event]:
    """Stand for an instant, or correct it. Refused while it lies ahead."""
    duty = _going(state, regime)
    _anchor(duty, anchor)
    _check(_text("source", source, "say how it is known"), _past("instant", instant, now))
    before = duty.anchors.get(anchor)
    if before is not None and (before.instant, before.source) == (instant, clean(source)):
        return []
    return [
        ev.AnchorAttested(
            at=now,
            regime=regime,
            anchor=anchor,
            instant=instant,
            source=clean(source),
            was=before.instant if before else None,
            by=by,
        )
    ]


def withdraw(state: Duties, by: str, now: Instant, *, regime: str, anchor: str, reason: str) -> list[Event]:
    """It did not happen after all."""
    duty = _going(state, regime)
    _anchor(duty, anchor)
    _check(_text("reason", reason, "say why"))
    if anchor not in duty.anchors:
        raise Refused("NotAttested", f"{duty.regime.anchors[anchor].title}: nobody has attested it.")
    return [ev.AnchorWithdrawn(at=now, regime=regime, anchor=anchor, reason=clean(reason), by=by)]


def hand_in(
    state: Duties,
    by: str,
    now: Instant,
    *,
    regime: str,
    clock: str,
    instant: Instant,
    reference: str = "",
    text: str = "",
    corrects: bool = False,
) -> list[Event]:
    """Record that the notice went out. Handing in presupposes the answer that it has to be notified."""
    duty = _going(state, regime)
    _clock(duty, clock)
    faults = (
        _past("instant", instant, now),
        "reference: at most 200 characters" if len(reference) > 200 else None,
        f"text: at most {LONGEST_TEXT:,} characters" if len(text) > LONGEST_TEXT else None,
        "text: without NUL" if "\x00" in text + reference else None,
    )
    _check(*faults)
    if duty.answer is None or not duty.answer.notifiable:
        raise Refused("NotAssessed", "Say first that the incident has to be notified, and why.")
    if corrects and clock not in duty.notices:
        raise Refused("NothingToCorrect", "Nothing has been handed in here yet.")
    return [
        ev.NoticeHandedIn(
            at=now,
            regime=regime,
            clock=clock,
            instant=instant,
            reference=clean(reference),
            text=clean(text),
            corrects=corrects,
            by=by,
        )
    ]


def waive(state: Duties, by: str, now: Instant, *, regime: str, clock: str, reason: str) -> list[Event]:
    """This notice is not owed after all."""
    duty = _going(state, regime)
    _clock(duty, clock)
    _check(_text("reason", reason, "say why it is not owed"))
    if clock in duty.notices:
        raise Refused("HandedIn", "It was handed in already.")
    if clock in duty.waived:
        return []
    return [ev.ClockWaived(at=now, regime=regime, clock=clock, reason=clean(reason), by=by)]


def fall_away(
    state: Duties, now: Instant, *, reason: str, regimes: Iterable[str] | None = None, answered: bool = True
) -> list[ev.DutyFellAway]:
    """Nothing is owed any more, of these regimes. `answered` False: only where nobody said that it is notifiable."""
    wanted = state.duties if regimes is None else [id for id in regimes if id in state.duties]
    return [
        ev.DutyFellAway(at=now, regime=id, reason=reason)
        for id in wanted
        if state.duties[id].over is None and (answered or not _notifiable(state.duties[id]))
    ]


def handed_over(source: Duties, into: Duties | None, now: Instant, *, because: str) -> list[tuple[Duty, list[Event]]]:
    """What a merged incident leaves to the one it was merged into: each open duty, with all that was said of it."""
    found = []
    for id, duty in source.duties.items():
        held = into.duties.get(id) if into else None
        if duty.over is not None or (duty.answer is not None and not duty.answer.notifiable):
            continue
        if held is not None and held.over is None and held.answer is not None and held.answer.notifiable:
            continue
        found.append((duty, _said(duty, now, because)))
    return found


def _said(duty: Duty, now: Instant, because: str) -> list[Event]:
    id, events = duty.regime.id, list[Event]()
    if duty.answer is not None:
        reason = f"{duty.answer.reason} ({because})"[:LONGEST]
        events.append(ev.RegimeAssessed(at=now, regime=id, notifiable=True, reason=reason, by=duty.answer.by))
    for anchor, one in duty.anchors.items():
        said = {"anchor": anchor, "instant": one.instant, "source": f"{one.source} ({because})"[:LONGEST], "by": one.by}
        events.append(ev.AnchorAttested(at=now, regime=id, **said))  # type: ignore[arg-type]  # as named above
    for clock, sent in duty.notices.items():
        events += [
            ev.NoticeHandedIn(
                at=now, regime=id, clock=clock, instant=one.instant, reference=one.reference, text=one.text, by=one.by
            )
            for one in sent
        ]
    events += [
        ev.ClockWaived(at=now, regime=id, clock=clock, reason=one.reason, by=one.by)
        for clock, one in duty.waived.items()
    ]
    return events


def duty_of(state: Duties | None, regime: str) -> Duty:
    """Raises `NotFound` where the incident was not asked."""
    duty = state.duties.get(regime) if state else None
    if duty is None:
        raise NotFound(f"question about {regime[:60]!r} on this incident")
    return duty


def _going(state: Duties, regime: str) -> Duty:
    duty = duty_of(state, regime)
    if duty.over is not None:
        raise Refused("FellAway", f"Nothing is owed here any more: {duty.over}.")
    return duty


def _notifiable(duty: Duty) -> bool:
    return duty.answer is not None and duty.answer.notifiable


def _anchor(duty: Duty, anchor: str) -> None:
    if anchor not in duty.regime.anchors:
        raise NotFound(f"anchor {anchor[:60]!r}; there are {', '.join(duty.regime.anchors)}")


def _clock(duty: Duty, clock: str) -> None:
    if clock not in duty.regime.clocks:
        raise NotFound(f"clock {clock[:60]!r}; there are {', '.join(duty.regime.clocks)}")


def clean(given: str) -> str:
    """Without what moves a terminal or turns the direction of the text after it."""
    return words.text("text", given, LONGEST_TEXT)


def _text(name: str, given: str, wanted: str) -> str | None:
    if not given.strip():
        return f"{name}: {wanted}"
    if len(given) > LONGEST or "\x00" in given:
        return f"{name}: at most {LONGEST:,} characters, without NUL"
    return None


def _past(name: str, instant: Instant, now: Instant) -> str | None:
    return f"{name}: it lies ahead; say it once it has happened" if instant > now + _AHEAD else None


def _check(*faults: str | None) -> None:
    refuse_faults("This is not right.", faults)
