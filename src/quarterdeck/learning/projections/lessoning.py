"""Read tables of lessons: as they stand, the factors that they name, and what happened to each."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    update,
)

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import effects as fx
from quarterdeck.learning.events import lessoning as ev
from quarterdeck.learning.rules import effects, weighing
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

lesson = Table(
    "lesson",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("source", String(120), nullable=False),
    Column("incident", Integer),
    Column("author", String(80), nullable=False),
    Column("identified_at", BigInteger, nullable=False),
    Column("owner", String(80)),
    Column("observation", Text, nullable=False),
    Column("insight", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("factors", JSON, nullable=False),
    Column("clause", Text),
    Column("validated_at", BigInteger),
    Column("disposed_at", BigInteger),
    Column("draft", Integer),
    Column("action", Integer),
    Column("closed_at", BigInteger),
    Column("closing", String(12)),
    Column("revision", Integer),
    Column("reason", Text),
    Column("reopenings", Integer, nullable=False),
    Column("expects", JSON),
    Column("check", String(8)),
    Column("effect", String(12)),
    Column("uses", Integer, nullable=False),
    Column("looked", JSON),
    Column("looked_at", BigInteger),
    Column("verdict_by", String(80)),
    Column("verdict_why", Text),
    Column("verdict_at", BigInteger),
    Index("lesson_state", "state", "number"),
    Index("lesson_check", "check"),
    Index("lesson_incident", "incident"),
    Index("lesson_draft", "draft"),
    Index("lesson_revision", "revision"),
)
"""`draft`, `action`: what is to close it or did; `validated_at`: since when it waits for a decision; `reason`: why
it was rejected; `looked`: what was measured last."""

lesson_factor = Table(
    "lesson_factor",
    read,
    Column("lesson", Integer, primary_key=True, autoincrement=False),
    Column("factor", String(80), primary_key=True),
    Index("lesson_factor_factor", "factor"),
)

lesson_step = Table(
    "lesson_step",
    read,
    Column("lesson", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80)),
    Column("what", String(24), nullable=False),
    Column("text", Text, nullable=False),
)


def _words(e: ev.LessonIdentified | ev.LessonRevised) -> dict[str, Any]:
    return {
        "owner": e.owner,
        "observation": e.observation,
        "insight": e.insight,
        "change": e.change,
        "factors": list(e.factors),
        "clause": e.clause,
    }


def _identified(conn: Connection, row: Recorded) -> None:
    e = row.event
    values = {
        "number": e.number,
        "state": "identified",
        "version": 1,
        "source": e.source,
        "incident": incident_of(e.source),
        "author": e.by,
        "identified_at": micros(e.at),
        "reopenings": 0,
        "uses": 0,
    }
    conn.execute(insert(lesson), {**values, **_words(e)})
    _factors(conn, e.number, e.factors)


def _revised(conn: Connection, row: Recorded) -> None:
    _set(conn, row, {**_words(row.event), "version": lesson.c.version + 1})
    conn.execute(delete(lesson_factor).where(lesson_factor.c.lesson == int(row.key)))
    _factors(conn, int(row.key), row.event.factors)


def _factors(conn: Connection, number: int, factors: Sequence[str]) -> None:
    if factors:
        conn.execute(insert(lesson_factor), [{"lesson": number, "factor": factor} for factor in factors])


def _numbered(prefix: str, ref: str) -> int | None:
    return int(ref.removeprefix(prefix)) if ref.startswith(prefix) and ref.removeprefix(prefix).isdigit() else None


def _disposed(conn: Connection, row: Recorded) -> None:
    ref = row.event.ref
    values = {"draft": _numbered("draft:", ref), "action": _numbered("A-", ref), **_expects(row.event)}
    _set(conn, row, {"state": "disposed", "disposed_at": micros(row.event.at), **values})


def _expects(e: Any) -> dict[str, Any]:
    return {"expects": msgspec.to_builtins(e.expects) if e.expects else None}


def _looked(conn: Connection, row: Recorded) -> None:
    e = row.event
    said = {name: msgspec.to_builtins(getattr(e, name)) for name in ("measure", "before", "after", "better", "finding")}
    _set(conn, row, {"check": "looked", "looked": said, "looked_at": micros(e.at)})


def _judged(conn: Connection, row: Recorded) -> None:
    e = row.event
    said = {"verdict_by": e.by, "verdict_why": e.reason, "verdict_at": micros(e.at)}
    _set(conn, row, {"check": "judged", "effect": e.verdict, **said})


def _closed(conn: Connection, row: Recorded) -> None:
    e = row.event
    values: dict[str, Any] = {"state": "closed", "closed_at": micros(e.at), "closing": e.closing, **_expects(e)}
    values |= {"check": "waiting" if e.expects else None, "uses": 0}
    if e.closing == "revision":
        values["revision"] = int(e.ref) if e.ref.isdigit() else None
    elif e.closing == "improvement":
        values["action"] = _numbered("A-", e.ref)
    else:
        values["reason"] = e.ref
    _set(conn, row, values)


_AFRESH: dict[str, Any] = {"state": "validated", "disposed_at": None, "draft": None, "action": None}


def _reopened(conn: Connection, row: Recorded) -> None:
    closed: dict[str, Any] = dict.fromkeys(("closed_at", "closing", "revision", "reason", "expects", "check"))
    again = {"reopenings": lesson.c.reopenings + 1, "validated_at": micros(row.event.at)}
    _set(conn, row, {**_AFRESH, **closed, **again})


def _set(conn: Connection, row: Recorded, values: dict[str, Any]) -> None:
    conn.execute(update(lesson).where(lesson.c.number == int(row.key)).values(**values))


_DOES: dict[type[Event], Any] = {
    ev.LessonIdentified: _identified,
    ev.LessonRevised: _revised,
    ev.LessonValidated: lambda conn, row: _set(conn, row, {"state": "validated", "validated_at": micros(row.event.at)}),
    ev.LessonDisposed: _disposed,
    ev.LessonReturned: lambda conn, row: _set(conn, row, {**_AFRESH, "validated_at": micros(row.event.at)}),
    ev.LessonClosed: _closed,
    ev.LessonReopened: _reopened,
    fx.EffectExpected: lambda conn, row: _set(conn, row, {**_expects(row.event), "check": "waiting", "effect": None}),
    fx.LessonTried: lambda conn, row: _set(conn, row, {"uses": lesson.c.uses + 1}),
    fx.EffectCheckOpened: lambda conn, row: _set(conn, row, {"check": "open"}),
    fx.EffectLooked: _looked,
    fx.EffectJudged: _judged,
}
_WHAT: dict[type[Event], str] = {
    ev.LessonIdentified: "identified",
    ev.LessonRevised: "reworded",
    ev.LessonValidated: "validated",
    ev.LessonDisposed: "disposed of",
    ev.LessonReturned: "given back",
    ev.LessonClosed: "closed",
    ev.LessonReopened: "reopened",
    fx.EffectExpected: "its effect was stated",
    fx.LessonTried: "tried",
    fx.EffectCheckOpened: "time to look",
    fx.EffectLooked: "looked at",
    fx.EffectJudged: "judged",
}


def _text(e: Event) -> str:
    match e:
        case fx.LessonTried():
            return f"INC-{e.incident}"
        case fx.EffectExpected():
            return effects.words(e.expects.measure)
        case fx.EffectCheckOpened():
            return {"uses": f"after {e.uses} uses", "time": "after the time set", "asked": "asked for"}[e.because]
        case fx.EffectLooked():
            return weighing.told(e.before, e.after, e.finding)
        case fx.EffectJudged():
            return f"{e.verdict.replace('-', ' ')}: {e.reason}"
    text: str = getattr(e, "reason", "") or getattr(e, "ref", "")
    return text


def _happened(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        _DOES[type(e)](conn, row)
        values = {"at": micros(e.at), "by": getattr(e, "by", None), "text": _text(e), "what": _WHAT[type(e)]}
        conn.execute(insert(lesson_step), {"lesson": int(row.key), "place": row.version, **values})


PROJECTIONS: Projections = dict.fromkeys(_DOES, _happened)
