"""Read tables that texts are found by: what incidents, reviews and the plan say, and in which a word stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, delete, select, update

from quarterdeck.command import events as command
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.events import factoring, reviewing
from quarterdeck.learning.rules.knowledge import PLANNED, Kind, document, span
from quarterdeck.learning.rules.wording import MOST_TEXT, MOST_WORDS, words
from quarterdeck.plan.events import RevisionWritten
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.revision import kept_plan, plan_from
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.tables import read

knowledge = Table(
    "knowledge",
    read,
    Column("document", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("service", String(100)),
    Column("type", String(64)),
    Column("remedy", Text),
)
"""One row per text. `document`: its kind and number in one; `key`: how people name it; `length`: in words; `remedy`: of
an incident, what ended it, as it was said."""

knowledge_word = Table(
    "knowledge_word",
    read,
    # Compared byte by byte on both stores, so that the beginnings of words are found as ranges of the key.
    Column("word", String(140).with_variant(String(140, collation="C"), "postgresql"), primary_key=True),
    Column("document", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""In which documents a word stands. A fact of an incident stands here too, as `=service:checkout`."""

_KNOWLEDGE, _WORD = knowledge.c.keys(), knowledge_word.c.keys()
BY_ITSELF = "all alerts cleared"
"""What `command` gives as the reason when nobody did anything: no text that anybody would look for."""


@dataclass(frozen=True)
class Passage:
    """One text, as it is to be found."""

    document: int
    key: str
    title: str
    text: str
    at: Instant
    service: str | None = None
    type: str | None = None

    @property
    def facts(self) -> list[str]:
        given = (("service", self.service), ("type", self.type))
        return [f"={name}:{value}" for name, value in given if value]


def keep(conn: Connection, texts: Sequence[Passage]) -> None:
    """Texts that were not there before."""
    rows, found = [], []
    for one in texts:
        text = one.text[:MOST_TEXT]
        said = words(f"{one.title}\n{text}")
        rows.append((one.document, one.key, one.title, text, len(said), micros(one.at), one.service, one.type, None))
        found += [(word, one.document) for word in (*_first(said), *one.facts)]
    insert_many(conn, knowledge.name, _KNOWLEDGE, rows)
    insert_many(conn, knowledge_word.name, _WORD, found)


def grow(conn: Connection, document: int, more: str, **values: Any) -> None:
    """More of a text that is there; beyond `MOST_TEXT` characters it is no longer kept here."""
    more = more.strip()[:MOST_TEXT]
    said = words(more)
    room = knowledge.c.document == document, knowledge.c.length < MOST_TEXT // 8
    grown = {"text": knowledge.c.text + "\n" + more, "length": knowledge.c.length + len(said)} if said else {}
    if values:
        conn.execute(update(knowledge).where(room[0]).values(**values))
    if grown and conn.execute(update(knowledge).where(*room).values(**grown)).rowcount:
        _stand(conn, _first(said), document)


def forget(conn: Connection, kinds: Iterable[Kind]) -> None:
    """Take away every text of these kinds, and its words."""
    for kind in kinds:
        first, after = span(kind)
        inside = (knowledge.c.document >= first) & (knowledge.c.document < after)
        for row in conn.execute(select(knowledge.c.document, knowledge.c.title, knowledge.c.text).where(inside)).all():
            _fall(conn, _first(words(f"{row.title}\n{row.text}")), row.document)
        conn.execute(delete(knowledge).where(inside))


def _first(said: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(said))[:MOST_WORDS]


def _stand(conn: Connection, found: Iterable[str], document: int) -> None:
    mark = "?, ?" if conn.dialect.name == "sqlite" else "%s, %s"
    sql = f"INSERT INTO knowledge_word (word, document) VALUES ({mark}) ON CONFLICT DO NOTHING"  # noqa: S608  # constant
    conn.exec_driver_sql(sql, [(word, document) for word in found])


def _fall(conn: Connection, gone: Iterable[str], document: int) -> None:
    of = knowledge_word.c
    conn.execute(delete(knowledge_word).where(of.document == document, of.word.in_(list(gone))))


# -- incidents ---------------------------------------------------------------------------------------


