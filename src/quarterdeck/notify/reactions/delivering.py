"""How a delivery is performed: claim under the lease, send outside any transaction, then record what became of it.

Lease, send, then mark: a process that dies in between sends again, with the same idempotency key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from itsdangerous import Signer
from sqlalchemy import delete, or_, select, update

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.notify import rules
from quarterdeck.notify.kept import contact_code, delivery_pending, digest, page_link, page_slot, page_told
from quarterdeck.notify.rules import DELIVERY, Delivered, Delivery, Failed, Hold, Message, NotifySettings, Outcome
from quarterdeck.notify.rules import delivery as life
from quarterdeck.notify.rules.contact import CODE_LASTS
from quarterdeck.notify.state import Address
from quarterdeck.notify.state import address as address_of
from quarterdeck.record import Claim, Record, Tx, alarms

Send = Callable[[Message, str, NotifySettings], Awaitable[Outcome]]
LINK_LASTS = timedelta(hours=24)
FOLLOW_LEADER = timedelta(seconds=15)
"""How often a delivery that is to go along with another looks whether that one has ended."""
MOST_CARRIED, MOST_TOLD = 200, 20
_LINKED = frozenset({"page", "elevation"})
_COMBINABLE = ("page", "update", "resolved", "elevation", "test")


@dataclass(frozen=True)
class Attempt:
    """One send, decided and reserved in the claim's transaction."""

    delivery: Delivery
    to: Address
    message: Message
    carried: tuple[str, ...]
    at: Instant


async def perform(record: Record, claim: Claim, settings: NotifySettings, channels: Mapping[str, Send]) -> None:
    """One claim, from lease to recorded outcome. Raises `LeaseLost` if another engine has taken over meanwhile."""
    attempt = await asyncio.to_thread(record.perform, ENGINE, lambda tx: begin(tx, claim, settings))
    if attempt is None:
        return
    outcome = await _sent(attempt, settings, channels)
    await asyncio.to_thread(record.perform, ENGINE, lambda tx: settle(tx, claim, attempt, outcome))


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
    choice = rules.choose(delivery, *_slots(tx, delivery, settings), _told(tx, delivery), settings, tx.now)
    if isinstance(choice, Hold):
        tx.append(DELIVERY, delivery.id, life.hold(delivery, choice.method, choice.until, tx.now))
        _mark(tx, delivery.id, held_on=choice.method, leader=None)
        return None
    to = address_of(tx, choice.method)
    if to is None:
        gone = "the contact method has been removed"
        events = life.failed(delivery, choice.method, "", gone, True, timedelta(0), tx.now)
        if tx.append(DELIVERY, delivery.id, events).ended:
            _forget(tx, delivery.id)
        return None
    return _reserve(tx, delivery, to, settings)


def _goes_along(tx: Tx, claim: Claim, delivery: Delivery) -> bool:
    """True while (or once) another delivery's message carries this one."""
    pending = delivery_pending
    leader = tx.connection.execute(select(pending.c.leader).where(pending.c.delivery == delivery.id)).scalar()
    led_by = tx.load(DELIVERY, leader) if leader else None
    if led_by is None:
        return False
    if not led_by.ended:
        alarms.put_off(tx.connection, claim.stream, tx.now + FOLLOW_LEADER)
        return True
    _mark(tx, delivery.id, held_on=None, leader=None)
    return False


def _slots(tx: Tx, delivery: Delivery, settings: NotifySettings) -> tuple[dict[str, list[Instant]], frozenset[str]]:
    """When other messages went to each method within the window, and the methods this one went to already."""
    slot = page_slot
    since = micros(tx.now - timedelta(minutes=settings.pace_minutes))
    rows = tx.connection.execute(
        select(slot.c.method, slot.c.delivery, slot.c.at).where(slot.c.method.in_(delivery.methods), slot.c.at > since)
    )
    used: dict[str, list[Instant]] = {}
    own = set()
    for method, id, at in rows:
        if id == delivery.id:
            own.add(method)
        else:
            used.setdefault(method, []).append(from_micros(at))
    return used, frozenset(own)


def _told(tx: Tx, delivery: Delivery) -> bool:
    told = page_told
    mine = (told.c.person == delivery.person) & (told.c.about == delivery.about)
    return tx.connection.execute(select(told.c.at).where(mine)).first() is not None


def _reserve(tx: Tx, delivery: Delivery, to: Address, settings: NotifySettings) -> Attempt | None:
    text = delivery.text
    if delivery.purpose == "verification":
        code = _code(tx, delivery)
        if code is None:
            tx.append(DELIVERY, delivery.id, life.abandon(delivery, "CodeExpired", tx.now))
            _forget(tx, delivery.id)
            return None
        text = text.replace("{code}", code)
    own = (page_slot.c.delivery == delivery.id) & (page_slot.c.method == to.method)
    if tx.connection.execute(update(page_slot).where(own).values(at=micros(tx.now))).rowcount == 0:
        row = {"delivery": delivery.id, "method": to.method, "at": micros(tx.now)}
        tx.connection.execute(page_slot.insert().values(row))
    others = _take_along(tx, delivery, to.method)
    link = _link(tx, delivery, settings)
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


