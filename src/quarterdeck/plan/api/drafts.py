"""Drafts for programs: open one, save its text, and take it through review and approval to publication."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.api.revisions import READ, Limit, before
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.reading import MAX_TOTAL
from quarterdeck.record import Record

PLAN: dict[str, Any] = {"may": Permission.PLAN}
_MAX_BODY = 2 * MAX_TOTAL
"""JSON escapes lengthen the texts."""
Document = dict[str, Any]


class NewDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`files`: name → text; none: the text of `based_on`, which is the revision in force unless you name another."""

    title: str
    files: dict[str, str] | None = None
    based_on: int | None = None
    note: str = ""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seen`: the version you began from. `based_on`: the later revision whose changes you have taken in."""

    files: dict[str, str]
    seen: int
    based_on: int | None = None


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the plan changes. None: the reasons that the draft was proposed with."""

    reasons: tuple[Reason, ...] = ()


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    comment: str


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seen`: the version that you read."""

    seen: int
    comment: str = ""


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str


def _found(record: Record, number: int) -> Document:
    with record.read() as conn:
        page = views.draft(conn, number)
    return {**asdict(page.draft), **{name: value for name, value in vars(page).items() if name != "draft"}}


@get("/api/plan/drafts", opt=READ, sync_to_thread=True)
def list_drafts(
    record: NamedDependency[Record],
    status: Annotated[str | None, QueryParameter(name="state")] = None,
    limit: Limit = 50,
    cursor: FromQuery[str | None] = None,
) -> Document:
    """Drafts, the latest first: those under way, or of one `state`, or `all`."""
    below = before(cursor)
    with record.read() as conn:
        items = views.drafts(conn, state=status, limit=limit + 1, before=below)
    return {"items": items[:limit], "next": str(items[limit - 1].number) if len(items) > limit else None}


@get("/api/plan/drafts/{number:int}", opt=READ, sync_to_thread=True)
def show_draft(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One draft: its text, its faults, what it changes in words, what has changed meanwhile, who may approve it."""
    return _found(record, number)


@post("/api/plan/drafts", opt=PLAN, sync_to_thread=True, request_max_body_size=_MAX_BODY)
def open_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewDraft]
) -> dict[str, int]:
    """Begin the next revision. A text with faults may be kept, but not submitted."""
    facts = {name: getattr(data, name) for name in ("title", "files", "based_on", "note")}
    return {"draft": record.perform(who, lambda tx: actions.open_draft(tx, **facts))}


@put("/api/plan/drafts/{number:int}/files", opt=PLAN, sync_to_thread=True, request_max_body_size=_MAX_BODY)
def save_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Text]
) -> dict[str, int]:
    """Save the next version. 409 `DraftMovedOn`, with what differs in words, if somebody has saved since `seen`."""
    version = record.perform(
        who,
        lambda tx: actions.revise_draft(tx, draft=number, files=data.files, seen=data.seen, based_on=data.based_on),
    )
    return {"version": version}


@post("/api/plan/drafts/{number:int}/submission", opt=PLAN, sync_to_thread=True, status_code=200)
def submit_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Submission]
) -> Document:
    """Hand it to its approver. 400 with every fault of the text as `file:line:column: path: what; what to do`."""
    record.perform(who, lambda tx: actions.submit_draft(tx, draft=number, reasons=data.reasons))
    return _found(record, number)


@post("/api/plan/drafts/{number:int}/return", opt=PLAN, sync_to_thread=True, status_code=200)
def return_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Comment]
) -> Document:
    """Give it back to its authors, with what is wanted."""
    record.perform(who, lambda tx: actions.return_draft(tx, draft=number, comment=data.comment))
    return _found(record, number)


@post("/api/plan/drafts/{number:int}/approval", opt=PLAN, sync_to_thread=True, status_code=200)
def approve_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Approval]
) -> Document:
    """Approve this version. Never by its sole author; by the holder of the approver's post unless they wrote in it."""
    record.perform(who, lambda tx: actions.approve_draft(tx, draft=number, comment=data.comment, seen=data.seen))
    return _found(record, number)


@post("/api/plan/drafts/{number:int}/publication", opt=PLAN, sync_to_thread=True)
def publish_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> dict[str, int]:
    """Bring it into force. 409 `PlanMovedOn`, with what changed meanwhile, if it is based on an older revision."""
    return {"revision": record.perform(who, lambda tx: actions.publish_draft(tx, draft=number))}


@post("/api/plan/drafts/{number:int}/withdrawal", opt=PLAN, sync_to_thread=True, status_code=200)
def withdraw_draft(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Withdrawal]
) -> Document:
    """Give it up. Its text stays in the record."""
    record.perform(who, lambda tx: actions.withdraw_draft(tx, draft=number, reason=data.reason))
    return _found(record, number)


ROUTES = [
    list_drafts,
    show_draft,
    open_draft,
    save_draft,
    submit_draft,
    return_draft,
    approve_draft,
    publish_draft,
    withdraw_draft,
]
