"""What is asked of this room: how somebody can be reached, what became of a delivery, whether the pager works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.governance.views import people
from quarterdeck.kernel.time import Instant, Jump, from_micros, micros
from quarterdeck.notify import kept
from quarterdeck.notify.projections import channel_health, contact_method, delivery, delivery_attempt
from quarterdeck.notify.rules.contact import masked
from quarterdeck.notify.rules.text import label


@dataclass(frozen=True)
class MethodRow:
    """`shown` is the address with its middle left out. `secret` (webhooks) only where the owner asks for it."""

    id: str
    person: str
    kind: str
    shown: str
    verified_at: Instant | None
    added_at: Instant

    @property
    def verified(self) -> bool:
        return self.verified_at is not None


@dataclass(frozen=True)
class AttemptRow:
    """One try: by which channel, and what the provider said."""

    at: Instant
    channel: str
    succeeded: bool
    detail: str
    elapsed_ms: int


@dataclass(frozen=True)
class DeliveryRow:
    """`state`: pending, held, sent, combined, withdrawn or abandoned; `detail` is the last word about it."""

    id: str
    person: str
    about: str
    purpose: str
    urgency: int
    subject: str
    text: str
    state: str
    requested_at: Instant
    held_until: Instant | None
    ended_at: Instant | None
    channel: str | None
    detail: str
    answer: str | None
    attempts: tuple[AttemptRow, ...] = ()


@dataclass(frozen=True)
class Page:
    """What stands behind a link. `state`: open, used or expired."""

    delivery: str
    person: str
    about: str
    purpose: str
    subject: str
    text: str
    state: str
    expires_at: Instant
    used_at: Instant | None
    answer: str | None

    @property
    def label(self) -> str:
        return label(self.about)


@dataclass(frozen=True)
class Canary:
    """When the last canary set out, and when one last came back."""

    sent_at: Instant | None
    arrived_at: Instant | None


@dataclass(frozen=True)
class ChannelRow:
    """How a channel has fared."""

    channel: str
    succeeded_at: Instant | None
    failed_at: Instant | None
    error: str


@dataclass(frozen=True)
class Health:
    """Will it page? `oldest_pending` is when the longest-waiting delivery that is not held was asked for."""

    canary: Canary | None
    channels: tuple[ChannelRow, ...]
    pending: int
    oldest_pending: Instant | None
    held: int
    abandoned_last_day: int
    unreachable: tuple[str, ...]
    clock_jump: Jump | None = None
    """When in the last day this process saw its wall clock set by more than 30 seconds."""


@dataclass(frozen=True)
class Ring:
    """A message on the demo's phone. `times` counts resends of the same message; it rang once."""

    delivery: str
    purpose: str
    subject: str
    text: str
    link: str
    at: Instant
    times: int


def methods(conn: Connection, person: str) -> list[MethodRow]:
    """A person's contact methods in the order they are tried."""
    return _methods(conn, contact_method.c.person == person)


def method(conn: Connection, id: str) -> MethodRow | None:
    found = _methods(conn, contact_method.c.method == id)
    return found[0] if found else None


def _methods(conn: Connection, condition: Any) -> list[MethodRow]:
    table, address = contact_method, kept.contact_address
    rows = conn.execute(
        select(table, address.c.address)
        .join_from(table, address, address.c.method == table.c.method)
        .where(condition)
        .order_by(table.c.place)
    )
    return [
        MethodRow(
            row.method,
            row.person,
            row.kind,
            masked(row.kind, row.address),
            _instant(row.verified_at),
            from_micros(row.added_at),
        )
        for row in rows
    ]


def webhook_secret(conn: Connection, method: str) -> str | None:
    """What a webhook's requests are signed with, for its owner; None for other kinds."""
    table = kept.contact_address
    return conn.execute(select(table.c.secret).where(table.c.method == method)).scalar() or None


def deliveries(conn: Connection, about: str, limit: int = 200, before: str | None = None) -> list[DeliveryRow]:
    """What was sent about a stream (`incident/214`), the latest first, with every attempt; `before` this delivery."""
    mine = delivery.c.about == about
    if before is not None:
        mine &= delivery.c.delivery < before  # ids begin with their millisecond
    rows = conn.execute(select(delivery).where(mine).order_by(delivery.c.delivery.desc()).limit(limit)).all()
    return _with_attempts(conn, rows)


def held(conn: Connection, limit: int = 200) -> list[DeliveryRow]:
    """What the pacing holds back now, the most urgent first."""
    mine = select(delivery).where(delivery.c.state == "held")
    rows = conn.execute(mine.order_by(delivery.c.urgency, delivery.c.requested_at).limit(limit)).all()
    return _with_attempts(conn, rows)