def _code(tx: Tx, delivery: Delivery) -> str | None:
    row = tx.connection.execute(select(contact_code).where(contact_code.c.delivery == delivery.id)).first()
    if row is None or tx.now >= from_micros(row.sent_at) + CODE_LASTS:
        return None
    return str(row.code)


def _take_along(tx: Tx, delivery: Delivery, method: str) -> list[tuple[str, str]]:
    """Held deliveries of this method, most urgent first, as (id, about); from now on they wait for this one."""
    _mark(tx, delivery.id, held_on=None, leader=None)
    if delivery.purpose not in _COMBINABLE:
        return []
    pending = delivery_pending
    free = or_(pending.c.leader == delivery.id, (pending.c.held_on == method) & pending.c.leader.is_(None))
    rows = tx.connection.execute(
        select(pending.c.delivery, pending.c.about)
        .where(free, pending.c.purpose.in_(_COMBINABLE))
        .order_by(pending.c.urgency, pending.c.delivery)
        .limit(MOST_CARRIED)
    ).all()
    ids = [row.delivery for row in rows]
    if ids:
        tx.connection.execute(update(pending).where(pending.c.delivery.in_(ids)).values(leader=delivery.id))
    return [(row.delivery, row.about) for row in rows]


def _whole(tx: Tx, text: str, others: Sequence[tuple[str, str]]) -> str:
    """The text for channels that have room: the held messages in full, as many as a person would read."""
    if not others:
        return text
    states = tx.load_many(DELIVERY, [id for id, _ in others[:MOST_TOLD]])
    lines = [f"- {' '.join(state.text.split())}" for state in states.values()]
    rest = len(others) - len(lines)
    return "\n".join([text, "", "Held back until now:", *lines, *([f"- and {rest} more"] if rest > 0 else [])])


def _link(tx: Tx, delivery: Delivery, settings: NotifySettings) -> str:
    """Where the message leads. A page's token is signed, good for a day and one answer, and the same on a resend."""
    if delivery.purpose not in _LINKED:
        return f"{settings.base_url}{delivery.url_path}" if delivery.url_path else ""
    signer = Signer(settings.secret_key, salt="quarterdeck.page", digest_method=sha256)
    token = signer.get_signature(delivery.key).decode()[:22]
    stored = {
        "digest": digest(token),
        "delivery": delivery.id,
        "person": delivery.person,
        "about": delivery.about,
        "expires_at": micros(tx.now + LINK_LASTS),
    }
    if tx.connection.execute(select(page_link).where(page_link.c.digest == stored["digest"])).first() is None:
        tx.connection.execute(page_link.insert().values(stored))
    return f"{settings.base_url}/p/{token}"


# -- the outcome ---------------------------------------------------------------------------------


def settle(tx: Tx, claim: Claim, attempt: Attempt, outcome: Outcome) -> None:
    """Record what became of the send, unless the lease has passed to another engine (`LeaseLost`)."""
    tx.lock()
    alarms.check_fence(tx.connection, claim)
    delivery = tx.existing(DELIVERY, claim.key)
    method, channel = attempt.to.method, attempt.to.kind
    elapsed = max(tx.now - attempt.at, timedelta(0))
    if isinstance(outcome, Delivered):
        detail, carried = outcome.detail, attempt.carried
        events = life.succeeded(delivery, method, channel, detail, elapsed, carried, tx.now)
        if events:
            tx.append(DELIVERY, delivery.id, events)
        _combine(tx, delivery, carried, method)
        _note_told(tx, delivery)
        _forget(tx, delivery.id)
        return
    events = life.failed(delivery, method, channel, outcome.error, outcome.permanent, elapsed, tx.now)
    if events and tx.append(DELIVERY, delivery.id, events).ended:
        _forget(tx, delivery.id)
    if not outcome.unsure:
        slot = page_slot
        mine = (slot.c.delivery == delivery.id) & (slot.c.method == method)
        tx.connection.execute(delete(slot).where(mine))


def _combine(tx: Tx, delivery: Delivery, carried: Sequence[str], method: str) -> None:
    """The deliveries that went along have been told as well."""
    if not carried:
        return
    states = tx.load_many(DELIVERY, carried)
    tx.append_many([(DELIVERY, id, life.combine(state, delivery.id, method, tx.now)) for id, state in states.items()])
    tx.connection.execute(delete(delivery_pending).where(delivery_pending.c.delivery.in_(list(carried))))
    for state in states.values():
        _note_told(tx, state)


def _note_told(tx: Tx, delivery: Delivery) -> None:
    if delivery.purpose != "page" or _told(tx, delivery):
        return
    row = {"person": delivery.person, "about": delivery.about, "at": micros(tx.now)}
    tx.connection.execute(page_told.insert().values(row))


def _mark(tx: Tx, id: str, *, held_on: str | None, leader: str | None) -> None:
    change = update(delivery_pending).where(delivery_pending.c.delivery == id)
    tx.connection.execute(change.values(held_on=held_on, leader=leader))


def _forget(tx: Tx, id: str) -> None:
    """An ended delivery is pending no longer; what was to go along with it is on its own again."""
    pending = delivery_pending
    tx.connection.execute(delete(pending).where(pending.c.delivery == id))
    tx.connection.execute(update(pending).where(pending.c.leader == id).values(leader=None))
