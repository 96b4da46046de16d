"""Read tables of contact methods, deliveries, their attempts, and how each channel has fared."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, String, Table, Text, bindparam

from quarterdeck.kernel.time import Instant, micros
from quarterdeck.notify.events import (
    AttemptFailed,
    ContactMethodAdded,
    ContactMethodRemoved,
    ContactMethodVerified,
    ContactOrderChanged,
    DeliveryAbandoned,
    DeliveryCombined,
    DeliveryHeld,
    DeliveryRequested,
    DeliverySucceeded,
    DeliveryWithdrawn,
    ReplyReceived,
)
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

contact_method = Table(
    "contact_method",
    read,
    Column("method", String(40), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("verified_at", BigInteger),
    Index("contact_method_person", "person"),
)

delivery = Table(
    "delivery",
    read,
    Column("delivery", String(40), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("about", Text, nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("held_until", BigInteger),
    Column("ended_at", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("method", String(40)),
    Column("channel", String(20)),
    Column("detail", Text, nullable=False),
    Column("answer", String(20)),
    Index("delivery_about", "about", "requested_at"),
    Index("delivery_state", "state", "requested_at"),
)

delivery_attempt = Table(
    "delivery_attempt",
    read,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("delivery", String(40), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("method", String(40), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Column("detail", Text, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    Index("delivery_attempt_delivery", "delivery"),
)

channel_health = Table(
    "channel_health",
    read,
    Column("channel", String(20), primary_key=True),
    Column("succeeded_at", BigInteger),
    Column("failed_at", BigInteger),
    Column("error", Text, nullable=False),
)

_WENT_WELL = channel_health.update().where(channel_health.c.channel == bindparam("by"))
_WENT_WELL = _WENT_WELL.values(succeeded_at=bindparam("then"))
_WENT_WRONG = channel_health.update().where(channel_health.c.channel == bindparam("by"))
_WENT_WRONG = _WENT_WRONG.values(failed_at=bindparam("then"), error=bindparam("said"))
_of_method = contact_method.c.method == bindparam("of")
_of_delivery = delivery.c.delivery == bindparam("of")
_TRIED = delivery.update().where(_of_delivery)
_TRIED = _TRIED.values(
    attempts=delivery.c.attempts + 1, detail=bindparam("said"), channel=bindparam("by"), method=bindparam("to")
)
_NO_LONGER_HELD = delivery.update().where(_of_delivery, delivery.c.state == "held")
_NO_LONGER_HELD = _NO_LONGER_HELD.values(state="pending", held_until=None)
_SENT = delivery.update().where(_of_delivery)
_SENT = _SENT.values(
    state="sent",
    held_until=None,
    ended_at=bindparam("then"),
    attempts=delivery.c.attempts + 1,
    detail=bindparam("said"),
    channel=bindparam("by"),
    method=bindparam("to"),
)


def _added(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        contact_method.insert(),
        [
            {
                "method": row.event.method,
                "person": row.event.person,
                "kind": row.event.kind,
                "place": micros(row.event.at),  # after every place that an order has given (0, 1, 2 …)
                "added_at": micros(row.event.at),
            }
            for row in rows
        ],
    )


def _verified(conn: Connection, rows: Sequence[Recorded]) -> None:
    change = contact_method.update().where(_of_method).values(verified_at=bindparam("then"))
    conn.execute(change, [{"of": row.event.method, "then": micros(row.event.at)} for row in rows])


def _removed(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(contact_method.delete().where(_of_method), [{"of": row.event.method} for row in rows])


def _reordered(conn: Connection, rows: Sequence[Recorded]) -> None:
    change = contact_method.update().where(_of_method).values(place=bindparam("then"))
    places = [{"of": method, "then": place} for row in rows for place, method in enumerate(row.event.methods)]
    conn.execute(change, places)


def _requested(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        delivery.insert(),
        [
            {
                "delivery": row.event.delivery,
                "person": row.event.person,
                "about": row.event.about,
                "purpose": row.event.purpose,
                "urgency": row.event.urgency,
                "subject": row.event.subject,
                "text": row.event.text,
                "state": "pending",
                "requested_at": micros(row.event.at),
                "attempts": 0,
                "detail": "",
            }
            for row in rows
        ],
    )


def _held(conn: Connection, rows: Sequence[Recorded]) -> None:
    change = delivery.update().where(_of_delivery).values(state="held", held_until=bindparam("then"))
    conn.execute(change, [{"of": row.event.delivery, "then": micros(row.event.until)} for row in rows])


def _attempt(row: Recorded, succeeded: bool, detail: str) -> dict[str, Any]:
    return {
        "position": row.position,
        "delivery": row.event.delivery,
        "at": micros(row.event.at),
        "method": row.event.method,
        "channel": row.event.channel,
        "succeeded": succeeded,
        "detail": detail,
        "elapsed_ms": row.event.elapsed_ms,
    }


def _failed(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(delivery_attempt.insert(), [_attempt(row, False, row.event.error) for row in rows])
    conn.execute(
        _TRIED,
        [
            {"of": row.event.delivery, "said": row.event.error, "by": row.event.channel, "to": row.event.method}
            for row in rows
        ],
    )
    conn.execute(_NO_LONGER_HELD, [{"of": row.event.delivery} for row in rows])
    _fared(conn, rows, _WENT_WRONG)


def _succeeded(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(delivery_attempt.insert(), [_attempt(row, True, row.event.detail) for row in rows])
    conn.execute(
        _SENT,
        [
            {
                "of": row.event.delivery,
                "then": micros(row.event.at),
                "said": row.event.detail,
                "by": row.event.channel,
                "to": row.event.method,
            }
            for row in rows
        ],
    )
    _fared(conn, rows, _WENT_WELL)


def _fared(conn: Connection, rows: Sequence[Recorded], change: Any) -> None:
    """Note the last of the run for each channel."""
    last = {row.event.channel: row.event for row in rows if row.event.channel}
    for channel, event in last.items():
        values = {"by": channel, "then": micros(event.at)}
        if change is _WENT_WRONG:
            values["said"] = event.error
        if conn.execute(change, values).rowcount == 0:
            conn.execute(channel_health.insert(), {"channel": channel, "error": ""})
            conn.execute(change, values)


def _ended(conn: Connection, of: str, state: str, at: Instant, detail: str, **more: Any) -> None:
    change = delivery.update().where(delivery.c.delivery == of)
    conn.execute(change.values(state=state, held_until=None, ended_at=micros(at), detail=detail, **more))


def _combined(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        detail = f"told together with delivery {row.event.into}"
        _ended(conn, row.event.delivery, "combined", row.event.at, detail, method=row.event.method)


def _withdrawn(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _ended(conn, row.event.delivery, "withdrawn", row.event.at, row.event.reason)


def _abandoned(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _ended(conn, row.event.delivery, "abandoned", row.event.at, row.event.reason)


def _answered(conn: Connection, rows: Sequence[Recorded]) -> None:
    change = delivery.update().where(_of_delivery).values(answer=bindparam("given"))
    conn.execute(change, [{"of": row.event.delivery, "given": row.event.answer} for row in rows])


PROJECTIONS: Projections = {
    ContactMethodAdded: _added,
    ContactMethodVerified: _verified,
    ContactMethodRemoved: _removed,
    ContactOrderChanged: _reordered,
    DeliveryRequested: _requested,
    DeliveryHeld: _held,
    AttemptFailed: _failed,
    DeliverySucceeded: _succeeded,
    DeliveryCombined: _combined,
    DeliveryWithdrawn: _withdrawn,
    DeliveryAbandoned: _abandoned,
    ReplyReceived: _answered,
}
