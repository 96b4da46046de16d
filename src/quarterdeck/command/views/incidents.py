"""Which incidents are there, and how does this one stand?"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, get_args

from sqlalchemy import Connection, Select, and_, func, or_, select

from quarterdeck.command.projections import incident as table
from quarterdeck.command.projections import incident_task
from quarterdeck.command.rules.state import ENDED, LIVE, OPEN, STATES
from quarterdeck.command.views.naming import called
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.rules import SEVERITIES

MOST = 500
_IN_A_SPAN = 2_000
LARGEST = 2**31
"""Numbers beyond this are no incident's, and no database column's."""


@dataclass(frozen=True)
class IncidentRow:
    """An incident as lists and the page's bar show it. People by id and name; `overdue` counts overdue open tasks."""

    number: int
    title: str
    type: str | None
    state: str
    severity: str
    computed_severity: str
    severity_reason: str | None
    impact: str | None
    urgency: str | None
    statement: str
    service: str | None
    plan_revision: int | None
    commander: str
    commander_name: str
    commander_by_default: bool
    declared_by: str
    drill: bool
    source: str | None
    team: str | None
    reassigned: int | None
    """How often the source says that it changed teams; None: it does not say."""
    service_level_made: bool | None
    doubts: int
    merged_into: int | None
    review: str
    reopened: int
    impact_started: Instant | None
    detected_at: Instant
    declared_at: Instant
    acknowledged_at: Instant | None
    mitigated_at: Instant | None
    resolved_at: Instant | None
    closed_at: Instant | None
    tasks_open: int = 0
    tasks_overdue: int = 0
    next_due: Instant | None = None

    @property
    def open(self) -> bool:
        """Somebody has to do something about the trouble itself."""
        return self.state in OPEN

    @property
    def over(self) -> bool:
        return self.state in ENDED

    @property
    def assessed(self) -> bool:
        """Somebody judged impact and urgency, or gave a severity by hand."""
        return self.impact is not None or self.severity_reason is not None


@dataclass(frozen=True)
class Filters:
    """Empty means: any. `state` may also be `open` (triage, active, mitigated) or `live` (not ended)."""

    state: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    service: str = ""
    type: str = ""
    text: str = ""
    commander: str = ""
    imported: bool | None = None
    """True: only those brought in from another system; False: only our own."""
    source: str = ""
    """Only those brought in from this system, as `servicenow`."""

    def checked(self) -> "Filters":
        """Itself. Raises `Invalid` with every value that means nothing."""
        states = (*STATES, "open", "live")
        errors = [f"state: {one!r}; use one of {', '.join(states)}" for one in self.state if one not in states]
        known = get_args(SEVERITIES) or SEVERITIES
        errors += [f"severity: {one!r}; use one of {', '.join(known)}" for one in self.severity if one not in known]
        if len(self.text) > 200:
            errors.append("q: at most 200 characters")
        if errors:
            raise Invalid("The filters are not right.", tuple(errors))
        return self

    @property
    def states(self) -> tuple[str, ...]:
        wide = {"open": OPEN, "live": LIVE}
        return tuple(dict.fromkeys(state for one in self.state for state in wide.get(one, (one,))))


@dataclass(frozen=True)
class Page:
    """Rows and the cursor of what follows (None: nothing)."""

    items: list[IncidentRow]
    next: int | None


def incidents(conn: Connection, filters: Filters | None = None, cursor: int | None = None, limit: int = 50) -> Page:
    """Incidents by number, the latest first, at most 500 at a time; `cursor` goes on below a number."""
    filters = (filters or Filters()).checked()
    query = select(table).where(*_conditions(filters))
    if cursor is not None:
        query = query.where(table.c.number < cursor)
    limit = max(1, min(limit, MOST))
    found = _rows(conn, query.order_by(table.c.number.desc()).limit(limit + 1))
    return Page(found[:limit], found[limit - 1].number if len(found) > limit else None)


