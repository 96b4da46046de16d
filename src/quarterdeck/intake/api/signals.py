"""Signals and changes for programs: JSON lists, newest first."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.intake import views
from quarterdeck.intake.rules import key_of
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.record import Record

Limit = Annotated[int, Parameter(ge=1, le=views.MOST)]


@get("/api/signals", opt={"may": Permission.READ}, sync_to_thread=True)
def list_signals(
    record: NamedDependency[Record],
    limit: Limit = 50,
    cursor: FromQuery[str | None] = None,
    signal_state: Annotated[str | None, QueryParameter(name="state")] = None,
    source: FromQuery[str | None] = None,
    incident: FromQuery[int | None] = None,
) -> dict[str, Any]:
    """Signals, the last raised first; filters: `state`, `source`, `incident`."""
    if signal_state is not None and signal_state not in views.STATES:
        raise Invalid("There is no such state.", (f"state: is none of {', '.join(views.STATES)}",))
    with record.read() as conn:
        page = views.signals(
            conn, state=signal_state, source=source, incident=incident, cursor=_position(cursor), limit=limit
        )
    return {"items": [_shown(row) for row in page.items], "next": None if page.next is None else str(page.next)}


@get("/api/signals/{source:str}/{dedup_key:str}", opt={"may": Permission.READ}, sync_to_thread=True)
def one_signal(record: NamedDependency[Record], source: FromPath[str], dedup_key: FromPath[str]) -> dict[str, Any]:
    """One signal by its source and its dedup_key."""
    with record.read() as conn:
        row = views.signal_by_key(conn, key_of(source, dedup_key))
    if row is None:
        raise NotFound("such signal")
    return _shown(row)


@get("/api/changes", opt={"may": Permission.READ}, sync_to_thread=True)
def list_changes(
    record: NamedDependency[Record], limit: Limit = 50, cursor: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Changes that pipelines told of, the last told first."""
    with record.read() as conn:
        rows, following = views.changes(conn, cursor=_position(cursor), limit=limit)
    items = [{"id": row.id, "source": row.source, "title": row.title, "at": row.at, "links": row.links} for row in rows]
    return {"items": items, "next": None if following is None else str(following)}


def _shown(row: views.SignalRow) -> dict[str, Any]:
    return {
        "dedup_key": row.dedup_key,
        "source": row.source,
        "state": row.state,
        "count": row.count,
        "incident": row.incident,
        "title": row.title,
        "severity": row.severity,
        "service": row.service,
        "group": row.group,
        "labels": row.labels,
        "links": row.links,
        "suppressed_by": row.suppressed_by,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "raised_at": row.raised_at,
    }


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Invalid("The cursor is not one of ours.", ("cursor: pass on what `next` said",))
    return int(cursor)


ROUTES = [list_signals, one_signal, list_changes]
