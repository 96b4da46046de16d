"""A review's way to everybody: submitted, returned, approved by a second person, published to those it concerns."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.actions import settle_review
from quarterdeck.command.state import incident
from quarterdeck.comms.actions import publish_notice
from quarterdeck.comms.state import communication, reach
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import people_who_may, person
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.learning.events.reviewing import Told
from quarterdeck.learning.rules import REVIEW
from quarterdeck.learning.rules import approving as rules
from quarterdeck.notify.actions import request
from quarterdeck.record import Tx

_URGENCY = 3
"""As urgent as a SEV4: it wakes nobody."""


@permitted(Permission.RESPOND)
def submit_review(tx: Tx, *, number: int) -> None:
    """Hand it in to be read by somebody else."""
    tx.decide(REVIEW, number, partial(rules.submit, by=_actor(tx), now=tx.now))


@permitted(Permission.REVIEW)
def return_review(tx: Tx, *, number: int, comment: str) -> None:
    """Give it back with what is wanted."""
    tx.decide(REVIEW, number, partial(rules.send_back, by=_actor(tx), now=tx.now, comment=comment))


@permitted(Permission.REVIEW)
def approve_review(
    tx: Tx, *, number: int, seen: int | None = None, comment: str = "", approved_by: str | None = None
) -> None:
    """Approve this very version (`seen`: the one that was read). Not by whoever wrote it alone. Frees the incident.

    `approved_by`: a login; the operator at the host writes down who approved, and the record says who wrote it down.
    """
    approver = _approver(tx, approved_by)
    tx.decide(REVIEW, number, partial(rules.approve, by=approver, now=tx.now, seen=seen, comment=comment))
    settle_review(tx, number=number, outcome="held")


@permitted(Permission.REVIEW)
def publish_review(
    tx: Tx, *, number: int, text: str, audiences: Sequence[str] = (), people: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Make it known: `text` and a link to the participants (or to `people`, by ids) and to audiences of the plan.

    An audience that reads the public status page finds `text` there (Markdown), with its incident. One that is told
    outside Quarterdeck gets the text carried there by somebody. Returns where, as `audience: place`.
    """
    state = tx.existing(REVIEW, number)
    there = tuple(dict.fromkeys(people if people is not None else state.participants or ()))
    told = {name: _reached(tx, number, name) for name in dict.fromkeys(audiences)}
    public = tuple(name for name in told if publish_notice(tx, number=number, audience=name, text=text))
    events = rules.publish(state, _actor(tx), tx.now, message=text, people=there, audiences=told, public=public)
    tx.append(REVIEW, number, events)
    title = incident(tx, number).title
    everybody = dict.fromkeys([*there, *(one for each in told.values() for one in each.people)])
    for one in everybody:
        found = person(tx, one)
        if found is not None and found.active:
            request(
                tx,
                person=one,
                about=f"review/{number}",
                purpose="update",
                urgency=_URGENCY,
                subject=f"Review of INC-{number}: {title}"[:300],
                text=text.strip(),
                url_path=f"/reviews/{number}",
            )
    return tuple(f"{one.title}: {one.outside}" for one in told.values() if one.outside)


def _approver(tx: Tx, login: str | None) -> str:
    """A person who may. Only somebody who is no person (the operator at the host) writes down another's approval."""
    if login is None:
        if tx.by.person is None:
            raise Invalid("A review is approved by a person.", ("approved_by: give the login of who approved it",))
        return tx.by.person
    if tx.by.person is not None:
        raise Refused("ApprovesForAnother", "You approve for yourself: leave out who approved it.")
    able = people_who_may(tx, Permission.REVIEW)
    found = next((one for one in able if one.login == login), None)
    if found is None:
        known = ", ".join(one.login for one in able[:20]) or "there is nobody"
        raise Invalid(
            "That is nobody who may approve a review.", (f"approved_by: {login[:80]!r}; use one of: {known}",)
        )
    return found.id


def _reached(tx: Tx, number: int, audience: str) -> Told:
    state = communication(tx, number)
    copied = state.begun.audiences.get(audience) if state else None
    if state is None or copied is None:
        known = ", ".join(state.begun.audiences) if state else "the plan tells nobody of this incident"
        raise Invalid("There is no such audience.", (f"audiences: {audience[:80]!r}; use one of: {known}",))
    people, _ = reach(tx, state.begun, copied.to)
    return Told(title=copied.title, people=tuple(people), outside=copied.outside)


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id
