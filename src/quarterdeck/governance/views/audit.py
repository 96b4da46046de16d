"""The audit view: who changed what, when, read from the record itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from quarterdeck.governance.projections import access_key
from quarterdeck.governance.views.people import person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.record.tables import record

_LONGEST_READ, _LONGEST_VALUE, _LONGEST_SUMMARY = 8_000, 80, 300
_ACTORS = {"engine": "Quarterdeck", "local": "the command line"}


@dataclass(frozen=True)
class AuditRow:
    """One row of the record. `actor` is as recorded (`person/…`, `key/…`, `engine`, `local`), `actor_name` for people;
    `summary` one line of what the event says; `cause` the position of the event that it answers, if any."""

    position: int
    recorded_at: Instant
    occurred_at: Instant
    actor: str
    actor_name: str
    stream: str
    type: str
    summary: str
    cause: int | None


def audit(
    conn: Connection,
    *,
    actor: str | None = None,
    stream: str | None = None,
    type: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """What was recorded, newest first, before position `before`.

    `actor`: exact. `stream`: exact (`incident/214`) or a kind (`incident`). `type`: exact
    (`command.IncidentDeclared`) or a room (`command`).
    """
    columns = record.c
    query = select(
        columns.position,
        columns.recorded_at,
        columns.occurred_at,
        columns.actor,
        columns.stream,
        columns.type,
        columns.cause,
        func.length(columns.data).label("length"),
        func.substr(columns.data, 1, _LONGEST_READ).label("data"),
    )
    if actor:
        query = query.where(columns.actor == actor)
    if stream:
        exact = "/" in stream
        query = query.where(
            columns.stream == stream if exact else columns.stream.startswith(f"{stream}/", autoescape=True)
        )
    if type:
        exact = "." in type
        query = query.where(columns.type == type if exact else columns.type.startswith(f"{type}.", autoescape=True))
    if before is not None:
        query = query.where(columns.position < before)
    rows = conn.execute(query.order_by(columns.position.desc()).limit(limit)).all()
    people, actors = person_names(conn), actor_names(conn)
    return [
        AuditRow(
            position=row.position,
            recorded_at=from_micros(row.recorded_at),
            occurred_at=from_micros(row.occurred_at),
            actor=row.actor,
            actor_name=actors.get(row.actor, row.actor),
            stream=row.stream,
            type=row.type,
            summary=_summary(row, people),
            cause=row.cause,
        )
        for row in rows
    ]


def _at_or_below(column: ColumnElement[str], wanted: str, separator: str) -> ColumnElement[bool]:
    return column == wanted if separator in wanted else column.startswith(f"{wanted}{separator}", autoescape=True)


def actor_names(conn: Connection) -> dict[str, str]:
    """What to call each actor that the record may name: people, keys, the engine, the command line."""
    named = {f"person/{id}": name for id, name in person_names(conn).items()}
    keys = {f"key/{row.id}": f"key {row.label}" for row in conn.execute(select(access_key.c.id, access_key.c.label))}
    return {**_ACTORS, **keys, **named}


def _summary(row: Any, people: Mapping[str, str]) -> str:
    if row.length > _LONGEST_READ:
        return f"a document of {row.length // 1000} kB"
    said = json.loads(row.data)
    if "redacted" in said:
        return "redacted"
    key = row.stream.partition("/")[2]
    parts = [
        f"{field.replace('_', ' ')} {_value(value, people)}"
        for field, value in said.items()
        if field != "at" and value not in (None, "", [], {}) and str(value) != key
    ]
    return _clip(", ".join(parts), _LONGEST_SUMMARY)


def _value(value: Any, people: Mapping[str, str]) -> str:
    match value:
        case str():
            text = people.get(value, value)
        case bool():
            text = "yes" if value else "no"
        case list() if all(isinstance(item, str) for item in value):
            text = " + ".join(people.get(item, item) for item in value)
        case list() | dict():
            text = json.dumps(value, ensure_ascii=False)
        case _:
            text = str(value)
    return _clip(text, _LONGEST_VALUE)


def _clip(text: str, longest: int) -> str:
    """One line without characters that could hide or reorder what an auditor reads."""
    plain = "".join(c if c.isprintable() else " " for c in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
