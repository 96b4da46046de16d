"""The kept tables that deliveries are worked with: pacing slots, who was told, what is pending, links."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import Signer
from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.notify.kept import contact_code, delivery_pending, digest, page_link, page_slot, page_told
from quarterdeck.notify.rules import Delivery, NotifySettings
from quarterdeck.notify.rules.contact import CODE_LASTS
from quarterdeck.record import Tx

LINK_LASTS = timedelta(hours=24)
MOST_CARRIED = 200
COMBINABLE = ("page", "update", "resolved", "elevation", "reminder", "test")
Used = Mapping[str, Sequence[Instant]]


def _unless_there(table: Any) -> dict[str, Any]:
    """Insert, or leave the row that is there, in either dialect."""
    return {
        "sqlite": sqlite_insert(table).on_conflict_do_nothing(),
        "postgresql": postgres_insert(table).on_conflict_do_nothing(),
    }


# Made once: building a statement costs several times what running it does.
_slot, _pending, _told = page_slot, delivery_pending, page_told
_USED = select(_slot.c.method, _slot.c.delivery, _slot.c.at, _slot.c.drill).where(
    _slot.c.method.in_(bindparam("methods", expanding=True)), _slot.c.at > bindparam("since")
)
_TAKE = insert(_slot)
_RETAKE = update(_slot).where(_slot.c.delivery == bindparam("of"), _slot.c.method == bindparam("by"))
_RETAKE = _RETAKE.values(at=bindparam("now"))
_GIVE_BACK = delete(_slot).where(_slot.c.delivery == bindparam("of"), _slot.c.method == bindparam("by"))
_WAS_TOLD = select(_told.c.at).where(_told.c.person == bindparam("whom"), _told.c.about == bindparam("what"))
_NOTE_TOLD, _NOTE_LINK = _unless_there(page_told), _unless_there(page_link)
_WAITS = select(_pending.c.held_on, _pending.c.leader).where(_pending.c.delivery == bindparam("of"))
_MARK = update(_pending).where(_pending.c.delivery == bindparam("of"))
_MARK = _MARK.values(held_on=bindparam("on"), leader=bindparam("led_by"))
_LEAD = update(_pending).where(_pending.c.delivery.in_(bindparam("these", expanding=True)))
_LEAD = _LEAD.values(leader=bindparam("led_by"))
_FORGET = delete(_pending).where(_pending.c.delivery.in_(bindparam("these", expanding=True)))
_FREE = update(_pending).where(_pending.c.leader == bindparam("led_by")).values(leader=None)
_HELD = (
    select(_pending.c.delivery, _pending.c.about)
    .where(
        or_(
            _pending.c.leader == bindparam("led_by"),
            (_pending.c.held_on == bindparam("on")) & _pending.c.leader.is_(None),
        ),
        _pending.c.purpose.in_(COMBINABLE),
        _pending.c.delivery != bindparam("led_by"),
    )
    .order_by(_pending.c.urgency, _pending.c.delivery)
    .limit(MOST_CARRIED)
)
_CODE = select(contact_code.c.code, contact_code.c.sent_at).where(contact_code.c.delivery == bindparam("of"))


def slots(tx: Tx, delivery: Delivery, settings: NotifySettings) -> tuple[Used, frozenset[str]]:
    """When other messages went to each method within the window, and the methods this one went to already.

    An exercise takes no room from what is real.
    """
    since = micros(tx.now - timedelta(minutes=settings.pace_minutes))
    used: dict[str, list[Instant]] = {}
    own = set()
    for method, id, at, drill in tx.connection.execute(_USED, {"methods": delivery.methods, "since": since}):
        if id == delivery.id:
            own.add(method)
        elif delivery.drill or not drill:
            used.setdefault(method, []).append(from_micros(at))
    return used, frozenset(own)


def take_slot(tx: Tx, delivery: Delivery, method: str, *, again: bool) -> None:
    """Count this message against the method's pacing, from now on."""
    now = micros(tx.now)
    if not again or not tx.connection.execute(_RETAKE, {"of": delivery.id, "by": method, "now": now}).rowcount:
        tx.connection.execute(_TAKE, {"delivery": delivery.id, "method": method, "at": now, "drill": delivery.drill})


def give_back_slot(tx: Tx, delivery: Delivery, method: str) -> None:
    """It certainly did not arrive: it does not count."""
    tx.connection.execute(_GIVE_BACK, {"of": delivery.id, "by": method})


def was_told(tx: Tx, delivery: Delivery) -> bool:
    """True if this person has had a page about this before."""
    return tx.connection.execute(_WAS_TOLD, {"whom": delivery.person, "what": delivery.about}).first() is not None


def note_told(tx: Tx, deliveries: Sequence[Delivery]) -> None:
    rows = [
        {"person": one.person, "about": one.about, "at": micros(tx.now)} for one in deliveries if one.purpose == "page"
    ]
    if rows:
        tx.connection.execute(_NOTE_TOLD[tx.connection.dialect.name], rows)


def waits(tx: Tx, id: str) -> tuple[str | None, str | None]:
    """The method whose pacing holds it, and the delivery that it is to go along with."""
    row = tx.connection.execute(_WAITS, {"of": id}).first()
    return (None, None) if row is None else (row.held_on, row.leader)


def mark(tx: Tx, id: str, *, held_on: str | None = None) -> None:
    """Held by this method's pacing, or not held; and on its own."""
    tx.connection.execute(_MARK, {"of": id, "on": held_on, "led_by": None})


def take_along(tx: Tx, delivery: Delivery, method: str) -> list[tuple[str, str]]:
    """Held deliveries of this method, most urgent first, as (id, about); from now on they wait for this one."""
    if delivery.purpose not in COMBINABLE:
        return []
    rows = tx.connection.execute(_HELD, {"led_by": delivery.id, "on": method}).all()
    if rows:
        tx.connection.execute(_LEAD, {"these": [row.delivery for row in rows], "led_by": delivery.id})
    return [(row.delivery, row.about) for row in rows]


def forget(tx: Tx, ids: Sequence[str]) -> None:
    """They have ended and are pending no longer; what was to go along with them is on its own again."""
    if ids:
        tx.connection.execute(_FORGET, {"these": list(ids)})
        tx.connection.execute(_FREE, [{"led_by": id} for id in ids])


def code(tx: Tx, delivery: Delivery) -> str | None:
    """The code to send, unless its quarter of an hour is over."""
    row = tx.connection.execute(_CODE, {"of": delivery.id}).first()
    if row is None or tx.now >= from_micros(row.sent_at) + CODE_LASTS:
        return None
    return str(row.code)


def link(tx: Tx, delivery: Delivery, settings: NotifySettings) -> str:
    """A page's address: signed, good for a day and one answer, and the same when the page is sent again."""
    signer = Signer(settings.secret_key, salt="quarterdeck.page", digest_method=sha256)
    token = signer.get_signature(delivery.key).decode()[:22]
    row = {
        "digest": digest(token),
        "delivery": delivery.id,
        "person": delivery.person,
        "about": delivery.about,
        "expires_at": micros(tx.now + LINK_LASTS),
    }
    tx.connection.execute(_NOTE_LINK[tx.connection.dialect.name], row)
    return f"{settings.base_url}/p/{token}"
