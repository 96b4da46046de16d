"""A decision asked of senior management by hand: open, taken (and what came of it), or withdrawn. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from quarterdeck.direction.events import reporting as ev
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

State = Literal["open", "taken", "withdrawn"]
MOST_WORDS = {"question": 30, "waiting": 30, "advice": 30, "decision": 60, "reason": 60, "text": 60}
"""A block that is read in one breath."""
LONGEST = 600


@dataclass(frozen=True)
class BoardDecision:
    """`number` counts from 1; it is called D-1."""

    number: int
    question: str
    state: State = "open"


def evolve(state: BoardDecision | None, event: Event) -> BoardDecision:
    match event:
        case ev.BoardDecisionAsked():
            return BoardDecision(event.number, event.question)
        case ev.BoardDecisionTaken() if state:
            return replace(state, state="taken")
        case ev.BoardDecisionWithdrawn() if state:
            return replace(state, state="withdrawn")
        case ev.BoardDecisionFollowed() if state:
            return state
    raise ValueError(f"{type(event).__name__} cannot happen to {state}")


def ask(
    number: int, now: Instant, *, question: str, due: Instant | None, waiting: str, advice: str, href: str, by: str
) -> list[Event]:
    given = {"question": question, "waiting": waiting, "advice": advice}
    faults = [fault for name, text in given.items() for fault in _faults(name, text, needed=name == "question")]
    if due is not None and due < now:
        faults.append(f"due: {due:%Y-%m-%d} is past; name a day to come, or none")
    if href and (not href.startswith("/") or href.startswith(("//", "/\\")) or len(href) > 200):
        faults.append("href: an address in the console, such as /incidents/214; at most 200 characters")
    if faults:
        raise Invalid("This cannot be asked.", tuple(faults))
    said = {name: " ".join(text.split()) for name, text in given.items()}
    return [ev.BoardDecisionAsked(at=now, number=number, due=due, href=href, by=by, **said)]


def take(state: BoardDecision, now: Instant, *, decision: str, decided_by: str, by: str) -> list[Event]:
    _still_open(state)
    _refuse(_faults("decision", decision, needed=True) + _faults("decided_by", decided_by, needed=True, words=20))
    return [ev.BoardDecisionTaken(at=now, decision=_flat(decision), decided_by=_flat(decided_by), by=by)]


def follow(state: BoardDecision, now: Instant, *, text: str, by: str) -> list[Event]:
    if state.state != "taken":
        raise Refused("NotDecided", f"D-{state.number} has not been decided. Record what was decided first.")
    _refuse(_faults("text", text, needed=True))
    return [ev.BoardDecisionFollowed(at=now, text=_flat(text), by=by)]


def withdraw(state: BoardDecision, now: Instant, *, reason: str, by: str) -> list[Event]:
    _still_open(state)
    _refuse(_faults("reason", reason, needed=True))
    return [ev.BoardDecisionWithdrawn(at=now, reason=_flat(reason), by=by)]


def _still_open(state: BoardDecision) -> None:
    if state.state != "open":
        raise Refused("AlreadySettled", f"D-{state.number} is {state.state} already. Ask anew if it comes up again.")


def _faults(name: str, text: str, *, needed: bool, words: int | None = None) -> list[str]:
    most = words or MOST_WORDS[name]
    count = len(text.split())
    if (needed and not count) or count > most or len(text) > LONGEST:
        least = "1 to" if needed else "at most"
        return [f"{name}: {least} {most} words and at most {LONGEST} characters; these are {count} words"]
    return []


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Invalid("This cannot be recorded.", tuple(faults))


def _flat(text: str) -> str:
    return " ".join(text.split())


BOARD_DECISION: Lifecycle[BoardDecision] = Lifecycle("board-decision", evolve)
