"""Questions about signals: the list, those of an incident, what changed lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from quarterdeck.intake.events import SignalRaised
from quarterdeck.intake.kept import dedupe, grouping
from quarterdeck.intake.projections import change, signal_group
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.record.tables import record

STATES = ("open", "acknowledged", "resolved", "suppressed")
MOST = 200


@dataclass(frozen=True)
class SignalRow:
    """One signal as it stands; `count` is how often it was raised, repeats included."""

    key: str
    source: str
    dedup_key: str
    title: str
    severity: str
    state: str
    count: int
    incident: int | None
    group: str | None
    service: str | None
    labels: dict[str, str]
    links: list[dict[str, str]]
    suppressed_by: str | None
    first_seen: Instant
    last_seen: Instant
    raised_at: Instant
    position: int
    drill: str = ""
    """The exercise that let it happen; empty: it is real."""


@dataclass(frozen=True)
class Page:
    """Rows, newest first, and the cursor of what follows (None: nothing)."""

    items: list[SignalRow]
    next: int | None


def signals(
    conn: Connection,
    *,
    state: str | None = None,
    source: str | None = None,
    incident: int | None = None,
    cursor: int | None = None,
    limit: int = 50,
) -> Page:
    """Signals by when they were last raised, the latest first."""
    query = _rows()
    if state is not None:
        query = query.where(dedupe.c.state == state)
        if state != "resolved":
            query = query.where(dedupe.c.state != "resolved")  # says again what the partial index is for
    if source is not None:
        query = query.where(dedupe.c.source == source)
    if incident is not None:
        query = query.where(signal_group.c.number == incident)
    if cursor is not None:
        query = query.where(dedupe.c.position < cursor)
    limit = max(1, min(limit, MOST))
    rows = [_signal(row) for row in conn.execute(query.order_by(dedupe.c.position.desc()).limit(limit + 1))]
    return Page(rows[:limit], rows[limit - 1].position if len(rows) > limit else None)


def signal_by_key(conn: Connection, key: str) -> SignalRow | None:
    """One signal by the key of its stream."""
    row = conn.execute(_rows().where(dedupe.c.key == key)).first()
    return None if row is None else _signal(row)


@dataclass(frozen=True)
class Alerts:
    """The signals of an incident, summed up; `latest` holds the last raised, at most as many as asked for."""

    signals: int
    firing: int
    repeats: int
    first_seen: Instant
    last_seen: Instant
    routes: tuple[str, ...]
    shared_labels: dict[str, str]
    """Labels that the latest signals all have with the same value."""
    latest: list[SignalRow]


def alerts(conn: Connection, incident: int, limit: int = 8) -> Alerts | None:
    """What an incident is about; None if no group of signals is attached to it."""
    groups = conn.execute(
        select(
            signal_group.c.route,
            signal_group.c.opened_at,
            grouping.c.signals,
            grouping.c.firing,
            grouping.c.raises,
            grouping.c.active_at,
        )
        .join(grouping, grouping.c.id == signal_group.c.id)
        .where(signal_group.c.number == incident)
    ).all()
    if not groups:
        return None
    latest = signals(conn, incident=incident, limit=limit).items
    return Alerts(
        signals=sum(int(row.signals) for row in groups),
        firing=sum(int(row.firing) for row in groups),
        repeats=sum(int(row.raises) for row in groups),
        first_seen=from_micros(min(row.opened_at for row in groups)),
        last_seen=from_micros(max(row.active_at for row in groups)),
        routes=tuple(sorted({row.route for row in groups if row.route})),
        shared_labels=_shared([row.labels for row in latest]),
        latest=latest,
    )


def _shared(labels: list[dict[str, str]]) -> dict[str, str]:
    if not labels:
        return {}
    return {name: value for name, value in labels[0].items() if all(other.get(name) == value for other in labels)}


_SIGNALS_FOLLOWED = 10
_RAISES_FOLLOWED = 30


def earlier_incidents(conn: Connection, incident: int) -> dict[int, str]:
    """Other incidents that the same signals were raised for, each with the deduplication key of such a signal.

    Follows the latest signals of the incident, and of each the latest times it was raised.
    """
    latest = (
        select(dedupe.c.key)
        .join(signal_group, signal_group.c.id == dedupe.c.group)
        .where(signal_group.c.number == incident)
        .order_by(dedupe.c.position.desc())
        .limit(_SIGNALS_FOLLOWED)
    )
    by_group: dict[str, str] = {}
    for key in conn.execute(latest).scalars().all():
        raises = (
            select(record.c.data)
            .where(record.c.stream == f"signal/{key}", record.c.type == "intake.SignalRaised")
            .order_by(record.c.version.desc())
            .limit(_RAISES_FOLLOWED)
        )
        for data in conn.execute(raises).scalars():
            if not data.startswith('{"redacted"'):
                raised = _decoder.decode(data)
                by_group.setdefault(raised.group or "", raised.dedup_key)
    groups = select(signal_group.c.id, signal_group.c.number).where(signal_group.c.id.in_([*by_group]))
    rows = conn.execute(groups).all() if by_group else []
    return {row.number: by_group[row.id] for row in rows if row.number not in (None, incident)}


@dataclass(frozen=True)
class RaisedFor:
    """A group of signals that an incident was declared for. `key`: the same for every group of such signals."""

    number: int
    key: str
    title: str


def raised_for(conn: Connection, numbers: Sequence[int] | None = None, keys: Sequence[str] = ()) -> list[RaisedFor]:
    """By incidents, by keys, or all: oldest first."""
    query = (
        select(signal_group.c.number, grouping.c.group_key, signal_group.c.title)
        .join(grouping, grouping.c.id == signal_group.c.id)
        .where(signal_group.c.number.is_not(None))
        .order_by(signal_group.c.opened_at, signal_group.c.id)
    )
    if numbers is not None:
        query = query.where(signal_group.c.number.in_(list(numbers)))
    if keys:
        query = query.where(grouping.c.group_key.in_(list(keys)))
    return [RaisedFor(*row) for row in conn.execute(query)]


def change_titles(conn: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Source and title of changes, by id."""
    rows = conn.execute(select(change.c.id, change.c.source, change.c.title).where(change.c.id.in_(list(ids))))
    return {row.id: f"{row.source}: {row.title}" for row in rows}