def _declared(conn: Connection, rows: Sequence[Recorded]) -> None:
    keep(
        conn,
        [
            Passage(
                document("incident", e.number),
                f"INC-{e.number}",
                e.title,
                e.summary,
                e.at,
                service=e.service,
                type=e.type,
            )
            for e in (row.event for row in rows)
        ],
    )


def _said(text: Callable[[Any], str | None], *, remedy: bool = False) -> Projector:
    """A projector that adds what `text(event)` says to its incident; `remedy`: that is what ended it."""

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            more = text(row.event)
            if more and more != BY_ITSELF:
                grow(conn, document("incident", int(row.key)), more, **({"remedy": more} if remedy else {}))

    return project


def _classified(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        number = document("incident", int(row.key))
        this = knowledge.c.document == number
        before = conn.execute(select(knowledge.c.service, knowledge.c.type).where(this)).first()
        if before is None:
            continue
        given = {"service": row.event.service, "type": row.event.type}
        conn.execute(update(knowledge).where(this).values(**given))
        _fall(conn, [f"={name}:{value}" for name, value in before._mapping.items() if value], number)
        _stand(conn, [f"={name}:{value}" for name, value in given.items() if value], number)


# -- reviews -----------------------------------------------------------------------------------------


def _held(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A review is found by itself, and by its incident: what was learnt later tells what the trouble was."""
    for row in rows:
        number = int(row.key)
        incident, review = document("incident", number), document("review", number)
        title = conn.execute(select(knowledge.c.title).where(knowledge.c.document == incident)).scalar() or ""
        if conn.execute(select(knowledge.c.document).where(knowledge.c.document == review)).first():
            grow(conn, review, row.event.summary, at=micros(row.event.at))
        else:
            keep(conn, [Passage(review, f"INC-{number}", f"Review of {title}", row.event.summary, row.event.at)])
        grow(conn, incident, row.event.summary)


def _contributed(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A code that was filed under once keeps pointing here; whether it still holds is asked of the factors."""
    for row in rows:
        incident = document("incident", int(row.key))
        grow(conn, incident, row.event.text)
        _stand(conn, [f"=factor:{row.event.code}"], incident)


# -- the plan ----------------------------------------------------------------------------------------


def _revised(conn: Connection, rows: Sequence[Recorded]) -> None:
    """Only the last revision of a run is found: what is no longer in force would mislead whoever is in a hurry."""
    row = rows[-1]
    plan = kept_plan(row.event.content_hash) or plan_from(row.event.content_hash, row.event.document)
    forget(conn, PLANNED)
    keep(conn, list(_documents(plan, row.event.at)))


def _documents(plan: Plan, at: Instant) -> Iterable[Passage]:
    yield Passage(document("plan", 0), "plan", plan.name, _joined(plan.purpose, plan.scope, plan.text), at)
    for n, (id, policy) in enumerate(plan.policies.items()):
        yield Passage(document("policy", n), id, policy.title, _joined(policy.scope, policy.text), at)
    for n, (id, procedure) in enumerate(plan.procedures.items()):
        steps = [part for step in procedure.steps for part in (step.title, step.evidence, step.details)]
        text = _joined(procedure.purpose, procedure.scope, procedure.text, *steps)
        yield Passage(document("procedure", n), id, procedure.title, text, at)
    for n, (id, guideline) in enumerate(plan.guidelines.items()):
        yield Passage(document("guideline", n), id, guideline.title, _joined(guideline.scope, guideline.text), at)


def _joined(*parts: str | None) -> str:
    return "\n".join(part.strip() for part in parts if part and part.strip())


PROJECTIONS: Projections = {
    command.IncidentDeclared: _declared,
    command.IncidentClassified: _classified,
    command.ImpactStated: _said(lambda e: e.statement),
    command.NoteAdded: _said(lambda e: e.text),
    command.TaskDone: _said(lambda e: e.evidence),
    command.IncidentMitigated: _said(lambda e: e.how, remedy=True),
    command.IncidentResolved: _said(lambda e: e.reason, remedy=True),
    command.IncidentDeclined: _said(lambda e: e.reason),
    reviewing.ReviewHeld: _held,
    factoring.FactorFound: _contributed,
    factoring.FactorRevised: _contributed,
    RevisionWritten: _revised,
}
