"""What happened, when, by whom: the timeline, read from the record itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from quarterdeck.command.projections import incident_task
from quarterdeck.command.rules.telling import STREAMS, UNTOLD, tell
from quarterdeck.command.views.naming import called
from quarterdeck.command.views.plans import role_titles
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.principal import HISTORY
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.record.tables import record

LATE = timedelta(seconds=60)
"""Recorded so long after it occurred, an entry is shown as a late one."""
_OTHERS = {"engine": "Quarterdeck", "local": "the operator", "": "somebody", "source/": "The source"}


@dataclass(frozen=True)
class Entry:
    """One fact: a plain `sentence`, a `body` of Markdown as somebody typed it, and all the `data` recorded."""

    position: int
    stream: str
    type: str
    occurred_at: Instant
    recorded_at: Instant
    actor: str
    actor_name: str
    sentence: str
    body: str | None
    key: bool
    icon: str
    data: Mapping[str, Any]

    @property
    def brought_in(self) -> bool:
        """Recorded by an import, with all the rest of its incident."""
        return self.actor.startswith(HISTORY)

    @property
    def late(self) -> bool:
        return self.recorded_at - self.occurred_at >= LATE


def timeline(conn: Connection, number: int, *, key_only: bool = False, limit: int = 1000) -> list[Entry]:
    """What occurred around an incident, the latest first; of equal instants, what was recorded later comes first.

    Reads the streams of the incident and those of its escalation, communication, legal clocks, review and factors.
    `key_only`: the short story.
    """
    query = _around(number).order_by(record.c.occurred_at.desc(), record.c.position.desc()).limit(limit)
    entries = _entries(conn, number, query)
    return [entry for entry in entries if entry.key] if key_only else entries


def history(conn: Connection, number: int, *, after: int = 0, limit: int = 50) -> tuple[list[Entry], int | None]:
    """The same facts in the order they were recorded, after a position; and the cursor of what follows."""
    query = _around(number).where(record.c.position > after).order_by(record.c.position).limit(limit + 1)
    entries = _entries(conn, number, query)
    return entries[:limit], entries[limit - 1].position if len(entries) > limit else None


def _around(number: int) -> Select[Any]:
    streams = [f"{name}/{number}" for name in STREAMS]
    return select(record).where(record.c.stream.in_(streams), record.c.type.not_in(UNTOLD))


def _entries(conn: Connection, number: int, query: Select[Any]) -> list[Entry]:
    rows = conn.execute(query).all()
    names = _names(conn, number)
    titles = dict(
        conn.execute(select(incident_task.c.task, incident_task.c.title).where(incident_task.c.number == number)).all()
    )
    return [_entry(row, names, titles) for row in rows]


def _names(conn: Connection, number: int) -> dict[str, str]:
    return {**_OTHERS, **role_titles(conn, number), **person_names(conn)}


def _entry(row: Any, names: Mapping[str, str], titles: Mapping[str, str]) -> Entry:
    data = msgspec.json.decode(row.data)
    if "redacted" in data and len(data) <= 2:
        return _told(row, names, {}, "Redacted", None, True, "eye-off")
    told = tell(row.type)
    if "task" in data and "title" not in data:
        data["title"] = titles.get(data["task"], data["task"])

    def name(id: Any) -> str:
        text = str(id or "")
        return "a key" if text.startswith("key/") else called(names, text.removeprefix("person/"))

    body = data.get(told.body) if told.body else None
    return _told(row, names, data, told.say(data, name), body or None, told.key, told.icon)


def _told(
    row: Any, names: Mapping[str, str], data: Mapping[str, Any], sentence: str, body: str | None, key: bool, icon: str
) -> Entry:
    actor = row.actor.removeprefix("person/")
    return Entry(
        position=row.position,
        stream=row.stream,
        type=row.type,
        occurred_at=from_micros(row.occurred_at),
        recorded_at=from_micros(row.recorded_at),
        actor=row.actor,
        actor_name="an import" if row.actor.startswith(HISTORY) else names.get(actor, row.actor),
        sentence=sentence,
        body=body,
        key=key,
        icon=icon,
        data=data,
    )