@dataclass(frozen=True)
class ChangeRow:
    """A change as a pipeline told it."""

    id: str
    source: str
    title: str
    links: list[dict[str, str]]
    at: Instant
    position: int


def changes(
    conn: Connection, *, since: int | None = None, cursor: int | None = None, limit: int = 20
) -> tuple[list[ChangeRow], int | None]:
    """Changes, the last told first, and the cursor of what follows. `since`: microseconds."""
    query = select(change.c.id, change.c.source, change.c.title, change.c.links, change.c.at, change.c.position)
    if since is not None:
        query = query.where(change.c.at >= since)
    if cursor is not None:
        query = query.where(change.c.position < cursor)
    limit = max(1, min(limit, MOST))
    found = [
        ChangeRow(row.id, row.source, row.title, row.links, from_micros(row.at), row.position)
        for row in conn.execute(query.order_by(change.c.position.desc()).limit(limit + 1))
    ]
    return found[:limit], found[limit - 1].position if len(found) > limit else None


def _rows() -> Select[Any]:
    return (
        select(dedupe, record.c.data, signal_group.c.number)
        .join(record, record.c.position == dedupe.c.position)
        .outerjoin(signal_group, signal_group.c.id == dedupe.c.group)
    )


_decoder = msgspec.json.Decoder(SignalRaised)
_REDACTED = SignalRaised(at=from_micros(0), source="", dedup_key="", title="(redacted)", severity="", labels={})


def _signal(row: Any) -> SignalRow:
    values = row._mapping
    raised = _REDACTED if row.data.startswith('{"redacted"') else _decoder.decode(row.data)
    return SignalRow(
        key=values["key"],
        source=values["source"],
        dedup_key=raised.dedup_key,
        title=raised.title,
        severity=values["severity"],
        state=values["state"],
        count=values["count"],
        incident=values["number"],
        group=values["group"],
        service=raised.service,
        labels=raised.labels,
        links=[{"href": link.href, "text": link.text} for link in raised.links],
        suppressed_by=raised.suppressed_by,
        first_seen=from_micros(values["first_seen"]),
        last_seen=from_micros(values["last_seen"]),
        raised_at=raised.at,
        position=values["position"],
        drill=raised.drill,
    )
