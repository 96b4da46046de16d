"""Which lessons are there, what became of one, and which do a draft, a revision or a clause come from?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from quarterdeck.command.views import history, titles
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.events.effects import Expectation, Side
from quarterdeck.learning.projections.lessoning import lesson as table
from quarterdeck.learning.projections.lessoning import lesson_factor, lesson_step
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.lessoning import State
from quarterdeck.learning.views.factoring import factors
from quarterdeck.learning.views.improving import ActionRow, improvements
from quarterdeck.learning.views.writing import observations
from quarterdeck.plan.rules.differences import clauses
from quarterdeck.plan.views import in_force

LESSON_STATES: tuple[str, ...] = get_args(State)
MOST = 500


class Looked(msgspec.Struct, frozen=True):
    """What was measured last, before and since."""

    measure: str
    before: Side
    after: Side
    better: float | None
    finding: str


@dataclass(frozen=True)
class LessonRow:
    """A lesson as it stands; people by id, with their names. `incident`: the one it comes from, with its title."""

    number: int
    state: str
    version: int
    source: str
    incident: int | None
    incident_title: str | None
    author: str
    author_name: str
    identified_at: Instant
    owner: str | None
    owner_name: str | None
    observation: str
    insight: str
    change: str
    factors: tuple[str, ...]
    clause: str | None
    validated_at: Instant | None
    """Since when it waits for a decision, or waited last."""
    disposed_at: Instant | None
    draft: int | None
    """The draft that is to close it, or did."""
    action: int | None
    """The improvement action that is to close it, or did."""
    closed_at: Instant | None
    closing: str | None
    revision: int | None
    """The plan revision that closed it."""
    reason: str | None
    """Why it was rejected."""
    reopenings: int
    expects: Expectation | None
    check: str | None
    """Whether it helped: waiting, open, looked (a person has to say), judged; None: no effect is looked for."""
    effect: str | None
    uses: int
    looked: Looked | None
    looked_at: Instant | None
    verdict_by: str | None
    verdict_by_name: str | None
    verdict_why: str | None
    verdict_at: Instant | None

    @property
    def expected(self) -> str | None:
        """The measure that should change, in words."""
        return effects.words(self.expects.measure) if self.expects else None

    @property
    def name(self) -> str:
        return f"L-{self.number}"

    @property
    def headline(self) -> str:
        """One line: what to change, or else what was seen."""
        return " ".join((self.change or self.insight or self.observation).split())

    @property
    def open(self) -> bool:
        return self.state != "closed"


@dataclass(frozen=True)
class LessonStep:
    """identified, reworded, validated, disposed of, given back, closed, reopened; `text`: its reason, or to what."""

    at: Instant
    by: str | None
    by_name: str | None
    """None: time did."""
    what: str
    text: str


@dataclass(frozen=True)
class Shown:
    """An entry of an incident's record that shows what was seen: in words, and by its position."""

    incident: int
    position: int
    words: str


@dataclass(frozen=True)
class LessonPage:
    """A lesson whole. `clause_gone`: the plan in force no longer has its clause.

    `noticed_as`: the observation of its incident's review that it grew from; `evidence`: what shows it.
    """

    lesson: LessonRow
    steps: tuple[LessonStep, ...]
    clause_gone: bool
    actions: tuple[ActionRow, ...]
    noticed_as: str | None
    evidence: tuple[Shown, ...]


def lessons(
    conn: Connection,
    state: str | None = None,
    *,
    incident: int | None = None,
    factor: str | None = None,
    cursor: int = 0,
    limit: int = 50,
) -> tuple[list[LessonRow], int | None]:
    """Open ones first, then the latest first; and the cursor of what follows (rows to skip). `state` may be `open`."""
    if state is not None and state not in ("open", "to-judge", *LESSON_STATES):
        known = ", ".join(("open", "to-judge", *LESSON_STATES))
        raise Invalid("The filter is not right.", (f"state: {state[:60]!r}; use one of {known}",))
    query = select(table)
    if state == "open":
        query = query.where(table.c.state != "closed")
    elif state == "to-judge":
        query = query.where(table.c.check == "looked")
    elif state is not None:
        query = query.where(table.c.state == state)
    if incident is not None:
        query = query.where(table.c.incident == incident)
    if factor is not None:
        query = query.where(table.c.number.in_(select(lesson_factor.c.lesson).where(lesson_factor.c.factor == factor)))
    closed_last = case((table.c.state == "closed", 1), else_=0)
    limit = max(1, min(limit, MOST))
    rows = _rows(conn, query.order_by(closed_last, table.c.number.desc()).offset(cursor).limit(limit + 1))
    return rows[:limit], cursor + limit if len(rows) > limit else None