def recent(conn: Connection, limit: int = 50) -> list[DeliveryRow]:
    """The latest deliveries of all."""
    return _with_attempts(conn, conn.execute(select(delivery).order_by(*_LATEST).limit(limit)).all())


_LATEST = (delivery.c.requested_at.desc(), delivery.c.delivery.desc())


def _with_attempts(conn: Connection, rows: Sequence[Any]) -> list[DeliveryRow]:
    table = delivery_attempt
    wanted = [row.delivery for row in rows]
    tries: dict[str, list[AttemptRow]] = {}
    for row in conn.execute(select(table).where(table.c.delivery.in_(wanted)).order_by(table.c.position)):
        attempt = AttemptRow(from_micros(row.at), row.channel, row.succeeded, row.detail, row.elapsed_ms)
        tries.setdefault(row.delivery, []).append(attempt)
    return [
        DeliveryRow(
            id=row.delivery,
            person=row.person,
            about=row.about,
            purpose=row.purpose,
            urgency=row.urgency,
            subject=row.subject,
            text=row.text,
            state=row.state,
            requested_at=from_micros(row.requested_at),
            held_until=_instant(row.held_until),
            ended_at=_instant(row.ended_at),
            channel=row.channel,
            detail=row.detail,
            answer=row.answer,
            attempts=tuple(tries.get(row.delivery, ())),
        )
        for row in rows
    ]


def page_of_token(conn: Connection, token: str, now: Instant) -> Page | None:
    """What stands behind a page's link; None for a token that was never given out. Asking changes nothing."""
    link = kept.page_link
    row = conn.execute(
        select(link, delivery.c.purpose, delivery.c.subject, delivery.c.text)
        .join_from(link, delivery, delivery.c.delivery == link.c.delivery)
        .where(link.c.digest == kept.digest(token))
    ).first()
    if row is None:
        return None
    expires_at = from_micros(row.expires_at)
    state = "used" if row.used_at is not None else "expired" if now >= expires_at else "open"
    return Page(
        row.delivery,
        row.person,
        row.about,
        row.purpose,
        row.subject,
        row.text,
        state,
        expires_at,
        _instant(row.used_at),
        row.answer,
    )


def unreachable_people(conn: Connection) -> list[str]:
    """Ids of active people whom no page can reach: without a verified contact method."""
    verified = set(
        conn.execute(select(contact_method.c.person).where(contact_method.c.verified_at.is_not(None))).scalars()
    )
    return [person.id for person in people(conn) if person.active and person.id not in verified]


def verified_channels(conn: Connection) -> dict[str, tuple[str, ...]]:
    """The kinds of each person's verified contact methods, in the order in which they are tried."""
    verified = select(contact_method).where(contact_method.c.verified_at.is_not(None)).order_by(contact_method.c.place)
    found: dict[str, list[str]] = {}
    for row in conn.execute(verified):
        found.setdefault(row.person, []).append(row.kind)
    return {person: tuple(dict.fromkeys(kinds)) for person, kinds in found.items()}


def canary(conn: Connection) -> Canary | None:
    """The pager's proof of life; None before the first engine has run."""
    row = conn.execute(select(kept.canary)).first()
    return None if row is None else Canary(_instant(row.sent_at), _instant(row.arrived_at))


def health(conn: Connection, now: Instant, jump: Jump | None = None) -> Health:
    """Everything that says whether a page would arrive; `jump` is the clock's own."""
    count = select(func.count()).select_from(delivery)
    oldest = select(func.count(), func.min(delivery.c.requested_at)).where(delivery.c.state == "pending")
    waiting, since = conn.execute(oldest).one()
    lost = count.where(delivery.c.state == "abandoned", delivery.c.requested_at > micros(now - timedelta(days=1)))
    rows = conn.execute(select(channel_health).order_by(channel_health.c.channel))
    return Health(
        canary=canary(conn),
        channels=tuple(
            ChannelRow(row.channel, _instant(row.succeeded_at), _instant(row.failed_at), row.error) for row in rows
        ),
        pending=waiting,
        oldest_pending=_instant(since),
        held=conn.execute(count.where(delivery.c.state == "held")).scalar_one(),
        abandoned_last_day=conn.execute(lost).scalar_one(),
        unreachable=tuple(unreachable_people(conn)),
        clock_jump=jump if jump and abs(now - jump.at) < timedelta(days=1) else None,
    )


def phone(conn: Connection, name: str, limit: int = 20) -> list[Ring]:
    """What the demo's phone of this name shows, the latest first."""
    table = kept.demo_phone
    rows = conn.execute(select(table).where(table.c.phone == name).order_by(table.c.at.desc()).limit(limit))
    return [
        Ring(row.delivery, row.purpose, row.subject, row.text, row.link, from_micros(row.at), row.times) for row in rows
    ]


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
