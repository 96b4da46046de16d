"""A lesson's rules: it closes only by a revision, a verified action, or a rejection by somebody else. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from quarterdeck.governance.rules.words import line_fault, refuse_faults
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import effects as fx
from quarterdeck.learning.events import lessoning as ev
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import taxonomy

State = Literal["identified", "validated", "disposed", "closed"]
STATES: tuple[State, ...] = ("identified", "validated", "disposed", "closed")
LONGEST = 10_000
_NAME = re.compile(r"L-([1-9]\d{0,8})")
_SOURCE = re.compile(r"INC-([1-9]\d{0,8})|EX-[1-9]\d{0,8}|deviation:INC-([1-9]\d{0,8}):[a-z0-9][a-z0-9-]{0,62}|import")


@dataclass(frozen=True)
class Words:
    """What a lesson says. `factors`: codes of the taxonomy; `clause`: where in the plan; `owner`: a person's id."""

    observation: str
    insight: str = ""
    change: str = ""
    factors: tuple[str, ...] = ()
    clause: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Lesson:
    """`version` counts its texts from 1. `ref`: what disposes of it or closed it."""

    number: int
    state: State
    author: str
    source: str
    words: Words
    version: int = 1
    way: ev.Way | None = None
    ref: str | None = None
    closing: ev.Closing | None = None
    expects: Expectation | None = None
    reopenings: int = 0
    closed_at: Instant | None = None
    tried: tuple[int, ...] = ()
    """Incidents under what it changed, since it was closed."""
    check: Literal["waiting", "open", "looked", "judged"] | None = None
    """Whether it helped; None: nothing is expected of it, or it is not closed."""
    look_from: Instant | None = None
    """From when on the time to the next look counts."""
    uses_at_look: int = 0
    looks: int = 0
    effect: fx.Verdict | None = None

    @property
    def name(self) -> str:
        return f"L-{self.number}"

    @property
    def incident(self) -> int | None:
        return incident_of(self.source)


def evolve(state: Lesson | None, event: Event) -> Lesson:
    if isinstance(event, ev.LessonIdentified):
        return Lesson(event.number, "identified", event.by, event.source, _words(event))
    assert state is not None, f"{type(event).__name__} before LessonIdentified"
    match event:
        case ev.LessonRevised():
            return replace(state, words=_words(event), version=state.version + 1)
        case ev.LessonValidated():
            return replace(state, state="validated")
        case ev.LessonDisposed():
            return replace(state, state="disposed", way=event.way, ref=event.ref, expects=event.expects)
        case ev.LessonReturned():
            return replace(state, state="validated", way=None, ref=None, expects=None)
        case ev.LessonClosed():
            return _closed(state, event)
        case ev.LessonReopened():
            fresh = Lesson(state.number, "validated", state.author, state.source, state.words, state.version)
            return replace(fresh, reopenings=state.reopenings + 1)
        case _:
            return _checked_on(state, event)


def _closed(state: Lesson, event: ev.LessonClosed) -> Lesson:
    return replace(
        state,
        state="closed",
        closing=event.closing,
        ref=event.ref,
        expects=event.expects,
        closed_at=event.at,
        check="waiting" if event.expects else None,
        look_from=event.at,
    )


def _checked_on(state: Lesson, event: Event) -> Lesson:
    match event:
        case fx.EffectExpected():
            return replace(state, expects=event.expects, check="waiting", look_from=event.at, looks=0, effect=None)
        case fx.LessonTried():
            return replace(state, tried=(*state.tried, event.incident))
        case fx.EffectCheckOpened():
            return replace(state, check="open")
        case fx.EffectLooked():
            uses = len(state.tried)
            return replace(state, check="looked", look_from=event.at, looks=state.looks + 1, uses_at_look=uses)
        case fx.EffectJudged():
            return replace(state, check="judged", effect=event.verdict)
        case _:
            return state


def incident_of(source: str) -> int | None:
    """The incident that a lesson comes from; None: an exercise or an import."""
    found = _SOURCE.fullmatch(source)
    return int(found[1] or found[2]) if found and (found[1] or found[2]) else None


def check_source(source: str) -> None:
    """Raises `Invalid`."""
    if not _SOURCE.fullmatch(source):
        raise Invalid(
            "Where does it come from?",
            (f"source: {source[:80]!r}; write INC-12, EX-3, deviation:INC-12:STEP or import",),
        )


def number_of(ref: str | None) -> int | None:
    """The lesson that a reason of the plan refers to: 7 for `L-7`."""
    found = _NAME.fullmatch(ref or "")
    return int(found[1]) if found else None


def identify(number: int, by: str, now: Instant, *, source: str, words: Words) -> ev.LessonIdentified:
    check_source(source)
    said = checked(words)
    return ev.LessonIdentified(
        at=now,
        number=number,
        by=by,
        source=source,
        observation=said.observation,
        insight=said.insight,
        change=said.change,
        factors=said.factors,
        clause=said.clause,
        owner=said.owner,
    )