def lesson(conn: Connection, number: int) -> LessonPage:
    """One lesson. Raises `NotFound`."""
    found = next(iter(_rows(conn, select(table).where(table.c.number == number))), None)
    if found is None:
        raise NotFound(f"lesson L-{number}")
    names = person_names(conn)
    query = select(lesson_step).where(lesson_step.c.lesson == number).order_by(lesson_step.c.place)
    steps = tuple(
        LessonStep(from_micros(one.at), one.by, names.get(one.by, one.by), one.what, one.text)
        for one in conn.execute(query)
    )
    plan = in_force(conn) if found.clause else None
    gone = found.clause is not None and (plan is None or found.clause not in clauses(plan.plan))
    actions, _ = improvements(conn, lesson=number)
    observation, evidence = _grounds(conn, found)
    return LessonPage(found, steps, gone, tuple(actions), observation, evidence)


def _grounds(conn: Connection, row: LessonRow) -> tuple[str | None, tuple[Shown, ...]]:
    if row.incident is None:
        return None, ()
    grown = next((one for one in observations(conn, row.incident) if one.lesson == row.number), None)
    named = [one for one in factors(conn, [row.incident]) if one.code in row.factors]
    wanted = {link.position for one in (*([grown] if grown else ()), *named) for link in one.evidence}
    entries = [entry for at in sorted(wanted) for entry in history(conn, row.incident, after=at - 1, limit=1)[0]]
    shown = [Shown(row.incident, entry.position, entry.sentence) for entry in entries if entry.position in wanted]
    return grown.id if grown else None, tuple(shown)


def lessons_numbered(conn: Connection, numbers: Iterable[int]) -> list[LessonRow]:
    """The lessons with these numbers, in the order of their numbers."""
    query = select(table).where(table.c.number.in_(list(numbers))).order_by(table.c.number)
    return _rows(conn, query)


def lessons_of_draft(conn: Connection, draft: int) -> list[LessonRow]:
    """The lessons that wait for a draft, or were closed by its publication."""
    return _rows(conn, select(table).where(table.c.draft == draft).order_by(table.c.number))


def lessons_of_revision(conn: Connection, revision: int) -> list[LessonRow]:
    """What a plan revision was published for: from the plan back to the incidents."""
    return _rows(conn, select(table).where(table.c.revision == revision).order_by(table.c.number))


def lessons_at(conn: Connection, clause: str) -> list[LessonRow]:
    """Every lesson at a clause, in it or around it, the latest first: why it is as it is, and what is coming."""
    parts = clause.split(".")
    around = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    here = or_(table.c.clause.in_(around), table.c.clause.startswith(f"{clause}.", autoescape=True))
    return _rows(conn, select(table).where(and_(table.c.clause.is_not(None), here)).order_by(table.c.number.desc()))


def lessons_where(conn: Connection, condition: ColumnElement[bool]) -> list[LessonRow]:
    """For questions about lessons that other views ask."""
    return _rows(conn, select(table).where(condition).order_by(table.c.number))


def _rows(conn: Connection, query: Any) -> list[LessonRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    title_of = titles(conn, [row.incident for row in rows if row.incident is not None])
    return [
        LessonRow(
            number=row.number,
            state=row.state,
            version=row.version,
            source=row.source,
            incident=row.incident,
            incident_title=title_of.get(row.incident) if row.incident is not None else None,
            author=row.author,
            author_name=names.get(row.author, row.author),
            identified_at=from_micros(row.identified_at),
            owner=row.owner,
            owner_name=names.get(row.owner, row.owner),
            observation=row.observation,
            insight=row.insight,
            change=row.change,
            factors=tuple(row.factors),
            clause=row.clause,
            validated_at=_instant(row.validated_at),
            disposed_at=_instant(row.disposed_at),
            draft=row.draft,
            action=row.action,
            closed_at=_instant(row.closed_at),
            closing=row.closing,
            revision=row.revision,
            reason=row.reason,
            reopenings=row.reopenings,
            expects=msgspec.convert(row.expects, Expectation) if row.expects else None,
            check=row.check,
            effect=row.effect,
            uses=row.uses,
            looked=msgspec.convert(row.looked, Looked) if row.looked else None,
            looked_at=_instant(row.looked_at),
            verdict_by=row.verdict_by,
            verdict_by_name=names.get(row.verdict_by, row.verdict_by),
            verdict_why=row.verdict_why,
            verdict_at=_instant(row.verdict_at),
        )
        for row in rows
    ]


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
