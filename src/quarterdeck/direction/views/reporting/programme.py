"""The quarterly programme report: is incident management itself getting better, and what do we ask for."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.command.views import conformance_across
from quarterdeck.direction.rules.measures import Asked
from quarterdeck.direction.rules.measures.standing import told
from quarterdeck.direction.rules.reporting.quarters import Quarter
from quarterdeck.direction.rules.reporting.wording import day, linked, referred
from quarterdeck.direction.views.exposing import advice, exposure
from quarterdeck.direction.views.measuring.overview import BETTER, DONE
from quarterdeck.direction.views.objectives import objectives
from quarterdeck.direction.views.owing import SUBJECTS, debt
from quarterdeck.direction.views.reporting import parts
from quarterdeck.direction.views.reporting.capabilities import capabilities
from quarterdeck.direction.views.reporting.decisions import wanted
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.views import improvements, lessons
from quarterdeck.paper.document import Block, Document, Paragraph, Span, Table, Words, bullets
from quarterdeck.plan.views import Revision, in_force, revisions
from quarterdeck.readiness.rules.tiers import TIERS
from quarterdeck.readiness.views import coverage, exercises, maturity

MOST = 500
_ENDED = {
    "revision": "closed by a revision of the plan",
    "improvement": "closed by an improvement",
    "rejection": "rejected",
}


def programme(conn: Connection, quarter: Quarter, now: Instant) -> Document:
    """One quarter. What stands rather than happened (objectives, coverage, maturity, debt) is as of today."""
    until = min(quarter.ends, now)
    asked = Asked(micros(quarter.begins), micros(until))
    return Document(
        title=f"Incident management programme, {quarter.name}",
        subtitle=f"{day(quarter.begins)} to {day(until - timedelta(seconds=1))}",
        facts=(
            ("Compared with", f"{quarter.before.name}, and as many days of it"),
            ("As of today", "objectives, coverage, maturity, losses, debt and what we ask for"),
        ),
        blocks=tuple(_blocks(conn, quarter, asked, until, now)),
        foot=f"Made on {now:%Y-%m-%d %H:%M} UTC.",
    )


def _blocks(conn: Connection, quarter: Quarter, asked: Asked, until: Instant, now: Instant) -> Iterator[Block]:
    then = "as many days before"
    yield from parts.section(
        "Is it getting better?",
        parts.measures(conn, (*BETTER, *DONE), asked, until, then),
        parts.weekly(conn, asked, until),
    )
    found = capabilities(conn, asked, until, past=until < now)
    yield from parts.section("Capabilities against what they can bear", parts.capability_table(found, asked))
    yield from parts.section("Objectives", _objectives(conn, now))
    yield from parts.section("Was the plan followed?", _followed(conn, quarter.begins))
    yield from parts.section("What was learnt, and what it changed", _learnt(conn, quarter.begins, until))
    yield from parts.section("What was tried", _tried(conn, quarter.begins, until, now))
    yield from parts.section("Maturity", _maturity(conn, now))
    yield from parts.section("What incidents cost", parts.losses(exposure(conn, now)))
    yield from parts.section("Debt", _debt(conn, now))
    weighed = advice(conn, now)
    yield from parts.section(
        "What we ask for",
        parts.asked_for(wanted(conn, now), now),
        Paragraph(referred(f"{weighed.sentence} {weighed.proof}")),
    )


def _objectives(conn: Connection, now: Instant) -> Iterator[Block]:
    rows: list[tuple[Words, ...]] = []
    for one in objectives(conn, now, verdicts_only=True).rows:
        said = [told(each.kpi, each.standing) for each in one.measures if each.standing]
        rows.append(
            (
                parts.leading(one.objective.title, f"/objectives#objective-{one.id}"),
                one.verdict,
                " ".join(said) or "Nothing measures it.",
            )
        )
    if rows:
        yield Table(("Objective", "Verdict", "By which figures"), tuple(rows), widths=(2.4, 1.3, 4))
    else:
        yield Paragraph("The plan in force names none.")


def _followed(conn: Connection, since: Instant) -> Iterator[Block]:
    rows = [one for one in conformance_across(conn, since=since, by="type") if one.mandatory.n]
    if not rows:
        yield Paragraph("No step of the plan fell due.")
        return
    plan = in_force(conn)
    titles = {id: one.title for id, one in plan.plan.types.items()} if plan else {}
    yield Paragraph(f"Since {day(since)}, up to today.", "soft")
    yield Table(
        ("Type of incident", "Incidents", "Mandatory steps followed", "95 %"),
        tuple(
            (
                parts.leading(titles.get(one.key, one.title), "/conformance?by=type"),
                f"{one.incidents}",
                f"{one.mandatory.followed} of {one.mandatory.n}",
                f"{one.mandatory.low * 100:.0f} to {one.mandatory.high * 100:.0f} %",
            )
            for one in rows
        ),
        right=(1, 2, 3),
    )


def _learnt(conn: Connection, since: Instant, until: Instant) -> Iterator[Block]:
    published = [one for one in revisions(conn, limit=MOST) if since <= one.published_at < until]
    closed = [one for one in lessons(conn, "closed", limit=MOST)[0] if one.closed_at and since <= one.closed_at < until]
    verified = [
        one
        for one in improvements(conn, "verified", limit=MOST)[0]
        if one.verified_at is not None and since <= one.verified_at < until
    ]
    lines = [
        *(_revised(one) for one in published),
        *(referred(f"{one.name} {_ENDED.get(one.closing or '', '')}: {one.headline}") for one in closed),
        *(referred(f"{one.name} verified: {one.title}") for one in verified),
    ]
    yield bullets(*lines) if lines else Paragraph("No lesson was closed, and the plan was not revised.")


def _revised(one: Revision) -> Words:
    named = Span(f"Revision {one.revision}", href=f"/plan/revisions/{one.revision}")
    return (named, Span(f" of the plan, {day(one.published_at)}: "), *referred(one.reason))


def _tried(conn: Connection, since: Instant, until: Instant, now: Instant) -> Iterator[Block]:
    held = [one for one in exercises(conn, limit=MOST)[0] if one.ended_at and since <= one.ended_at < until]
    lines = [referred(f"{one.name} {one.title}: {_failed(len(one.failed))}.") for one in held]
    yield bullets(*lines) if lines else Paragraph("Nothing was exercised in this quarter.")
    found = coverage(conn, now)
    if found.rows:
        said = f"{found.within} of {len(found.rows)} types of incident were exercised within their interval."
        yield Paragraph(linked(said, "/readiness"))
    if found.next:
        yield Paragraph(f"Worth exercising next: {found.next[0].title}. {found.next[0].why}")


def _failed(count: int) -> str:
    if not count:
        return "nothing failed"
    return "one objective was not met" if count == 1 else f"{count} objectives were not met"


def _maturity(conn: Connection, now: Instant) -> Iterator[Block]:
    """A vector, never one score."""
    found = maturity(conn, now)
    yield Table(
        ("Function (NIST CSF)", "Tier", "What is missing for more"),
        tuple(
            (
                parts.leading(one.title, "/readiness/maturity"),
                f"{one.tier} {TIERS[one.tier]}" if one.tier else "none",
                next((rung.asks for rung in one.rungs if not rung.met), "") or one.why,
            )
            for one in found.tiers
        ),
        widths=(2, 1.4, 4),
    )
    levels = ", ".join(f"{one.id} {one.level}" for one in found.sim3 if one.level is not None)
    yield Paragraph(
        f"SIM3: of {len(found.sim3)} parameters {found.derivable} can be derived from the record: {levels or 'none'}.",
        "soft",
    )


def _debt(conn: Connection, now: Instant) -> Iterator[Block]:
    rows = debt(conn, now)
    if not rows:
        yield Paragraph("Nothing is overdue.")
        return
    table: list[tuple[Words, ...]] = []
    for subject, words in SUBJECTS.items():
        mine = [row for row in rows if row.subject == subject]
        if mine:
            oldest = (now - min(row.due for row in mine)).days
            nobody = sum(row.owner is None for row in mine)
            table.append(
                (
                    parts.leading(words.capitalize(), f"/debt?subject={subject}"),
                    f"{len(mine)}",
                    f"{oldest} days",
                    f"{nobody}",
                )
            )
    yield Table(("What", "Overdue", "The oldest", "Without an owner"), tuple(table), right=(1, 2, 3))