def revise(state: Lesson, by: str, now: Instant, *, words: Words, seen: int | None) -> list[Event]:
    """Other words, or nothing if they are the same. `seen`: the version that the writer began from; None: the last."""
    _open(state)
    said = checked(words)
    if said == state.words:
        return []
    if seen is not None and seen != state.version:
        raise Refused(
            "LessonMovedOn",
            f"You began from version {seen} of {state.name}, and version {state.version} has been saved since. Yours "
            "was not saved: keep it, read what stands there now, and save again.",
        )
    return [
        ev.LessonRevised(
            at=now,
            by=by,
            observation=said.observation,
            insight=said.insight,
            change=said.change,
            factors=said.factors,
            clause=said.clause,
            owner=said.owner,
        )
    ]


def validate(state: Lesson, by: str, now: Instant) -> list[Event]:
    _open(state)
    return [ev.LessonValidated(at=now, by=by)] if state.state == "identified" else []


def dispose(
    state: Lesson, by: str, now: Instant, *, way: ev.Way, ref: str, expects: Expectation | None = None
) -> list[Event]:
    """How it will close. Disposed of already, it waits for that to be done or given up."""
    _open(state)
    if state.state == "identified":
        raise Refused(
            "NotValidated", f"Nobody has validated {state.name} yet: is it true, and worth a change? Do that first."
        )
    if state.state == "disposed":
        if state.ref == ref:
            return []
        raise Refused("AlreadyDisposed", f"{state.name} waits for {said_of(state.ref)} already. Give that up first.")
    return [ev.LessonDisposed(at=now, by=by, way=way, ref=ref, expects=expects)]


def give_back(state: Lesson, by: str, now: Instant, *, ref: str, reason: str) -> list[Event]:
    """What was to close it came to nothing; nothing if it waits for something else by now."""
    if state.state != "disposed" or state.ref != ref:
        return []
    return [ev.LessonReturned(at=now, by=by, reason=reason[:LONGEST])]


def close(
    state: Lesson, by: str, now: Instant, *, closing: ev.Closing, ref: str, expects: Expectation | None = None
) -> list[Event]:
    """The caller has seen that the revision is published, or the action verified; only a rejection is decided here.

    `expects`: None is what was said when it was disposed of.
    """
    _open(state)
    if closing == "rejection" and by == state.author:
        raise Refused("AuthorRejects", f"You wrote {state.name}: ask somebody else entitled to reject it.")
    if not ref.strip():
        raise Invalid("What closes the lesson?", ("ref: name the revision or the action, or give a reason",))
    if fault := _text_fault("ref", ref):
        raise Invalid("A text cannot be stored.", (fault,))
    hoped = None if closing == "rejection" else expects or state.expects
    return [ev.LessonClosed(at=now, by=by, closing=closing, ref=ref.strip(), expects=hoped)]


def reopen(state: Lesson, by: str, now: Instant, *, reason: str, incident: int | None = None) -> list[Event]:
    """Nothing if it is open already: the work goes on anyway. A rejected lesson may return, too."""
    if state.state != "closed":
        return []
    if not reason.strip():
        raise Invalid("Why does the lesson return?", ("reason: say something",))
    if fault := _text_fault("reason", reason):
        raise Invalid("A text cannot be stored.", (fault,))
    return [ev.LessonReopened(at=now, by=by, reason=reason.strip(), incident=incident)]


def checked(words: Words) -> Words:
    """The words, stripped, factors without repeats. Raises `Invalid` with every fault."""
    clause = (words.clause or "").strip() or None
    factors = tuple(dict.fromkeys(factor.strip() for factor in words.factors if factor.strip()))
    faults = [
        "observation: say what was seen" if not words.observation.strip() else None,
        *(_text_fault(name, getattr(words, name)) for name in ("observation", "insight", "change")),
        line_fault("clause", clause, 500) if clause else None,
        line_fault("owner", words.owner, 80) if words.owner is not None else None,
        "factors: at most 20" if len(factors) > 20 else None,
        *_factor_faults(factors[:20]),
    ]
    refuse_faults("The lesson is not right.", faults)
    return Words(
        words.observation.strip(), words.insight.strip(), words.change.strip(), factors, clause, words.owner or None
    )


def said_of(ref: str | None) -> str:
    """`draft 4`, `A-7`."""
    return (ref or "").replace("draft:", "draft ")


def _factor_faults(factors: Iterable[str]) -> list[str]:
    known = taxonomy.codes()
    return [
        f"factors: the taxonomy has no {one[:60]!r}; `quarterdeck factor taxonomy` lists its codes"
        for one in factors
        if one not in known
    ]


def _text_fault(name: str, value: str) -> str | None:
    if len(value) > LONGEST or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        return f"{name}: at most {LONGEST:,} characters, without NUL"
    return None


def _words(event: ev.LessonIdentified | ev.LessonRevised) -> Words:
    return Words(event.observation, event.insight, event.change, event.factors, event.clause, event.owner)


def _open(state: Lesson) -> None:
    if state.state == "closed":
        raise Refused("LessonClosed", f"{state.name} is closed. Reopen it first, if it is back.")
