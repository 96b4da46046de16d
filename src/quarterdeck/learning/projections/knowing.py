"""What is told where it can be found: each event that brings words, to the text that they belong to."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from quarterdeck.command import events as command
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.events import factoring, lessoning, reviewing, writing
from quarterdeck.learning.projections.knowledge import (
    Passage,
    fall,
    forget,
    grow,
    grow_many,
    keep,
    knowledge,
    replace,
    stand,
)
from quarterdeck.learning.rules.knowledge import PLANNED, document
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.plan.events import RevisionWritten
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.revision import kept_plan, plan_from
from quarterdeck.record import Projections, Projector, Recorded

AS_TOLD = "as told by "
"""How `command` begins the reason of a past incident that gives none."""
BY_ITSELF = "all alerts cleared"
"""What `command` gives as the reason when nobody did anything: no text that anybody would look for."""


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
        told = ((document("incident", int(row.key)), text(row.event)) for row in rows)
        more = [(of, said) for of, said in told if said and said != BY_ITSELF and not said.startswith(AS_TOLD)]
        if more:
            grow_many(conn, more, remedies=remedy)

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
        fall(conn, [f"={name}:{value}" for name, value in before._mapping.items() if value], number)
        stand(conn, [f"={name}:{value}" for name, value in given.items() if value], number)


# -- reviews -----------------------------------------------------------------------------------------


def _looked_back(text: Callable[[Any], str]) -> Projector:
    """A review is found by itself, and by its incident: what was learnt later tells what the trouble was."""

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            number, said = int(row.key), text(row.event)
            incident, review = document("incident", number), document("review", number)
            title = conn.execute(select(knowledge.c.title).where(knowledge.c.document == incident)).scalar() or ""
            if conn.execute(select(knowledge.c.document).where(knowledge.c.document == review)).first():
                grow(conn, review, said, at=micros(row.event.at))
            else:
                keep(conn, [Passage(review, f"INC-{number}", f"Review of {title}", said, row.event.at)])
            grow(conn, incident, said)

    return project


def _contributed(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A code that was filed under once keeps pointing here; whether it still holds is asked of the factors."""
    for row in rows:
        incident = document("incident", int(row.key))
        grow(conn, incident, row.event.text)
        stand(conn, [f"=factor:{row.event.code}"], incident)


# -- lessons -----------------------------------------------------------------------------------------


def _taught(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A lesson is found by itself in its last wording, and by its incident in every one."""
    for row in rows:
        e, number = row.event, int(row.key)
        said = " ".join((e.change or e.insight or e.observation).split())
        text = _joined(e.observation, e.insight, e.change)
        replace(conn, Passage(document("lesson", number), f"L-{number}", said[:120], text, e.at))
        source = e.source if isinstance(e, lessoning.LessonIdentified) else ""
        if (incident := incident_of(source)) is not None:
            grow(conn, document("incident", incident), text)


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
    reviewing.ReviewHeld: _looked_back(lambda e: e.summary),
    writing.ReviewWritten: _looked_back(lambda e: "\n".join(e.texts.values())),
    writing.ObservationMade: _looked_back(lambda e: e.text),
    factoring.FactorFound: _contributed,
    factoring.FactorRevised: _contributed,
    lessoning.LessonIdentified: _taught,
    lessoning.LessonRevised: _taught,
    RevisionWritten: _revised,
}