def count_incidents(conn: Connection, filters: Filters) -> int:
    """How many there are of them."""
    query = select(func.count()).select_from(table).where(*_conditions(filters.checked()))
    return int(conn.execute(query).scalar_one())


def incidents_after(conn: Connection, filters: Filters, number: int, limit: int = MOST) -> list[IncidentRow]:
    """Those of greater numbers, in the order of their numbers: to go through all of them."""
    query = select(table).where(*_conditions(filters.checked()), table.c.number > number)
    return _rows(conn, query.order_by(table.c.number).limit(limit))


def open_incidents(conn: Connection) -> list[IncidentRow]:
    """Ours in triage, active or mitigated: the most severe first, of these the oldest first.

    One that another system left open is not ours to work on."""
    own = table.c.state.in_(OPEN) & table.c.source.is_(None)
    query = select(table).where(own).order_by(table.c.severity, table.c.declared_at)
    return _rows(conn, query.limit(MOST))


def incident(conn: Connection, number: int) -> IncidentRow:
    """One incident. Raises `NotFound`."""
    found = _rows(conn, select(table).where(table.c.number == number)) if 0 < number < LARGEST else []
    if not found:
        raise NotFound(f"incident {number}")
    return found[0]


def incidents_numbered(conn: Connection, numbers: Iterable[int]) -> list[IncidentRow]:
    """The incidents with these numbers, in the order of their numbers."""
    wanted = [number for number in numbers if 0 < number < LARGEST]
    query = select(table).where(table.c.number.in_(wanted)).order_by(table.c.number)
    return _rows(conn, query) if wanted else []


def resolved_between(conn: Connection, begins: Instant, ends: Instant) -> list[IncidentRow]:
    """Those that were resolved from `begins` up to `ends`, drills apart; at most 2,000, the latest first."""
    at = table.c.resolved_at
    inside = (at >= micros(begins)) & (at < micros(ends)) & table.c.drill.is_(False)
    return _rows(conn, select(table).where(inside).order_by(at.desc()).limit(_IN_A_SPAN))


def declared_since(conn: Connection, since: Instant, services: Collection[str] | None, limit: int) -> list[IncidentRow]:
    """Those of these services (None: of any) that were declared since, drills apart, the most severe first."""
    query = select(table).where(table.c.declared_at >= micros(since), table.c.drill.is_(False))
    if services is not None:
        query = query.where(table.c.service.in_(list(services)))
    return _rows(conn, query.order_by(table.c.severity, table.c.declared_at.desc()).limit(limit))


