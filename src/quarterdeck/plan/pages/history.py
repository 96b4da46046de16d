"""The plan's history: what each revision changed, any two compared in words and line by line, why a clause is there."""

from itertools import groupby
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.panel import Hung
from quarterdeck.plan import views
from quarterdeck.plan.events import Reason
from quarterdeck.plan.pages.forms import READ
from quarterdeck.plan.pages.references import Trail
from quarterdeck.plan.rules import Difference, Plan, document_of, documents
from quarterdeck.plan.rules.clauses import named, said, trail
from quarterdeck.plan.rules.sides import FileSides, sides
from quarterdeck.plan.views import actor
from quarterdeck.record import Record

Number = Annotated[int, Parameter(ge=1, le=2**31 - 1)]
LISTED = 100
ROWS = 4_000
"""Rows of all files together that one page shows side by side."""


@get("/plan/revisions", opt=READ, sync_to_thread=True)
def revisions_page(record: NamedDependency[Record], before: FromQuery[int | None] = None) -> Template:
    """What was published when, by whom and why; any two can be compared."""
    with record.read() as conn:
        rows, names = views.revisions(conn, limit=LISTED + 1, before=before), person_names(conn)
        counts = views.change_counts(conn)
        newest = views.revisions(conn, limit=1)
    context: dict[str, Any] = {
        "revisions": rows[:LISTED],
        "name": lambda by: actor(by, names),
        "counts": counts,
        "latest": newest[0].revision if newest else 0,
        "older": rows[LISTED - 1].revision if len(rows) > LISTED else None,
    }
    return Template("plan/revisions.html", context=context)


@get("/plan/revisions/{number:int}/changes", opt=READ, sync_to_thread=True)
def changes_page(record: NamedDependency[Record], hung: NamedDependency[Hung], number: FromPath[int]) -> Template:
    """What a revision changed and why."""
    with record.read() as conn:
        found, names = views.published(conn, number), person_names(conn)
        plan = views.revision(conn, number).plan
        changes = views.changed_by(conn, number)
        before = views.files(conn, number - 1) if number > 1 else {}
        shown, left_out = _within(sides(before, views.files(conn, number)) if number > 1 else ())
        reasons = _reasons(Trail(conn, hung.references), found.reasons)
    context = {
        "found": found,
        "plan": plan,
        "by": actor(found.by, names),
        "authors": [actor(one, names) for one in found.authors],
        "approved_by": actor(found.approved_by, names) if found.approved_by else None,
        "reasons": reasons,
        "groups": by_document(plan, changes),
        "count": len(changes),
        "sides": shown,
        "left_out": left_out,
    }
    return Template("plan/changes.html", context=context)


@get("/plan/differences", opt=READ, sync_to_thread=True)
def differences_page(record: NamedDependency[Record], old: Number, new: Number) -> Template:
    """Two revisions compared: in words, and their files side by side."""
    with record.read() as conn:
        changes = views.changed_between(conn, old, new)
        plan = views.revision(conn, new).plan
        shown, left_out = _within(sides(views.files(conn, old), views.files(conn, new)))
        latest = views.revisions(conn, limit=1)[0].revision
    context = {
        "old": old,
        "new": new,
        "latest": latest,
        "groups": by_document(plan, changes),
        "count": len(changes),
        "sides": shown,
        "left_out": left_out,
    }
    return Template("plan/differences.html", context=context)


@get("/plan/why", opt=READ, sync_to_thread=True)
def why_page(record: NamedDependency[Record], hung: NamedDependency[Hung], clause: FromQuery[str] = "") -> Template:
    """Why a clause is there: every publication that changed it, its reasons, and what stands behind them."""
    clause = clause.strip()
    with record.read() as conn:
        in_force = views.in_force(conn)
        plan = in_force.plan if in_force else None
        if plan is None or not clause:
            return Template(
                "plan/why.html", context={"clause": "", "sections": list(plan.model_dump()) if plan else []}
            )
        found, names = views.why(conn, clause), person_names(conn)
        trail_of_reasons = Trail(conn, hung.references)
        told = [
            {
                "publication": one.publication,
                "by": [actor(author, names) for author in one.publication.authors],
                "approved_by": actor(one.publication.approved_by, names) if one.publication.approved_by else None,
                "changes": one.changes,
                "reasons": _reasons(trail_of_reasons, one.reasons),
            }
            for one in found
        ]
        last = _last_with(conn, clause, plan, [one.publication.revision for one in found])
    context = {
        "clause": clause,
        "name": named(last, clause),
        "value": said(plan, clause),
        "gone": not clause_stands(plan, clause),
        "above": trail(last, clause),
        "told": told,
    }
    return Template("plan/why.html", context=context)


def clause_stands(plan: Plan, clause: str) -> bool:
    return said(plan, clause) is not None


def _last_with(conn: Connection, clause: str, plan: Plan, numbers: list[int]) -> Plan:
    """The plan in force, or the last that still had the clause, so that it can be named."""
    for number in numbers:
        if clause_stands(plan, clause):
            break
        plan = views.revision(conn, max(number - 1, 1)).plan
    return plan


def _reasons(trail: Trail, reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": reason.kind.replace("-", " "),
            "runs": trail.runs(reason.text),
            "ref": trail.runs(reason.ref) if reason.ref else (),
            "behind": trail.behind(reason.ref, reason.text),
            "clauses": reason.clauses,
        }
        for reason in reasons
    ]


def by_document(plan: Plan, changes: tuple[Difference, ...]) -> list[tuple[str, str, list[Difference]]]:
    """Key, title and changes of each document that changed, in the order of the framework."""
    titles = {one.key: one.title for one in documents(plan)}
    places = {key: place for place, key in enumerate(titles)}
    ordered = sorted(changes, key=lambda one: places.get(document_of(one.clause), len(places)))
    groups = groupby(ordered, key=lambda one: document_of(one.clause))
    return [(key if key in titles else "", titles.get(key, key), list(some)) for key, some in groups]


def _within(files: tuple[FileSides, ...]) -> tuple[list[FileSides], list[FileSides]]:
    """As many files as one page shows, and the rest, of which it tells only how much differs."""
    shown, rows = list[FileSides](), 0
    for one in files:
        rows += len(one.rows)
        if rows > ROWS:
            break
        shown.append(one)
    return shown, list(files[len(shown) :])


ROUTES = [revisions_page, changes_page, differences_page, why_page]
