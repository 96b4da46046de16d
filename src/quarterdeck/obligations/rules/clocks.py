"""How each clock stands: not begun, running, handed in, overdue or fallen away, and until when. Pure.

A clock is overdue only where every instant that it counts from has been attested: a false alarm does as much harm as a
missed one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.events import Clock, Limb
from quarterdeck.obligations.rules import periods
from quarterdeck.obligations.rules.periods import AT_ONCE, Days
from quarterdeck.obligations.rules.state import Duty

State = Literal["to assess", "not begun", "running", "overdue", "handed in", "waived", "fell away"]
SUBMITTED = "submitted:"
RESUBMITTED = "resubmitted:"


@dataclass(frozen=True)
class Reckoned:
    """When a period began and ends. `due` None: without undue delay, the law names no number."""

    start: Instant
    due: Instant | None


@dataclass(frozen=True)
class Standing:
    """One clock now. `due` with `sure` False is only what is suggested: "if it has to be notified, by …"."""

    regime: str
    clock: str
    state: State
    start: Instant | None = None
    due: Instant | None = None
    sure: bool = True
    missing: tuple[str, ...] = ()
    """What has to be attested or handed in first, in words."""
    handed_in: Instant | None = None
    late_by: timedelta | None = None
    reason: str = ""

    @property
    def late(self) -> bool:
        return self.late_by is not None

    @property
    def wanted(self) -> bool:
        """Somebody has to do something, or will have to."""
        return self.state in ("to assess", "not begun", "running", "overdue")


class Reckoning:
    """The clocks of one duty. `supposed`: with what the record suggests where nobody has attested anything."""

    def __init__(self, duty: Duty, *, supposed: bool = False) -> None:
        self.duty = duty
        self.supposed = supposed

    @cached_property
    def calendar(self) -> Days:
        return Days(ZoneInfo(self.duty.regime.zone or self.duty.zone), frozenset(self.duty.holidays))

    def reckon(self, id: str) -> Reckoned | None:
        """The earliest limb that holds, as far as it is known; None: the clock has not begun."""
        clock = self.duty.regime.clocks[id]
        found = [one for limb in clock.due if (one := self._limb(limb, clock)) is not None]
        fixed = [(one.due, one.start) for one in found if one.due is not None]
        if fixed:
            due, start = min(fixed)
            return Reckoned(start, self._rolled(clock, due))
        return min(found, key=lambda one: one.start, default=None)

    def possible(self, id: str) -> bool:
        """False: by the options of the scope, or by what was attested, there is no such clock here."""
        clock = self.duty.regime.clocks[id]
        return self._opted(clock.only_if, clock.unless) and any(self._open(limb) for limb in clock.due)

    def missing(self, id: str) -> tuple[str, ...]:
        """What the clock waits for, in words."""
        wanted: list[str] = []
        for limb in self.duty.regime.clocks[id].due:
            if self._open(limb):
                wanted += [limb.start, *(one for one in (limb.needs, limb.unless_later) if one)]
        return tuple(dict.fromkeys(self.words(one) for one in wanted if self.known(one) is None))

    def words(self, id: str) -> str:
        regime = self.duty.regime
        if clocks := sent(id):
            return f"{' or '.join(regime.clocks[one].title for one in clocks)} handed in"
        return regime.anchors[id].title

    def known(self, id: str) -> Instant | None:
        """When it was: attested, handed in, or supposed."""
        if clocks := sent(id):
            instants = [one.instant for clock in clocks for one in self.duty.notices.get(clock, ())]
            return (max if id.startswith(RESUBMITTED) else next_of)(instants) if instants else None
        if id in self.duty.anchors:
            return self.duty.anchors[id].instant
        anchor = self.duty.regime.anchors[id]
        if not self.supposed or anchor.optional or anchor.suggest is None:
            return None
        return self.duty.times.get(anchor.suggest)

    def _opted(self, only_if: str | None, unless: str | None) -> bool:
        options = self.duty.options
        return (only_if is None or options.get(only_if, False)) and not (unless and options.get(unless, False))

    def _open(self, limb: Limb) -> bool:
        """The limb could come to hold: no option and nothing attested speaks against it."""
        return self._opted(limb.only_if, limb.unless) and not (limb.needs_not and self.known(limb.needs_not))

    def _limb(self, limb: Limb, clock: Clock) -> Reckoned | None:
        """The period of this limb; None while it does not hold."""
        start = self.known(limb.start)
        if start is None or not self._opted(clock.only_if, clock.unless) or not self._open(limb):
            return None
        if (limb.needs and self.known(limb.needs) is None) or not self._in_force(limb, start):
            return None
        if limb.within in (AT_ONCE, "0"):
            return Reckoned(start, None)
        begins = start
        if limb.after_year:
            begins = self.calendar.at(date(self.calendar.day_of(start).year, 12, 31), periods.LAST)
        eu = (clock.counting or self.duty.regime.counting) == "eu-1182-71"
        two = eu and clock.rolls is not None and clock.rolls.to is None
        end = periods.ends(begins, limb.within, self.calendar, _time(limb.until), eu=eu, two_working=two)
        if limb.unless_later is not None:
            other = self.known(limb.unless_later)
            if (other is None and not self.supposed) or (other is not None and other > end):
                return None
        return Reckoned(start, end)

    def _in_force(self, limb: Limb, start: Instant) -> bool:
        """No clock begins outside of the days on which the regime is in force; one that has begun goes on."""
        regime, day = self.duty.regime, self.calendar.day_of(start)
        if sent(limb.start):
            return True
        return regime.effective_from <= day and (regime.effective_to is None or day <= regime.effective_to)

    def _rolled(self, clock: Clock, due: Instant) -> Instant:
        rolls = clock.rolls
        if rolls is None or not self._opted(None, rolls.unless):
            return due
        return periods.rolled(due, self.calendar, _time(rolls.to) or periods.LAST)


def sent(id: str) -> tuple[str, ...]:
    """The clocks whose hand-in it names; none: it is an anchor."""
    for prefix in (SUBMITTED, RESUBMITTED):
        if id.startswith(prefix):
            return tuple(id.removeprefix(prefix).split("+"))
    return ()


def next_of(instants: list[Instant]) -> Instant:
    """The hand-in that was recorded first."""
    return instants[0]


def standings(duty: Duty, now: Instant) -> list[Standing]:
    """Every clock that there is here, in the regime's order."""
    return [found for id in duty.regime.clocks if (found := standing(duty, id, now)) is not None]


