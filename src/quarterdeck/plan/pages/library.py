"""The library: every document of the framework in its place, who keeps it, what is due of it, and what it lacks."""

from collections.abc import Mapping
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy import Connection

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.panel import DocumentColumn, Fact, Hung
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.plan import views
from quarterdeck.plan.pages.forms import READ
from quarterdeck.plan.pages.reading import body, reading
from quarterdeck.plan.pages.references import Trail
from quarterdeck.plan.rules.governed import TRIGGERS
from quarterdeck.plan.sources.packs import packs
from quarterdeck.plan.views import actor
from quarterdeck.record import Record

WHAT: dict[str, str] = {
    "review-date": "its date has come",
    "significant-incident": "a significant incident",
    "type-without-procedure": "a type without a procedure worth the name",
    "service-without-cover": "a service without cover",
    "step-not-followed": "a step that is not followed",
    "exercise-failed": "an exercise that failed",
    "role-holder-left": "somebody who left",
    "environment-change": "a change around the plan",
}
"""Triggers as they are said."""
CLAUSES = {"policy": "policies.{}", "procedure": "procedures.{}", "guideline": "guidelines.{}"}


def library_of(conn: Connection, hung: Hung, now: Instant) -> views.Library | None:
    """The library with what other rooms know of exercises."""
    return views.library(conn, packs(), now, exercised=exercised(conn, hung))


def exercised(conn: Connection, hung: Hung) -> bool | None:
    """Whether a procedure was exercised as it stands; None where no room keeps a record of exercises."""
    column = next((one for one in hung.columns if one.name == "exercised"), None)
    if column is None:
        return None
    facts = {key: fact.at for key, fact in column.facts(conn).items() if fact.at is not None}
    return views.exercised_as_it_stands(conn, facts)


@get("/plan/library", opt=READ, sync_to_thread=True)
def library_page(record: NamedDependency[Record], hung: NamedDependency[Hung]) -> Template:
    """Every document, and first those that wait for somebody."""
    now = record.clock.now()
    with record.read() as conn:
        found = library_of(conn, hung, now)
        if found is None:
            return Template("plan/none.html")
        columns = [(column, column.facts(conn)) for column in hung.columns]
        open_changes = len(views.changes(conn, open_only=True))
    context = {
        "found": found.found,
        "shelf": found.shelf,
        "waiting": [row for row in found.shelf if row.upkeep and (row.upkeep.overdue or row.upkeep.reviews)],
        "columns": [column for column, _ in columns],
        "facts": {row.document.key: [_fact(row, *column) for column in columns] for row in found.shelf},
        "open_changes": open_changes,
        "what": WHAT,
        "moment": now,
    }
    return Template("plan/library.html", context=context)


def _fact(row: views.Shelved, column: DocumentColumn, facts: Mapping[str, Fact]) -> Fact | None:
    """None: the column says nothing about documents of this kind."""
    if row.document.kind not in column.kinds:
        return None
    return facts.get(row.document.key, Fact(None, column.absent))


@get("/plan/documents/{key:str}", opt=READ, sync_to_thread=True)
def document_page(
    record: NamedDependency[Record], who: NamedDependency[Principal], hung: NamedDependency[Hung], key: FromPath[str]
) -> Template:
    """One document: what it says, its reviews, and how it fared in use."""
    now = record.clock.now()
    with record.read() as conn:
        found = library_of(conn, hung, now)
        row = found.one(key) if found else None
        if found is None or row is None:
            raise NotFound(f"document {key[:80]} in the plan in force")
        names, trail = person_names(conn), Trail(conn, hung.references)
        panels = [
            (panel, values) for panel in hung.panels if (values := panel.context(conn, who, key, now)) is not None
        ]
        columns = [(column, _fact(row, column, column.facts(conn))) for column in hung.columns]
        context = {
            "row": row,
            "plan": found.found.plan,
            "found": found.found,
            "parent": found.one(row.document.parent) if row.document.parent else None,
            "children": found.under(key),
            "facts": [(column.title, fact) for column, fact in columns if fact is not None],
            "panels": panels,
            "reviews": _reviews(row, trail),
            "settled": [(one, actor(one.by, names)) for one in views.settled_reviews(conn, key)],
            "newer": _revisions_since(conn, row),
            "may_plan": may(who, Permission.PLAN),
            "clause": CLAUSES.get(row.document.kind, "").format(row.document.id),
            "body": body(row.document, 3),
            **reading(found.found.plan),
            "moment": now,
            "what": WHAT,
            "triggers": [(one, WHAT[one]) for one in TRIGGERS],
        }
    return Template("plan/document.html", context=context)


def _reviews(row: views.Shelved, trail: Trail) -> list[dict[str, Any]]:
    reviews = row.upkeep.reviews if row.upkeep else ()
    return [{"review": one, "why": trail.runs(one.why), "behind": trail.behind(one.ref, one.why)} for one in reviews]


def _revisions_since(conn: Connection, row: views.Shelved) -> list[tuple[str, str]]:
    """Revisions that may have settled its open reviews, for a form's select; the latest first."""
    since = min((one.opened_at for one in row.upkeep.reviews), default=None) if row.upkeep else None
    return [
        (str(one.revision), f"{one.revision}: {one.reason[:80]}")
        for one in views.revisions(conn, limit=20)
        if since is None or one.published_at >= since
    ]


ROUTES = [library_page, document_page]