def titles(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Titles by number, for rooms that list what belongs to incidents."""
    query = select(table.c.number, table.c.title).where(table.c.number.in_(list(numbers)))
    return {row.number: row.title for row in conn.execute(query)}


def systems(conn: Connection) -> dict[str, int]:
    """The systems from which incidents were brought in, and how many from each."""
    system = func.substr(table.c.source, 1, _colon(conn) - 1)
    query = select(system, func.count()).where(table.c.source.is_not(None)).group_by(system).order_by(system)
    return {name: count for name, count in conn.execute(query) if name}


def _colon(conn: Connection) -> Any:
    return func.instr(table.c.source, ":") if conn.dialect.name == "sqlite" else func.strpos(table.c.source, ":")


def by_sources(conn: Connection, sources: Iterable[str]) -> dict[str, int]:
    """Numbers by source, of those that were brought in."""
    query = select(table.c.source, table.c.number).where(table.c.source.in_(list(sources)))
    return {row.source: row.number for row in conn.execute(query)}


def counted_by_type(conn: Connection, since: Instant) -> dict[str | None, int]:
    """How many real incidents of each type were declared since then; those that turned out to be none are left out."""
    of = table.c
    query = select(of.type, func.count()).where(of.declared_at >= micros(since), of.drill.is_(False))
    none = of.state.in_(("declined", "merged", "cancelled"))
    return dict(conn.execute(query.where(~none).group_by(of.type)).all())


def drills(conn: Connection, numbers: Iterable[int]) -> frozenset[int]:
    """Which of these are exercises."""
    query = select(table.c.number).where(table.c.number.in_(list(numbers)), table.c.drill)
    return frozenset(conn.execute(query).scalars())


def similar(
    conn: Connection, title: str, service: str | None = None, limit: int = 3, *, drill: bool = False
) -> list[IncidentRow]:
    """Open incidents of the same service or with words of the same title, the likeliest first: join instead?

    Nobody with a real incident is sent to a drill, nor the other way round.
    """
    wanted = _words(title)
    scored = []
    for row in (one for one in open_incidents(conn) if one.drill == drill):
        shared = len(wanted & _words(f"{row.title} {row.statement}"))
        score = shared / max(len(wanted), 1) + (0.5 if service and row.service == service else 0)
        if score >= 0.3:
            scored.append((score, row))
    scored.sort(key=lambda pair: (-pair[0], pair[1].number))
    return [row for _, row in scored[:limit]]


def _words(title: str) -> set[str]:
    return {word for word in re.findall(r"\w+", title.casefold()) if len(word) > 2} - _EVERYDAY


_EVERYDAY = frozenset(
    ("the", "and", "for", "are", "not", "with", "from", "that", "has", "have", "does", "down", "error", "errors")
)


def _conditions(filters: Filters) -> list[Any]:
    conditions: list[Any] = []
    if filters.states:
        conditions.append(table.c.state.in_(filters.states))
    if filters.severity:
        conditions.append(table.c.severity.in_(filters.severity))
    exact = (("service", filters.service), ("type", filters.type), ("commander", filters.commander))
    for column, value in exact:
        if value:
            conditions.append(table.c[column] == value)
    if filters.source:
        conditions.append(table.c.source.startswith(f"{filters.source}:", autoescape=True))
    if filters.imported is not None:
        conditions.append(table.c.source.is_not(None) if filters.imported else table.c.source.is_(None))
    if filters.text.strip():
        conditions.append(_mentions(filters.text.strip()))
    return conditions


def _mentions(text: str) -> Any:
    """`INC-214` and `214` find the number, `INC0000045` that of the source; other text the title and the impact."""
    found = re.fullmatch(r"(?:inc-|#)?(\d{1,9})", text.casefold())
    number = [table.c.number == int(found[1])] if found else []
    number.append(func.lower(table.c.source).endswith(f":{text.casefold()}", autoescape=True))
    needle = text.casefold()
    texts = [func.lower(column).contains(needle, autoescape=True) for column in (table.c.title, table.c.statement)]
    return or_(*number, *texts)


def _rows(conn: Connection, query: Select[Any]) -> list[IncidentRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    counts = _tasks(conn, [row.number for row in rows])
    return [replace(_row(row, names), **counts.get(row.number, {})) for row in rows]


def _tasks(conn: Connection, numbers: list[int]) -> dict[int, dict[str, Any]]:
    if not numbers:
        return {}
    of = incident_task.c
    counted = (
        select(of.number, func.count(), func.count().filter(of.overdue), func.min(of.due))
        .where(and_(of.number.in_(numbers), of.state == "open"))
        .group_by(of.number)
    )
    return {
        number: {"tasks_open": tasks, "tasks_overdue": late, "next_due": _instant(due)}
        for number, tasks, late, due in conn.execute(counted)
    }


_INSTANTS = (
    "impact_started",
    "detected_at",
    "declared_at",
    "acknowledged_at",
    "mitigated_at",
    "resolved_at",
    "closed_at",
)


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)


def _row(row: Any, names: dict[str, str]) -> IncidentRow:
    values = dict(row._mapping)
    values.update({name: _instant(values[name]) for name in _INSTANTS})
    return IncidentRow(commander_name=called(names, row.commander), **values)
