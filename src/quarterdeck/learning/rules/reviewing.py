"""A review's duty and people: owed, waived, cancelled, recorded as held; who leads it, who takes part, when. Pure."""

from collections.abc import Sequence

from quarterdeck.command.rules.words import text
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.learning.events import reviewing as ev
from quarterdeck.learning.rules.review import Review

MOST_PEOPLE = 100


def open_review(state: Review | None, opened: ev.ReviewOpened) -> list[Event]:
    """Nothing if one is owed already: the severity may have changed after the resolution, the duty stands."""
    return [] if state is not None and state.owed else [opened]


def hold(state: Review, by: str, now: Instant, *, facilitator: str, summary: str) -> list[Event]:
    """It was held elsewhere: one step, which nobody else approves, and the record says so."""
    _owed(state)
    _may_lead(state, facilitator)
    return [
        ev.ReviewHeld(at=now, by=by, facilitator=facilitator, summary=text("summary", summary, 50_000, needed=True))
    ]


def waive(state: Review, by: str, now: Instant, *, reason: str) -> list[Event]:
    _owed(state)
    return [ev.ReviewWaived(at=now, by=by, reason=text("reason", reason, 2_000, needed=True))]


def cancel(state: Review | None, now: Instant, *, reason: str) -> list[Event]:
    """The incident goes on. A review that was approved stays so: it happened."""
    return [ev.ReviewCancelled(at=now, reason=reason)] if state is not None and state.owed else []


def assign(state: Review, by: str, now: Instant, *, person: str) -> list[Event]:
    alive(state)
    _may_lead(state, person)
    return [] if state.facilitator == person else [ev.FacilitatorAssigned(at=now, by=by, person=person)]


def name_participants(state: Review, by: str, now: Instant, *, people: Sequence[str]) -> list[Event]:
    alive(state)
    named = tuple(dict.fromkeys(people))
    if len(named) > MOST_PEOPLE:
        raise Invalid("That is a congress.", (f"people: at most {MOST_PEOPLE}",))
    return [] if state.participants == named else [ev.ParticipantsNamed(at=now, by=by, people=named)]


def schedule(state: Review, by: str, now: Instant, *, meets_at: Instant | None) -> list[Event]:
    """A meeting that has been may be entered, too."""
    alive(state)
    at = None if meets_at is None else reachable("meets_at", meets_at)
    return [] if state.meets_at == at else [ev.ReviewScheduled(at=now, by=by, meets_at=at)]


def alive(state: Review) -> None:
    """Raises `Refused` where nobody works on the review any more."""
    if state.state == "waived":
        raise Refused("AlreadyWaived", f"The review of INC-{state.number} was waived: there is nothing to write.")
    if state.state == "cancelled":
        raise Refused(
            "NotOwed", f"INC-{state.number} was reopened. Its review opens again when it is resolved; nothing is lost."
        )


def _may_lead(state: Review, person: str) -> None:
    if person == state.commander and not state.commander_may_lead:
        raise Refused(
            "FacilitatorCommanded", "Whoever commanded the incident may not lead its review: name another facilitator."
        )


def _owed(state: Review) -> None:
    alive(state)
    if not state.owed:
        raise Refused("AlreadyHeld", f"The review of INC-{state.number} was approved: there is nothing to do.")
