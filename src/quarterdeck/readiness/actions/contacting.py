"""Contact tests: a real message by the real channels to those who would be paged, and what came back."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person as person_of
from quarterdeck.notify.actions import request
from quarterdeck.notify.events import DeliveryAbandoned, ReplyReceived
from quarterdeck.notify.state import methods
from quarterdeck.readiness.events.contacting import Sent
from quarterdeck.readiness.rules.contacting import CONTACT_TEST, ContactTest, lose, start
from quarterdeck.readiness.rules.contacting import answer as answered
from quarterdeck.readiness.rules.contacting import asked as asked_now
from quarterdeck.readiness.state import somebody
from quarterdeck.record import Tx

ABOUT = "contact-test/"


@permitted(Permission.REVIEW)
def start_contact_test(
    tx: Tx,
    *,
    people: Sequence[str],
    selection: str,
    seed: int | None = None,
    within: int = 15,
    each_channel: bool = False,
    waking_hours: bool = False,
) -> int:
    """Ask these people (ids or logins) for an answer within so many minutes; returns the test's number.

    `each_channel`: one message by each verified method, so that each is known to work; else one that goes as a page
    would. `waking_hours`: nobody is asked at night by their own clock. `selection`: how they were picked, in words.
    """
    known = [somebody(tx, one, "people") for one in dict.fromkeys(people)]
    number = tx.next_number("contact-test")
    events = start(
        number,
        [(one.id, one.zone) for one in known],
        tx.by.person or tx.by.id,
        tx.now,
        selection=selection,
        seed=seed,
        within=within,
        each_channel=each_channel,
        waking_hours=waking_hours,
    )
    tx.append(CONTACT_TEST, number, events)
    return number


@permitted(Permission.REVIEW)
def ask_person(tx: Tx, *, number: int, person: str) -> None:
    """It is their turn: send what the test sends. Who cannot be asked is part of the result."""
    state = tx.existing(CONTACT_TEST, number)
    standing = state.people.get(person)
    if standing is None or standing.asked_at is not None or standing.reason is not None:
        return
    found = person_of(tx, person)
    ways = [(one.id, one.kind) for one in methods(tx, person) if one.verified]
    reason = "PersonInactive" if found is None or not found.active else None if ways else "NoContactMethod"
    sent: tuple[Sent, ...] = ()
    if reason is None and state.each_channel:
        sent = tuple(Sent(delivery=_send(tx, state, person, [id]), method=id, channel=kind) for id, kind in ways)
    elif reason is None:
        sent = (Sent(delivery=_send(tx, state, person, None)),)
    tx.append(CONTACT_TEST, number, asked_now(state, person, sent, reason, tx.now))


def _send(tx: Tx, state: ContactTest, person: str, only: Sequence[str] | None) -> str:
    minutes = int(state.within.total_seconds() // 60)
    text = f"TEST {state.name}: please press the link and answer within {minutes} min. Nothing has happened."
    return request(
        tx,
        person=person,
        about=f"{ABOUT}{state.number}",
        purpose="contact-test",
        urgency=2,
        subject=f"TEST {state.name}: please answer within {minutes} minutes",
        text=text,
        methods=only,
    )


@permitted(Permission.RESPOND)
def take_answer(tx: Tx, *, reply: ReplyReceived) -> None:
    """Somebody pressed the link. Any answer will do: it rang."""
    if (number := number_of(reply.about)) is not None:
        tx.decide(CONTACT_TEST, number, partial(answered, delivery=reply.delivery, at=reply.at))


@permitted(Permission.RESPOND)
def take_loss(tx: Tx, *, lost: DeliveryAbandoned) -> None:
    """A message reached nobody."""
    if (number := number_of(lost.about)) is not None:
        tx.decide(CONTACT_TEST, number, partial(lose, delivery=lost.delivery, reason=lost.reason, now=tx.now))


def number_of(about: str) -> int | None:
    key = about.removeprefix(ABOUT)
    return int(key) if about.startswith(ABOUT) and key.isdigit() else None
