"""What is owed by when: the duties, what of them is overdue, and what a duty would have caught in the past."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.command.views import Spell, spells, titles
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.events.duties import Duty, Subject
from quarterdeck.learning.projections.duties import duties_revision
from quarterdeck.learning.projections.improving import improvement, improvement_step
from quarterdeck.learning.projections.lessoning import lesson, lesson_step
from quarterdeck.learning.projections.reviewing import review
from quarterdeck.learning.rules import duties as rules
from quarterdeck.learning.rules.duties import Duties
from quarterdeck.learning.views.recurring import recurrence_checks
from quarterdeck.plan.rules.model import Calendar
from quarterdeck.plan.views import in_force, upkeep

MOST = 50_000
"""Incidents that are looked at for reviews, the latest."""


@dataclass(frozen=True)
class Case:
    """One thing that is owed or was: since when, when it was settled. `due`: a day of its own, apart from duties."""

    subject: Subject
    ref: str
    title: str
    href: str
    owner: str | None
    severity: str | None
    since: Instant
    settled: Instant | None = None
    due: Instant | None = None
    rule: str = ""


@dataclass(frozen=True)
class Owed:
    """Something overdue. `owner`: a person's id, or None if nobody looks after it; `rule`: why it was due then.

    Rooms above bring rows of their own, with a `subject` of their own.
    """

    subject: str
    ref: str
    title: str
    href: str
    owner: str | None
    owner_name: str | None
    since: Instant
    due: Instant
    rule: str


@dataclass(frozen=True)
class Caught:
    """A case that a duty would have caught: settled so late, or not yet."""

    case: Case
    due: Instant
    late: timedelta


@dataclass(frozen=True)
class Preview:
    """Over the record since then: of so many cases, which the duty would have caught."""

    duty: Duty
    sentence: str
    since: Instant
    cases: int
    caught: tuple[Caught, ...]


@dataclass(frozen=True)
class DutiesRevision:
    at: Instant
    by: str
    by_name: str
    reason: str


def duties_now(conn: Connection) -> tuple[Duties, DutiesRevision | None]:
    """The duties in force, and who revised them last; None: they are as they come."""
    row = conn.execute(select(duties_revision).order_by(duties_revision.c.place.desc()).limit(1)).first()
    if row is None:
        return Duties(), None
    known = Duties(tuple(msgspec.convert(row.duties, list[Duty])))
    return known, DutiesRevision(from_micros(row.at), row.by, person_names(conn).get(row.by, row.by), row.reason)


def owed(conn: Connection, now: Instant) -> list[Owed]:
    """Everything of learning and of the plan's upkeep that is overdue, the longest first."""
    known, _ = duties_now(conn)
    names, calendar = person_names(conn), _calendar(conn)
    found = []
    for subject in rules.SUBJECTS:
        for case in _standing(conn, subject, known):
            duty = known.for_(subject, case.severity)
            limits = [(case.due, case.rule)] if case.due else []
            if duty is not None and (subject != "improvement" or not limits):
                limits.append((rules.due(duty, case.since, calendar), rules.sentence(duty)))
            due, rule = min(limits, default=(None, ""))
            if due is not None and due < now:
                name = names.get(case.owner or "", case.owner)
                found.append(Owed(subject, case.ref, case.title, case.href, case.owner, name, case.since, due, rule))
    return sorted(found, key=lambda one: (one.due, one.ref))


def _standing(conn: Connection, subject: Subject, known: Duties) -> Iterator[Case]:
    """What is not settled. Of incidents without a review only those are looked at that a duty speaks of."""
    if subject != "review":
        yield from (case for case in cases(conn, subject) if case.settled is None)
        return
    spoken_of = [one for one in known.duties if one.enabled and one.subject == "review"]
    severities = (
        None if any(not one.severities for one in spoken_of) else [s for one in spoken_of for s in one.severities]
    )
    owed_ones = conn.execute(select(review.c.number).where(review.c.owed)).scalars().all()
    found = spells(conn, severities=severities, limit=MOST) if spoken_of else []
    found += [one for number in owed_ones for one in spells(conn, number=number)]
    unique = {one.number: one for one in found}
    yield from (case for case in _of_reviews(conn, list(unique.values())) if case.settled is None)


def would_have_caught(conn: Connection, duty: Duty, now: Instant, since: Instant) -> Preview:
    """What the duty would have caught of everything owed since then, whether it is in force or not."""
    calendar, caught, count = _calendar(conn), [], 0
    for case in cases(conn, duty.subject):
        if case.since < since or (duty.severities and case.severity not in duty.severities):
            continue
        count += 1
        due = rules.due(duty, case.since, calendar)
        if due < (case.settled or now):
            caught.append(Caught(case, due, (case.settled or now) - due))
    caught.sort(key=lambda one: -one.late)
    return Preview(duty, rules.sentence(duty), since, count, tuple(caught))


def cases(conn: Connection, subject: Subject) -> Iterator[Case]:
    """Everything of this kind that was ever owed. Of documents only those that wait now are known."""
    return _CASES[subject](conn)


def _calendar(conn: Connection) -> Calendar:
    found = in_force(conn)
    return found.plan.calendar if found else Calendar()


def _reviews(conn: Connection) -> Iterator[Case]:
    yield from _of_reviews(conn, spells(conn, limit=MOST))


