"""Upkeep for programs: which documents are due a review, and what changed around the plan."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.plan import actions, views
from quarterdeck.plan.api.revisions import READ
from quarterdeck.plan.events import ChangeKind, Outcome
from quarterdeck.record import Record

PLAN: dict[str, Any] = {"may": Permission.PLAN}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}


class ReviewOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`revision`: the one that came of it, with the outcome `revision` and only then."""

    outcome: Outcome
    reason: str
    revision: int | None = None


class NewChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`documents`: keys of those that may have to follow; a review of each is opened."""

    kind: ChangeKind
    text: str
    happened_at: Instant
    documents: tuple[str, ...] = ()


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two: why the plan need not follow, or the revision that does."""

    no_impact: str | None = None
    revision: int | None = None


@get("/api/plan/upkeep", opt=READ, sync_to_thread=True)
def list_upkeep(record: NamedDependency[Record]) -> dict[str, list[views.UpkeepRow]]:
    """Every document with its next date and its open reviews: overdue ones first."""
    with record.read() as conn:
        return {"items": views.upkeep(conn)}


@get("/api/plan/documents/{document:str}/reviews", opt=READ, sync_to_thread=True)
def list_document_reviews(
    record: NamedDependency[Record], document: FromPath[str]
) -> dict[str, list[views.SettledReview]]:
    """What came of a document's reviews, the latest first."""
    with record.read() as conn:
        return {"items": views.settled_reviews(conn, document)}


@post("/api/plan/documents/{document:str}/reviews", opt=PLAN, sync_to_thread=True)
def settle_document_review(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    document: FromPath[str],
    data: JSONBody[ReviewOutcome],
) -> views.UpkeepRow:
    """The document was looked at: settles every open review of it; its next date counts from now."""
    record.perform(
        who,
        lambda tx: actions.settle_document_review(
            tx, document=document, outcome=data.outcome, reason=data.reason, revision=data.revision
        ),
    )
    with record.read() as conn:
        found = next((row for row in views.upkeep(conn) if row.document == document), None)
    if found is None:
        raise NotFound(f"document {document}")
    return found


@get("/api/plan/changes", opt=READ, sync_to_thread=True)
def list_changes(record: NamedDependency[Record]) -> dict[str, list[views.ChangeRow]]:
    """Changes around the plan: open ones first."""
    with record.read() as conn:
        return {"items": views.changes(conn)}


@post("/api/plan/changes", opt=RESPOND, sync_to_thread=True)
def log_change(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewChange]
) -> views.ChangeRow:
    """Note that something changed which the plan rests on."""
    facts = {name: getattr(data, name) for name in ("kind", "text", "happened_at", "documents")}
    facts["happened_at"] = reachable("happened_at", data.happened_at)
    number = record.perform(who, lambda tx: actions.log_change(tx, **facts))
    with record.read() as conn:
        return views.change(conn, number)


@post("/api/plan/changes/{number:int}/closing", opt=PLAN, sync_to_thread=True, status_code=200)
def close_change(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Closing]
) -> views.ChangeRow:
    """Close a change, with no impact and why, or with the revision that follows it."""
    record.perform(
        who, lambda tx: actions.close_change(tx, number=number, no_impact=data.no_impact, revision=data.revision)
    )
    with record.read() as conn:
        return views.change(conn, number)


ROUTES = [list_upkeep, list_document_reviews, settle_document_review, list_changes, log_change, close_change]