def standing(duty: Duty, id: str, now: Instant) -> Standing | None:
    """None: there is no such clock here, by the options or by what was attested."""
    sure = Reckoning(duty)
    if id in duty.notices:
        return _handed_in(duty, id, sure.reckon(id))
    if not sure.possible(id):
        return None
    regime = duty.regime.id
    if duty.over is not None:
        return Standing(regime, id, "fell away", reason=duty.over)
    if duty.answer is not None and not duty.answer.notifiable:
        return Standing(regime, id, "fell away", reason=f"Not to be notified: {duty.answer.reason}")
    if id in duty.waived:
        return Standing(regime, id, "waived", reason=duty.waived[id].reason)
    found = sure.reckon(id) if duty.answer is not None else None
    if found is None:
        perhaps = Reckoning(duty, supposed=True).reckon(id)
        state: State = "to assess" if duty.answer is None else "not begun"
        start, due = (perhaps.start, perhaps.due) if perhaps else (None, None)
        return Standing(regime, id, state, start, due, sure=False, missing=sure.missing(id))
    late = found.due is not None and is_after(now, found.due)
    return Standing(regime, id, "overdue" if late else "running", found.start, found.due)


def live(duty: Duty) -> bool:
    """Somebody may have to do something: not of a clock that waits for what may never come, once another has begun."""
    if duty.over is not None:
        return False
    if duty.answer is None:
        return True
    found = standings(duty, duty.asked_at)
    return duty.answer.notifiable and (unbegun(found) or any(one.wanted and one.start is not None for one in found))


def unbegun(found: Iterable[Standing]) -> bool:
    """No clock has begun for certain, and none may have by what is suggested."""
    return all(one.state == "not begun" and one.start is None for one in found)


def is_after(at: Instant, end: Instant) -> bool:
    """Later by a second at least: what is due at 23:59:59 may come until the day is over."""
    return at.replace(microsecond=0) > end


def _handed_in(duty: Duty, id: str, found: Reckoned | None) -> Standing:
    """In time or late by the first hand-in; what came later completes it."""
    first = duty.notices[id][0].instant
    start, due = (found.start, found.due) if found else (None, None)
    late_by = first - due if due is not None and is_after(first, due) else None
    return Standing(duty.regime.id, id, "handed in", start, due, handed_in=first, late_by=late_by)


def earliest(duty: Duty, now: Instant) -> Standing | None:
    """The clock that ends first, sure or supposed; of a duty that nobody has answered: the earliest possible one."""
    found = [one for one in standings(duty, now) if one.wanted and one.due is not None]
    return min(found, key=lambda one: one.due or now, default=None)


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def known_or_supposed(duty: Duty, anchor: str) -> Instant | None:
    """The instant that was attested, or what the incident suggests for it."""
    suggest = duty.regime.anchors[anchor].suggest
    held = duty.anchors.get(anchor)
    return held.instant if held else duty.times.get(suggest) if suggest else None


def counts(duty: Duty) -> set[str]:
    """The anchors that whoever says that an incident has to be notified should be able to attest in the same breath."""
    limbs = [limb for id in duty.regime.clocks for limb in duty.regime.clocks[id].due if limb.needs is None]
    named = {name for limb in limbs for name in (limb.start, limb.unless_later)}
    return {id for id, anchor in duty.regime.anchors.items() if id in named and not anchor.optional}
