"""Questions about signals: the list, those of an incident, what changed lately."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from quarterdeck.intake.kept import dedupe, grouping
from quarterdeck.intake.projections import change, signal, signal_group
from quarterdeck.kernel.time import Instant, from_micros

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
    resolved_at: Instant | None
    position: int


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
        query = query.where(signal.c.state == state)
    if source is not None:
        query = query.where(signal.c.source == source)
    if incident is not None:
        query = query.where(signal_group.c.number == incident)
    if cursor is not None:
        query = query.where(signal.c.position < cursor)
    limit = max(1, min(limit, MOST))
    rows = [_signal(row) for row in conn.execute(query.order_by(signal.c.position.desc()).limit(limit + 1))]
    return Page(rows[:limit], rows[limit - 1].position if len(rows) > limit else None)


def signal_by_key(conn: Connection, key: str) -> SignalRow | None:
    """One signal by the key of its stream."""
    row = conn.execute(_rows().where(signal.c.key == key)).first()
    return None if row is None else _signal(row)


@dataclass(frozen=True)
class Alerts:
    """The signals of an incident, summed up; `latest` holds the last raised, at most as many as asked for."""

    signals: int
    firing: int
    repeats: int
    first_seen: Instant | None
    last_seen: Instant | None
    routes: tuple[str, ...]
    shared_labels: dict[str, str]
    """Labels that the latest signals all have with the same value."""
    latest: list[SignalRow]


def alerts(conn: Connection, incident: int, limit: int = 8) -> Alerts | None:
    """What an incident is about; None if no group of signals is attached to it."""
    groups = conn.execute(
        select(signal_group.c.route, grouping.c.signals, grouping.c.firing)
        .join(grouping, grouping.c.id == signal_group.c.id)
        .where(signal_group.c.number == incident)
    ).all()
    if not groups:
        return None
    total, first, last = conn.execute(
        select(func.sum(dedupe.c.count), func.min(dedupe.c.first_seen), func.max(dedupe.c.last_seen))
        .select_from(signal.join(dedupe, dedupe.c.key == signal.c.key))
        .join(signal_group, signal_group.c.id == signal.c.group)
        .where(signal_group.c.number == incident)
    ).one()
    latest = signals(conn, incident=incident, limit=limit).items
    return Alerts(
        signals=sum(int(row.signals) for row in groups),
        firing=sum(int(row.firing) for row in groups),
        repeats=int(total or 0),
        first_seen=from_micros(int(first)) if first else None,
        last_seen=from_micros(int(last)) if last else None,
        routes=tuple(sorted({row.route for row in groups if row.route})),
        shared_labels=_shared([row.labels for row in latest]),
        latest=latest,
    )


def _shared(labels: list[dict[str, str]]) -> dict[str, str]:
    if not labels:
        return {}
    return {name: value for name, value in labels[0].items() if all(other.get(name) == value for other in labels)}


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
        select(signal, dedupe.c.count, dedupe.c.first_seen, dedupe.c.last_seen, signal_group.c.number)
        .join(dedupe, dedupe.c.key == signal.c.key)
        .outerjoin(signal_group, signal_group.c.id == signal.c.group)
    )


def _signal(row: Any) -> SignalRow:
    values = row._mapping
    return SignalRow(
        key=values["key"],
        source=values["source"],
        dedup_key=values["dedup_key"],
        title=values["title"],
        severity=values["severity"],
        state=values["state"],
        count=values["count"],
        incident=values["number"],
        group=values["group"],
        service=values["service"],
        labels=values["labels"],
        links=values["links"],
        suppressed_by=values["suppressed_by"],
        first_seen=from_micros(values["first_seen"]),
        last_seen=from_micros(values["last_seen"]),
        raised_at=from_micros(values["raised_at"]),
        resolved_at=from_micros(values["resolved_at"]) if values["resolved_at"] is not None else None,
        position=values["position"],
    )
