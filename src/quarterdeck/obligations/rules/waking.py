"""When somebody has to be told that a clock runs down, and when it is missed. Pure: of the record alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import events as ev
from quarterdeck.obligations.rules.clocks import Standing, standings, unbegun
from quarterdeck.obligations.rules.state import Duties, Duty

QUESTION = ""
"""In the place of a clock: the question whether the incident has to be notified."""
SHORTEST = timedelta(hours=1)
"""The last reminder comes no later than this before the end, or at once."""
ANSWER_LONGEST = timedelta(hours=24)
END = 3
"""The step at which the end itself has passed."""
UNBEGUN = 9
"""The step of a question that was answered with yes, where no clock has begun: nobody has attested anything."""
UNBEGUN_AFTER = timedelta(hours=1)
_TICK = timedelta(seconds=1)


@dataclass(frozen=True)
class Alarm:
    """Somebody is to be told at `at`; `missed`: that it is too late."""

    key: str
    at: Instant
    step: int
    due: Instant
    sure: bool
    missed: bool = False


def reminders(start: Instant, due: Instant) -> tuple[Instant, Instant]:
    """At half and at three quarters of the time, at the latest an hour before the end, at the earliest at the start."""
    half, quarter = start + (due - start) / 2, due - (due - start) / 4
    return tuple(max(start, min(at, due - SHORTEST)) for at in (half, quarter))  # type: ignore[return-value]  # two


def answer_by(asked: Instant, earliest: Instant | None) -> Instant:
    """When the question should be answered: after a quarter of the shortest possible time, within a day."""
    if earliest is None or earliest <= asked:
        return asked + (ANSWER_LONGEST if earliest is None else timedelta(0))
    return asked + min((earliest - asked) / 4, ANSWER_LONGEST)


def alarms(duty: Duty) -> Iterator[Alarm]:
    """What is still to be told, each clock's steps in their order."""
    if duty.over is not None:
        return
    if duty.answer is None:
        yield from _question(duty)
        return
    if not duty.answer.notifiable:
        return
    every = standings(duty, duty.asked_at)
    if unbegun(every):
        told = duty.told.get(QUESTION)
        if told is None or told.step != UNBEGUN:
            at = duty.answer.at + UNBEGUN_AFTER
            yield Alarm(QUESTION, at, UNBEGUN, at, sure=False)
    for found in every:
        if found.state in ("running", "overdue", "not begun"):
            yield from _of_clock(duty, found)


def _question(duty: Duty) -> Iterator[Alarm]:
    ends = [
        (one.due, one.start) for one in standings(duty, duty.asked_at) if one.due is not None and one.start is not None
    ]
    due, start = min(ends, default=(duty.answer_by, duty.asked_at))
    told = duty.told.get(QUESTION)
    done = told.step if told else -1
    steps = [(0, duty.answer_by)]
    if ends:
        steps += [(1, max(duty.answer_by, reminders(start, due)[1])), (END, max(duty.answer_by, due + _TICK))]
    yield from (Alarm(QUESTION, at, step, due, sure=False) for step, at in steps if step > done)


def _of_clock(duty: Duty, found: Standing) -> Iterator[Alarm]:
    if found.start is None:
        return
    due = found.due or found.start
    told = duty.told.get(found.clock)
    done = told.step if told is not None and told.due == due else 0
    if found.sure and found.due is not None and found.due in duty.missed.get(found.clock, ()):
        return
    steps = [(1, found.start)]
    if found.due is not None:
        first, second = reminders(found.start, due)
        steps = [(1, first), (2, second), (END, due + _TICK)]
    for step, at in steps:
        if step > done:
            yield Alarm(found.clock, at, step, due, found.sure, missed=found.sure and step == END)


def due(state: Duties) -> Instant | None:
    return min((one.at for duty in state.duties.values() for one in alarms(duty)), default=None)


def wake(state: Duties, now: Instant) -> list[Event]:
    """Of each clock only its latest step: after a long silence nobody is told the same thing three times."""
    events: list[Event] = []
    for id, duty in state.duties.items():
        latest = {one.key: one for one in alarms(duty) if one.at <= now}
        for one in latest.values():
            if one.missed:
                events.append(ev.ClockMissed(at=now, regime=id, clock=one.key, due=one.due))
            else:
                events.append(
                    ev.ReminderDue(at=now, regime=id, clock=one.key, step=one.step, due=one.due, sure=one.sure)
                )
    return events
