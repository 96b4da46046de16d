"""Response times, each by the exact letters of its instants, on both clocks: when it occurred, and when it was known.

There is no MTTR here: without its letters a time means something else to everybody who reads it. R, service restored,
is not recorded apart from M and F, so no time to restore is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules.facts import Fact, instant

LETTERS: Mapping[str, str] = {
    "S": "impact began",
    "D": "detected",
    "P": "first page",
    "C": "declared",
    "A": "acknowledged",
    "M": "mitigated",
    "F": "resolved",
    "X": "closed",
}
MEASURES: Sequence[tuple[str, str, str]] = (
    ("Time to detect", "D", "S"),
    ("Time to declare", "C", "D"),
    ("Time to acknowledge", "A", "P"),
    ("Time to mitigate, from detection", "M", "D"),
    ("Time to mitigate, from the impact", "M", "S"),
    ("Time to resolve", "F", "D"),
)
"""Words, the letter that ends the time, the letter that begins it."""
IN_ORDER = (("S", "D"), ("P", "A"), ("D", "M"), ("S", "M"), ("M", "F"), ("D", "F"), ("C", "X"))
"""Pairs of which the first cannot lie after the second."""


@dataclass(frozen=True)
class Correction:
    """What had stood there, until it was corrected."""

    was: Instant | None
    at: Instant
    by: str
    reason: str


@dataclass(frozen=True)
class Moment:
    """One instant of the incident; `occurred_at` None: nobody has said. `position`: the fact that says so."""

    letter: str
    title: str
    occurred_at: Instant | None = None
    recorded_at: Instant | None = None
    position: int | None = None
    times: int = 0
    """How often it happened: resolved, reopened and resolved again is 2; the last one counts."""
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class Measure:
    """A time and how it is counted (`M - D`). `occurred` None: not known, and `why` says why.

    `known`: the same between the instants at which both were written down; None where that says nothing.
    """

    title: str
    formula: str
    occurred: timedelta | None
    known: timedelta | None
    why: str = ""
    contradicts: bool = False


def moments(facts: Sequence[Fact]) -> dict[str, Moment]:
    """By letter, of facts in the order they were recorded. After a reopening M, F and X count anew."""
    found = {letter: Moment(letter, title) for letter, title in LETTERS.items()}
    for fact in facts:
        match fact.type:
            case "command.IncidentDeclared":
                _at(found, "C", fact, fact.occurred_at)
                _at(found, "D", fact, instant(fact.data.get("detected_at")))
                _at(found, "S", fact, instant(fact.data.get("impact_started")))
            case "command.TimesCorrected":
                _correct(found, "S", fact, instant(fact.data.get("impact_started")))
                _correct(found, "D", fact, instant(fact.data.get("detected_at")))
            case "oncall.PageRequested":
                if found["P"].occurred_at is None:
                    _at(found, "P", fact, fact.occurred_at)
            case "command.IncidentAcknowledged":
                if found["A"].occurred_at is None:
                    _at(found, "A", fact, fact.occurred_at)
            case "command.IncidentMitigated":
                _again(found, "M", fact)
            case "command.IncidentResolved":
                _again(found, "F", fact)
            case "command.IncidentClosed":
                _again(found, "X", fact)
            case "command.IncidentReopened":
                for letter in "MFX":
                    found[letter] = Moment(letter, LETTERS[letter], times=found[letter].times)
            case _:
                continue
    return found


def _at(found: dict[str, Moment], letter: str, fact: Fact, at: Instant | None) -> None:
    if at is not None:
        found[letter] = Moment(letter, LETTERS[letter], at, fact.recorded_at, fact.position, 1)


def _correct(found: dict[str, Moment], letter: str, fact: Fact, at: Instant | None) -> None:
    if at is None:
        return
    was = found[letter]
    traced = Correction(
        was.occurred_at, fact.recorded_at, str(fact.data.get("by", "")), str(fact.data.get("reason", ""))
    )
    corrections = (*was.corrections, traced)
    found[letter] = Moment(letter, LETTERS[letter], at, fact.recorded_at, fact.position, 1, corrections)


def _again(found: dict[str, Moment], letter: str, fact: Fact) -> None:
    times = found[letter].times + 1
    found[letter] = Moment(letter, LETTERS[letter], fact.occurred_at, fact.recorded_at, fact.position, times)


def measures(found: Mapping[str, Moment]) -> list[Measure]:
    return [_measure(title, found[end], found[begin]) for title, end, begin in MEASURES]


def _measure(title: str, end: Moment, begin: Moment) -> Measure:
    formula = f"{end.letter} - {begin.letter}"
    missing = [moment for moment in (begin, end) if moment.occurred_at is None]
    if missing:
        return Measure(title, formula, None, None, "Not known when: " + ", ".join(one.title for one in missing) + ".")
    assert begin.occurred_at and end.occurred_at and begin.recorded_at and end.recorded_at
    occurred, known = end.occurred_at - begin.occurred_at, end.recorded_at - begin.recorded_at
    if occurred < timedelta():
        return Measure(title, formula, None, None, f"{_said(end)} before it was {begin.title}.", contradicts=True)
    return Measure(title, formula, occurred, known if known >= timedelta() else None)


def contradictions(found: Mapping[str, Moment]) -> list[str]:
    """A sentence for each pair that stands in the wrong order."""
    told = []
    for first, second in IN_ORDER:
        before, after = found[first], found[second]
        if before.occurred_at and after.occurred_at and after.occurred_at < before.occurred_at:
            told.append(
                f"“{after.title}” ({after.letter}, {_minute(after.occurred_at)}) lies before "
                f"“{before.title}” ({before.letter}, {_minute(before.occurred_at)})."
            )
    return told


def _said(moment: Moment) -> str:
    return moment.title.capitalize()


def _minute(at: Instant) -> str:
    return f"{at:%d %b %H:%M} UTC"