def _of_reviews(conn: Connection, found: list[Spell]) -> Iterator[Case]:
    """Of incidents that ran their course: those that nobody opened a review for are owed one by a duty alone."""
    rows = {row.number: row for row in conn.execute(select(review))}
    ended = [one for one in found if one.over and not one.drill and one.source is None]
    title_of = titles(conn, [one.number for one in ended])
    for one in ended:
        if one.resolved_at is None:
            continue
        row = rows.get(one.number)
        settled = None
        if row is not None and not row.owed:
            settled = from_micros(row.approved_at or row.settled_at or row.opened_at)
        due, rule = (from_micros(row.due), row.rule) if row is not None and row.owed else (None, "")
        owner = row.facilitator if row is not None else None
        yield Case(
            "review",
            f"INC-{one.number}",
            f"Review of {title_of.get(one.number, '')}",
            f"/reviews/{one.number}" if row is not None else f"/incidents/{one.number}",
            owner,
            row.severity if row is not None else one.severity,
            one.resolved_at,
            settled,
            due,
            f"The review is held {rule}." if rule else "",
        )


def _lessons(subject: Subject, opens: tuple[str, ...], ends: tuple[str, ...]) -> Callable[[Connection], Iterator[Case]]:
    """From a step that opens it to the next one that settles it; it may open again.

    A lesson of an incident that was managed elsewhere came with its history: nobody here is late with it.
    """

    def gathered(conn: Connection) -> Iterator[Case]:
        behind = _behind(conn)
        severities = {one.number: one.severity for one in behind}
        elsewhere = {one.number for one in behind if one.source is not None}
        rows = {row.number: row for row in conn.execute(select(lesson)) if row.incident not in elsewhere}
        begun: dict[int, Instant] = {}
        steps = select(lesson_step).where(lesson_step.c.what.in_((*opens, *ends)))
        for step in conn.execute(steps.order_by(lesson_step.c.lesson, lesson_step.c.place)):
            if step.lesson not in rows:
                continue
            at = from_micros(step.at)
            if step.what in ends and step.lesson in begun:
                yield _of_lesson(rows[step.lesson], severities, begun.pop(step.lesson), at)
            if step.what in opens:
                begun.setdefault(step.lesson, at)
        for number, at in begun.items():
            yield _of_lesson(rows[number], severities, at, None)

    def _of_lesson(row: object, severities: dict[int, str], since: Instant, settled: Instant | None) -> Case:
        words: dict[str, object] = row._mapping  # type: ignore[attr-defined]  # a row of SQLAlchemy's
        headline = " ".join(str(words["change"] or words["insight"] or words["observation"]).split())[:200]
        number, incident = words["number"], words["incident"]
        severity = severities.get(incident) if isinstance(incident, int) else None
        owner = words["owner"]
        return Case(
            subject,
            f"L-{number}",
            headline,
            f"/lessons/{number}",
            str(owner) if owner else None,
            severity,
            since,
            settled,
        )

    return gathered


def _behind(conn: Connection) -> list[Spell]:
    numbers = conn.execute(select(lesson.c.incident).where(lesson.c.incident.is_not(None)).distinct()).scalars().all()
    return [one for number in numbers for one in spells(conn, number=number)]


def _improvements(conn: Connection) -> Iterator[Case]:
    done = _first_steps(conn, ("done", "cancelled"))
    for row in conn.execute(select(improvement)):
        settled = done.get(row.number) if row.state not in ("proposed", "agreed", "doing") else None
        yield Case(
            "improvement",
            f"A-{row.number}",
            row.title,
            f"/actions/{row.number}",
            None if row.owner_left else row.owner,
            row.severity,
            from_micros(row.proposed_at),
            settled,
            from_micros(row.due),
            row.rule,
        )


def _first_steps(conn: Connection, whats: tuple[str, ...]) -> dict[int, Instant]:
    query = select(improvement_step).where(improvement_step.c.what.in_(whats)).order_by(improvement_step.c.place.desc())
    return {step.action: from_micros(step.at) for step in conn.execute(query)}


def _verifications(conn: Connection) -> Iterator[Case]:
    rows = {row.number: row for row in conn.execute(select(improvement))}
    steps = select(improvement_step).where(
        improvement_step.c.what.in_(("done", "verified", "not done yet", "cancelled"))
    )
    begun: dict[int, Instant] = {}

    def case(number: int, settled: Instant | None) -> Case:
        row = rows[number]
        title, href = f"Verify: {row.title}", f"/actions/{number}"
        return Case("verification", f"A-{number}", title, href, None, row.severity, begun.pop(number), settled)

    for step in conn.execute(steps.order_by(improvement_step.c.action, improvement_step.c.place)):
        if step.what == "done":
            begun[step.action] = from_micros(step.at)
        elif step.action in begun:
            yield case(step.action, from_micros(step.at))
    for number in list(begun):
        yield case(number, None)


def _documents(conn: Connection) -> Iterator[Case]:
    ids = {one.login: one.id for one in people(conn) if one.active}
    for row in upkeep(conn):
        for one in row.reviews:
            title, owner = f"{row.title}: {one.why}", ids.get(row.owner or "")
            yield Case("document", row.document, title, "/plan/library", owner, None, one.opened_at)


def _recurrence(conn: Connection) -> Iterator[Case]:
    for row in recurrence_checks(conn, limit=500):
        if row.found:
            title, href = f"What recurred up to {row.month}", f"/patterns/checks/{row.month}"
            yield Case("recurrence", row.month, title, href, None, None, row.checked_at, row.assessed_at)


_CASES: dict[Subject, Callable[[Connection], Iterator[Case]]] = {
    "review": _reviews,
    "validation": _lessons("validation", ("identified",), ("validated", "closed")),
    "disposition": _lessons("disposition", ("validated", "given back", "reopened"), ("disposed of", "closed")),
    "improvement": _improvements,
    "verification": _verifications,
    "document": _documents,
    "recurrence": _recurrence,
}
