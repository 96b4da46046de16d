"""What happened when, to which kind of incident: the bare facts of many, for rooms that compare them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from quarterdeck.command.projections import incident as table
from quarterdeck.command.projections import incident_task
from quarterdeck.command.rules.conformance import WAIVED, State, judged
from quarterdeck.command.views.conformance import facts_of
from quarterdeck.kernel.time import Instant, from_micros, micros

OVER = ("resolved", "reviewing", "closed")
_CHUNK = 500


@dataclass(frozen=True)
class Spell:
    """One incident's kind and instants. `over`: it ran its course; declined, merged and cancelled ones did not."""

    number: int
    type: str | None
    service: str | None
    severity: str
    state: str
    plan_revision: int | None
    drill: bool
    source: str | None
    """Where it was brought in from; None: it was managed here."""
    detected_at: Instant
    declared_at: Instant
    acknowledged_at: Instant | None
    mitigated_at: Instant | None
    resolved_at: Instant | None

    @property
    def over(self) -> bool:
        return self.state in OVER


def spells(
    conn: Connection,
    *,
    number: int | None = None,
    type: str | None = None,
    service: str | None = None,
    severities: Sequence[str] | None = None,
    before: Instant | None = None,
    since: Instant | None = None,
    limit: int = 1_000,
) -> list[Spell]:
    """Oldest first. With `before` those declared nearest before it, with `since` those nearest since."""
    of = table.c
    query = select(*(of[name] for name in Spell.__dataclass_fields__)).limit(limit)
    for column, wanted in ((of.number, number), (of.type, type), (of.service, service)):
        query = query.where(column == wanted) if wanted is not None else query
    if severities is not None:
        query = query.where(of.severity.in_(list(severities)))
    if before is not None:
        query = query.where(of.declared_at < micros(before)).order_by(of.declared_at.desc(), of.number.desc())
    else:
        query = query.order_by(of.declared_at, of.number)
    if since is not None:
        query = query.where(of.declared_at >= micros(since))
    rows = conn.execute(query).all()
    found = [Spell(*row[:8], *(None if at is None else from_micros(at) for at in row[8:])) for row in rows]
    return found[::-1] if before is not None else found


def steps_as_followed(conn: Connection, step: str, numbers: Sequence[int]) -> dict[int, State]:
    """How one step was followed in each of these incidents; those that never had it are left out."""
    found: dict[int, State] = {}
    for start in range(0, len(numbers), _CHUNK):
        chunk = list(numbers[start : start + _CHUNK])
        query = (
            select(incident_task, table.c.state.label("incident_state"))
            .join(table, table.c.number == incident_task.c.number)
            .where(incident_task.c.step == step, incident_task.c.number.in_(chunk))
        )
        found |= {row.number: judged(facts_of(row, row.incident_state)) for row in conn.execute(query)}
    return found


@dataclass(frozen=True, slots=True)
class Occurrence:
    """That an incident of a kind was declared; `at` in microseconds, since there may be very many."""

    number: int
    at: int
    type: str | None
    service: str | None
    severity: str


def occurrences(
    conn: Connection,
    *,
    since: Instant | None = None,
    numbers: Sequence[int] | None = None,
    type: str | None = None,
    service: str | None = None,
) -> list[Occurrence]:
    """Incidents that were ones, drills apart, oldest first; all that are declined, merged or cancelled are left out."""
    of = table.c
    query = select(of.number, of.declared_at, of.type, of.service, of.severity).where(
        of.drill.is_(False), of.state.not_in(WAIVED)
    )
    if since is not None:
        query = query.where(of.declared_at >= micros(since))
    for column, wanted in ((of.type, type), (of.service, service)):
        query = query.where(column == wanted) if wanted is not None else query
    found: list[Occurrence] = []
    chunks = [None] if numbers is None else [numbers[n : n + _CHUNK] for n in range(0, len(numbers), _CHUNK)]
    for chunk in chunks:
        some = query if chunk is None else query.where(of.number.in_(list(chunk)))
        found += [Occurrence(*row) for row in conn.execute(some)]
    return sorted(found, key=lambda one: (one.at, one.number))
