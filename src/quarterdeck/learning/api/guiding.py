"""For programs: which lessons belong together, and a guideline made of some of them."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Document = dict[str, Any]


class Guideline(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`lessons`: numbers, 7 for L-7; `shared`: what they have in common, in words."""

    title: str
    lessons: list[int]
    procedure: str
    shared: str = ""


@get("/api/lessons/groups", opt=READ, sync_to_thread=True)
def list_groups(record: NamedDependency[Record]) -> Document:
    """Lessons that share a contributing factor or the type of their incidents, the largest groups first."""
    with record.read() as conn:
        found = views.lesson_groups(conn)
    items = [
        {"by": one.by, "key": one.key, "title": one.title, "lessons": [row.number for row in one.lessons]}
        for one in found
    ]
    return {"items": items, "next": None}


@post("/api/guidelines", opt=REVIEW, sync_to_thread=True, status_code=201)
def post_guideline(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Guideline]
) -> Document:
    """Open a draft of the plan with a guideline that quotes these lessons."""
    facts = msgspec.structs.asdict(data)
    return {"draft": record.perform(who, lambda tx: actions.propose_guideline(tx, **facts))}


ROUTES = [list_groups, post_guideline]
