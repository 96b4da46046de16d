"""The facts that maturity is derived from, gathered from every room's records; and what they show."""

from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.catalog.views import services
from quarterdeck.command.views import counted_by_type
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.views import lessons, reviews
from quarterdeck.plan.rules import InForce, documents
from quarterdeck.plan.views import in_force, last_touched, revisions, settled_reviews, upkeep
from quarterdeck.readiness.rules.maturity import Approval, Assessment, Facts, Rated, sim3
from quarterdeck.readiness.rules.tiers import Practice, Tier, tiers
from quarterdeck.readiness.views.covering import coverage, tried


@dataclass(frozen=True)
class Maturity:
    """A vector, never one score. `derivable`: of how many SIM3 parameters a level could be derived."""

    sim3: tuple[Rated, ...]
    tiers: tuple[Tier, ...]

    @property
    def derivable(self) -> int:
        return sum(one.level is not None for one in self.sim3)


def maturity(conn: Connection, now: Instant) -> Maturity:
    """What the records show now."""
    facts = _facts(conn, now)
    return Maturity(sim3(facts), tiers(facts, _practice(conn, now)))


def _facts(conn: Connection, now: Instant) -> Facts:
    found = in_force(conn)
    published = {row.revision: row for row in revisions(conn, limit=10_000)}
    touched = last_touched(conn) if found else {}
    keys = [document.key for document in documents(found.plan)] if found else []
    approvals = {}
    for key in keys:
        row = published[touched.get(key, 1)]
        authors = tuple(_person(one) for one in row.authors)
        approvals[key] = Approval(row.revision, row.published_at, _person(row.approved_by) or None, authors)
    return Facts(
        plan=found.plan if found else None,
        revision=found.revision if found else None,
        now=now,
        approvals=approvals,
        assessments={
            key: tuple(Assessment(one.at, _person(one.by)) for one in settled_reviews(conn, key)) for key in keys
        },
        intervals={one.key: one.review_interval_days for one in documents(found.plan)} if found else {},
        seniors=_seniors(conn, found),
        names=person_names(conn),
        services=len(services(conn)),
        incidents=sum(counted_by_type(conn, from_micros(0)).values()),
    )


def _person(principal: str | None) -> str:
    return (principal or "").removeprefix("person/")


def _seniors(conn: Connection, found: InForce | None) -> frozenset[str]:
    """Those at whom the plan's paths end: the governance level above whoever keeps the plan."""
    if found is None:
        return frozenset()
    ids = {one.login: one.id for one in people(conn) if one.active}
    logins = {found.plan.posts[path.final].login for path in found.plan.escalation.values()}
    return frozenset(ids[login] for login in logins if login in ids)


def _practice(conn: Connection, now: Instant) -> Practice:
    covered, kept = coverage(conn, now), upkeep(conn)
    held, missed = ("approved", "published"), ("overdue", "waived")
    owed = {state: len(reviews(conn, state, limit=500)[0]) for state in (*held, *missed)}
    every, _ = lessons(conn, limit=500)
    by_lesson = [
        row.revision for row in revisions(conn, limit=10_000) if any(one.kind == "lesson" for one in row.reasons)
    ]
    first = min(by_lesson, default=None)
    return Practice(
        types=len(covered.rows),
        exercised=covered.within,
        documents=len(kept),
        reviews_overdue=sum(row.overdue for row in kept),
        reviews_owed=sum(owed.values()),
        reviews_held=sum(owed[state] for state in held),
        lessons=len(every),
        lessons_in_plan=sum(one.closing == "revision" for one in every),
        exercises_after_lessons=sum(first is not None and one.revision >= first for one in tried(conn)),
    )
