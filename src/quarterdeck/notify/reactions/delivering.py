"""How a delivery is performed: claim under the lease, send outside any transaction, then record what became of it.

Lease, send, then mark: a process that dies in between sends again, with the same idempotency key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.notify import rules
from quarterdeck.notify.reactions import ledger
from quarterdeck.notify.reactions.attaching import Attach, with_document
from quarterdeck.notify.reactions.gathering import gathered
from quarterdeck.notify.rules import DELIVERY, Delivered, Delivery, Failed, Hold, Message, NotifySettings, Outcome
from quarterdeck.notify.rules import delivery as life
from quarterdeck.notify.state import Address
from quarterdeck.notify.state import address as address_of
from quarterdeck.record import Claim, Record, Tx, alarms

Send = Callable[[Message, str, NotifySettings], Awaitable[Outcome]]
FOLLOW_LEADER = timedelta(seconds=15)
"""How often a delivery that is to go along with another looks whether that one has ended."""
MOST_TOLD = 20
"""Held messages that are told in full, where a channel has room."""
_LINKED = frozenset({"page", "elevation", "contact-test"})


@dataclass(frozen=True)
class Attempt:
    """One send, decided and reserved in the claim's transaction."""

    delivery: Delivery
    to: Address
    message: Message
    carried: tuple[str, ...]
    at: Instant


async def perform(
    record: Record,
    claim: Claim,
    settings: NotifySettings,
    channels: Mapping[str, Send],
    documents: Mapping[str, Attach] = MappingProxyType({}),
) -> None:
    """One claim, from lease to recorded outcome. Raises `LeaseLost` if another engine has taken over meanwhile."""
    writes = gathered(record)
    attempt = await writes.perform(lambda tx: begin(tx, claim, settings))
    if attempt is not None:
        if attempt.delivery.attachment and attempt.to.kind == "email":
            stream = attempt.delivery.attachment
            message = await with_document(record, attempt.message, stream, settings.base_url, documents)
            attempt = replace(attempt, message=message)
        outcome = await _sent(attempt, settings, channels)
        await writes.perform(lambda tx: settle(tx, claim, attempt, outcome))


async def _sent(attempt: Attempt, settings: NotifySettings, channels: Mapping[str, Send]) -> Outcome:
    try:
        async with asyncio.timeout(settings.attempt_seconds + 1):
            return await channels[attempt.to.kind](attempt.message, attempt.to.address, settings)
    except TimeoutError:
        return Failed(f"no answer within {settings.attempt_seconds:g} s", unsure=True)
    except Exception as error:
        # A channel that breaks is a failed attempt like any other: recorded, tried again, fallen over from.
        return Failed(f"{type(error).__name__}: {error}"[:300], unsure=True)


# -- the claim -----------------------------------------------------------------------------------


def begin(tx: Tx, claim: Claim, settings: NotifySettings) -> Attempt | None:
    """Decide and reserve this send; None when there is nothing to send now (withdrawn, held, going along)."""
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    delivery = tx.existing(DELIVERY, claim.key)
    if delivery.ended or delivery.next_at is None:
        return None
    if delivery.next_at > tx.now:
        alarms.put_off(tx.connection, claim.stream, delivery.next_at)
        return None
    if _goes_along(tx, claim, delivery):
        return None
    used, own = ledger.slots(tx, delivery, settings)
    told = delivery.urgency > 0 or ledger.was_told(tx, delivery)
    choice = rules.choose(delivery, used, own, told, settings, tx.now)
    if isinstance(choice, Hold):
        tx.append(DELIVERY, delivery.id, life.hold(delivery, choice.method, choice.until, tx.now))
        if not delivery.attachment:  # a document does not fit into another message
            ledger.mark(tx, delivery.id, held_on=choice.method)
        return None
    to = address_of(tx, choice.method)
    if to is None:
        gone = "the contact method has been removed"
        _record(tx, delivery, life.failed(delivery, choice.method, "", gone, True, timedelta(0), tx.now))
        return None
    return _reserve(tx, delivery, to, settings, again=choice.method in own)


def _goes_along(tx: Tx, claim: Claim, delivery: Delivery) -> bool:
    """True while another delivery, not ended, is to carry this one."""
    held_on, leader = ledger.waits(tx, delivery.id)
    led_by = tx.load(DELIVERY, leader) if leader else None
    if led_by is not None and not led_by.ended:
        alarms.put_off(tx.connection, claim.stream, tx.now + FOLLOW_LEADER)
        return True
    if held_on or leader:
        ledger.mark(tx, delivery.id)
    return False


def _reserve(tx: Tx, delivery: Delivery, to: Address, settings: NotifySettings, *, again: bool) -> Attempt | None:
    text = delivery.text
    if delivery.purpose == "verification":
        code = ledger.code(tx, delivery)
        if code is None:
            _record(tx, delivery, life.abandon(delivery, "CodeExpired", tx.now))
            return None
        text = text.replace("{code}", code)
    ledger.take_slot(tx, delivery, to.method, again=again)
    others = ledger.take_along(tx, delivery, to.method)
    if delivery.purpose in _LINKED:
        link = ledger.link(tx, delivery, settings)
    else:
        link = f"{settings.base_url}{delivery.url_path}" if delivery.url_path else ""
    message = Message(
        key=delivery.key,
        delivery=delivery.id,
        about=delivery.about,
        purpose=delivery.purpose,
        urgency=delivery.urgency,
        subject=delivery.subject,
        text=_whole(tx, text, others),
        short=rules.fit(rules.with_more(text, [about for _, about in others]), link, delivery.title),
        link=link,
        secret=to.secret,
    )
    return Attempt(delivery, to, message, tuple(id for id, _ in others), tx.now)


def _whole(tx: Tx, text: str, others: Sequence[tuple[str, str]]) -> str:
    """The text for channels that have room: the held messages in full, as many as a person would read."""
    if not others:
        return text
    states = tx.load_many(DELIVERY, [id for id, _ in others[:MOST_TOLD]])
    lines = [f"- {' '.join(state.text.split())}" for state in states.values()]
    rest = len(others) - len(lines)
    return "\n".join([text, "", "Held back until now:", *lines, *([f"- and {rest} more"] if rest > 0 else [])])


# -- the outcome ---------------------------------------------------------------------------------


def settle(tx: Tx, claim: Claim, attempt: Attempt, outcome: Outcome) -> None:
    """Record what became of the send, unless the lease has passed to another engine (`LeaseLost`)."""
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    delivery = tx.existing(DELIVERY, claim.key)
    method, channel = attempt.to.method, attempt.to.kind
    elapsed = max(tx.now - attempt.at, timedelta(0))
    if isinstance(outcome, Delivered):
        events = life.succeeded(delivery, method, channel, outcome.detail, elapsed, attempt.carried, tx.now)
        carried = tx.load_many(DELIVERY, attempt.carried)
        along = [(DELIVERY, id, life.combine(state, delivery.id, method, tx.now)) for id, state in carried.items()]
        tx.append_many([(DELIVERY, delivery.id, events), *along])
        ledger.note_told(tx, [delivery, *carried.values()])
        ledger.forget(tx, [*carried, delivery.id])
        return
    _record(tx, delivery, life.failed(delivery, method, channel, outcome.error, outcome.permanent, elapsed, tx.now))
    if not outcome.unsure:
        ledger.give_back_slot(tx, delivery, method)


def _record(tx: Tx, delivery: Delivery, events: Sequence[Event]) -> None:
    if events and tx.append(DELIVERY, delivery.id, events).ended:
        ledger.forget(tx, [delivery.id])
