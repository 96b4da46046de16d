"""Which revision is in force, what did an earlier one say, what changed when, and why is a clause there?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.events import Reason
from quarterdeck.plan.projections.outline import reasons_from
from quarterdeck.plan.projections.revisions import difference, publication
from quarterdeck.plan.projections.revisions import revision as revision_table
from quarterdeck.plan.rules.differences import Difference, clauses, differences
from quarterdeck.plan.rules.reasons import covers
from quarterdeck.plan.rules.revision import InForce, kept_plan, plan_from


@dataclass(frozen=True)
class Revision:
    """One publication. `by`, `authors`, `approved_by`: principals' ids; `content_hash`: the SHA-256 of the files."""

    revision: int
    published_at: Instant
    by: str
    reason: str
    content_hash: str
    in_force: bool
    reasons: tuple[Reason, ...]
    authors: tuple[str, ...]
    approved_by: str | None
    """None: adopted without an approval."""
    draft: int | None


@dataclass(frozen=True)
class Why:
    """A publication that changed a clause: what it changed there, and the reasons that it cited for that."""

    publication: Revision
    changes: tuple[Difference, ...]
    """None for the first revision, which brought everything."""
    reasons: tuple[Reason, ...]


def in_force(conn: Connection) -> InForce | None:
    """The revision in force; None before the first publication."""
    row = conn.execute(select(publication).order_by(publication.c.revision.desc()).limit(1)).first()
    return None if row is None else _loaded(conn, row)


def as_of(conn: Connection, instant: Instant) -> InForce | None:
    """The revision that was in force at an instant; None before the first publication."""
    columns = publication.c
    query = select(publication).where(columns.at <= micros(instant)).order_by(columns.revision.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _loaded(conn, row)


def revision(conn: Connection, number: int) -> InForce:
    """A revision by its number. Raises `NotFound`."""
    row = conn.execute(select(publication).where(publication.c.revision == number)).first()
    if row is None:
        raise NotFound(f"plan revision {number}")
    return _loaded(conn, row)


def files(conn: Connection, number: int) -> dict[str, str]:
    """The files of a revision as they were written, name → text. Raises `NotFound`."""
    found = conn.execute(select(revision_table.c.files).where(revision_table.c.revision == number)).scalar()
    if found is None:
        raise NotFound(f"plan revision {number}")
    return dict(found)


def revisions(conn: Connection, *, limit: int = 50, before: int | None = None) -> list[Revision]:
    """Publications, the latest first; `before` continues below a revision number."""
    query = select(publication).order_by(publication.c.revision.desc()).limit(limit)
    if before is not None:
        query = query.where(publication.c.revision < before)
    return _publications(conn, query)


def changed_between(conn: Connection, old: int, new: int) -> tuple[Difference, ...]:
    """What revision `new` says differently from revision `old`, in words. Raises `NotFound`."""
    return differences(revision(conn, old).plan, revision(conn, new).plan)


def why(conn: Connection, clause: str) -> list[Why]:
    """The publications that changed a clause, the latest first, with their reasons; the one that brought it is last.

    `clause`: a dotted path such as `severity.levels.SEV1.update_every`, or the beginning of one. Raises `NotFound` if
    no revision ever had it, `Invalid` if it is empty.
    """
    if not clause.strip():
        raise Invalid("Name a clause.", ("clause: a dotted path, such as severity.levels.SEV1.update_every",))
    columns = difference.c
    parts = clause.split(".")
    above = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    below = columns.clause.startswith(f"{clause}.", autoescape=True)
    query = select(difference).where(columns.clause.in_(above) | below).order_by(columns.revision, columns.place)
    by_revision: dict[int, list[Difference]] = {}
    for row in conn.execute(query):
        change = Difference(row.clause, row.before, row.after, row.sentence)
        by_revision.setdefault(row.revision, []).append(change)
    last = conn.execute(select(func.max(publication.c.revision))).scalar() or 0
    with_it = (
        number for number in (last, 1, *by_revision, *(n - 1 for n in by_revision)) if _has(conn, number, clause)
    )
    if next(with_it, None) is None:
        raise NotFound(f"clause {clause[:200]} in any revision of the plan")
    numbers = [*by_revision, *([1] if _has(conn, 1, clause) else [])]
    found = _publications(conn, select(publication).where(publication.c.revision.in_(numbers)))
    told = [
        Why(one, tuple(by_revision.get(one.revision, ())), _reasons_for(one, by_revision.get(one.revision, ())))
        for one in found
    ]
    return sorted(told, key=lambda one: -one.publication.revision)


def _reasons_for(one: Revision, changes: Any) -> tuple[Reason, ...]:
    """Those that name one of the changed clauses, and those that account for all."""
    return tuple(
        reason
        for reason in one.reasons
        if not reason.clauses or any(covers(named, change.clause) for named in reason.clauses for change in changes)
    )


def _has(conn: Connection, number: int, clause: str) -> bool:
    return number > 0 and clause in clauses(revision(conn, number).plan)


def _publications(conn: Connection, query: Any) -> list[Revision]:
    last = conn.execute(select(publication.c.revision).order_by(publication.c.revision.desc()).limit(1)).scalar()
    return [
        Revision(
            row.revision,
            from_micros(row.at),
            row.by,
            row.reason,
            row.content_hash,
            row.revision == last,
            reasons_from(row.reasons),
            tuple(row.authors),
            row.approved_by,
            row.draft,
        )
        for row in conn.execute(query)
    ]


def _loaded(conn: Connection, row: Any) -> InForce:
    plan = kept_plan(row.content_hash)
    if plan is None:
        document = conn.execute(
            select(revision_table.c.document).where(revision_table.c.revision == row.revision)
        ).scalar_one()
        plan = plan_from(row.content_hash, document)
    return InForce(
        row.revision,
        plan,
        row.content_hash,
        from_micros(row.at),
        row.by,
        row.reason,
        reasons_from(row.reasons),
        tuple(row.authors),
        row.approved_by,
        row.draft,
    )
