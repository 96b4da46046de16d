"""A review's way to everybody, for programs: submission, return, approval, publication."""

from typing import Any

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions
from quarterdeck.learning.api.reviewing import Document, document
from quarterdeck.record import Record

RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}


class Return(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    comment: str


class Approval(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    seen: int | None = None
    """The version that was read; null: the latest, whatever it says."""
    comment: str = ""


class Publication(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    text: str
    """What those told are sent, beside the link."""
    audiences: list[str] = []
    """Of the communication plan that the incident was run under."""
    people: list[str] | None = None
    """Ids; null: the participants."""


@post("/api/incidents/{number:int}/review/submission", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_submission(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Document:
    """Hand it in to be read by somebody else."""
    record.perform(who, lambda tx: actions.submit_review(tx, number=number))
    return document(record, number)


@post("/api/incidents/{number:int}/review/return", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_return(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Return]
) -> Document:
    """Give it back with what is wanted."""
    record.perform(who, lambda tx: actions.return_review(tx, number=number, comment=data.comment))
    return document(record, number)


@post("/api/incidents/{number:int}/review/approval", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_approval(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Approval]
) -> Document:
    """Approve the version that was read; not by whoever wrote it alone. The incident may then be closed."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.approve_review(tx, number=number, **facts))
    return document(record, number)


@post("/api/incidents/{number:int}/review/publication", opt=REVIEW, sync_to_thread=True, status_code=200)
def post_publication(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Publication]
) -> Document:
    """Make it known to participants and audiences. `publication.outside`: where somebody has to carry the text."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.publish_review(tx, number=number, **facts))
    return document(record, number)


ROUTES = [post_submission, post_return, post_approval, post_publication]
