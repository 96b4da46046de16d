"""A factor's rules: told by facts of the record, agreed on with at least one of them, revised in the open. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quarterdeck.command.rules.words import text as written
from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import factoring as ev
from quarterdeck.learning.rules import taxonomy

State = Literal["found", "agreed", "withdrawn"]
STATES: tuple[State, ...] = ("found", "agreed", "withdrawn")
LONGEST = 4_000
MOST = 200
"""Factors of one incident."""


@dataclass(frozen=True)
class Factor:
    id: str
    code: str
    text: str
    evidence: tuple[ev.Evidence, ...]
    state: State = "found"


@dataclass(frozen=True)
class Factors:
    """All that were found for one incident, by id, in the order they were found."""

    number: int
    by_id: Mapping[str, Factor] = field(default_factory=dict)


def evolve(state: Factors | None, event: Event) -> Factors:
    if isinstance(event, ev.FactorFound):
        known = state.by_id if state else {}
        found = Factor(event.factor, event.code, event.text, event.evidence)
        return Factors(event.number, {**known, event.factor: found})
    assert state is not None, f"{type(event).__name__} before FactorFound"
    match event:
        case ev.FactorRevised():
            return _with(state, event.factor, code=event.code, text=event.text, evidence=event.evidence, state="found")
        case ev.FactorAgreed():
            return _with(state, event.factor, state="agreed")
        case ev.FactorWithdrawn():
            return _with(state, event.factor, state="withdrawn")
        case _:
            return state


def _with(found: Factors, id: str, **changes: Any) -> Factors:
    return replace(found, by_id={**found.by_id, id: replace(found.by_id[id], **changes)})


def find(
    state: Factors | None,
    by: str,
    now: Instant,
    *,
    number: int,
    code: str,
    text: str,
    evidence: tuple[ev.Evidence, ...],
) -> list[ev.FactorFound]:
    """The same code with the same words again is refused: it would be counted twice."""
    known = state.by_id if state else {}
    if len(known) >= MOST:
        raise Refused("TooManyFactors", f"INC-{number} has {MOST} factors. Withdraw or revise some of them.")
    text = written("text", text, LONGEST, needed=True)
    twin = next(
        (one for one in known.values() if one.text == text and one.code == code and one.state != "withdrawn"), None
    )
    if twin is not None:
        raise Refused("AlreadyFound", f"{twin.id} says the same. Agree on it, or revise it.")
    return [
        ev.FactorFound(
            at=now,
            number=number,
            factor=f"INC-{number}-F{len(known) + 1}",
            code=taxonomy.checked(code),
            taxonomy=taxonomy.VERSION,
            text=text,
            evidence=evidence,
            by=by,
        )
    ]


def revise(
    state: Factors, by: str, now: Instant, *, factor: str, code: str, text: str, evidence: tuple[ev.Evidence, ...]
) -> list[Event]:
    """A withdrawn factor returns by it; nothing is recorded if nothing differs."""
    found = one(state, factor)
    text, code, evidence = written("text", text, LONGEST, needed=True), taxonomy.checked(code), evidence
    if found.state != "withdrawn" and (found.code, found.text, found.evidence) == (code, text, evidence):
        return []
    return [
        ev.FactorRevised(
            at=now, factor=factor, code=code, taxonomy=taxonomy.VERSION, text=text, evidence=evidence, by=by
        )
    ]


def agree(state: Factors, by: str, now: Instant, *, factor: str) -> list[Event]:
    found = one(state, factor)
    if found.state == "withdrawn":
        raise Refused("Withdrawn", f"{factor} was withdrawn. Revise it, if it contributed after all.")
    if not found.evidence:
        raise Refused(
            "NoEvidence", f"Nothing on the record shows {factor} yet. Link at least one entry of the timeline."
        )
    return [] if found.state == "agreed" else [ev.FactorAgreed(at=now, factor=factor, by=by)]


def withdraw(state: Factors, by: str, now: Instant, *, factor: str, reason: str) -> list[Event]:
    if one(state, factor).state == "withdrawn":
        return []
    return [ev.FactorWithdrawn(at=now, factor=factor, reason=written("reason", reason, LONGEST, needed=True), by=by)]


def one(state: Factors, factor: str) -> Factor:
    """Raises `NotFound`."""
    found = state.by_id.get(factor)
    if found is None:
        raise NotFound(f"factor {factor[:40]} of INC-{state.number}")
    return found


FACTORS = Lifecycle("factors", evolve)
