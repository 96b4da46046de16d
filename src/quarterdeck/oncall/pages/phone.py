"""The page behind a pager's link: one screen, no sign-in; looking at it answers nothing, a press does."""

from contextlib import suppress
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command.rules import OPEN
from quarterdeck.command.views import incident, tasks, timeline
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import person_by_id, person_names
from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify.actions import redeem
from quarterdeck.notify.views import Page, page_of_token
from quarterdeck.oncall import actions, views
from quarterdeck.record import Record, Tx

PUBLIC: dict[str, Any] = {"public": "the link in a page is the permission: unguessable, single-use, void after a day"}
_HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
_LONGEST = 200


class AnswerForm(msgspec.Struct, forbid_unknown_fields=True):
    """What was pressed."""

    answer: Literal["ack", "escalate", "decline"]


def paged_principal(conn: Connection, person: str) -> Principal | None:
    """Whoever was paged may answer that page, whatever else they may do; nobody who has left may."""
    row = person_by_id(conn, person)
    if row is None or not row.active:
        return None
    own = Principal(f"person/{row.id}", frozenset(row.roles))
    scopes = {Permission.RESPOND, *({Permission.COMMAND} if may(own, Permission.COMMAND) else ())}
    return Principal(own.id, own.roles | {"responder"}, frozenset(scopes))


@get("/p/{token:str}", opt=PUBLIC, sync_to_thread=True)
def phone_page(record: NamedDependency[Record], token: FromPath[str]) -> Template:
    """What happened, how bad, since when, your time left. Asking changes nothing, however often a scanner asks."""
    now = record.clock.now()
    with record.read() as conn:
        page = page_of_token(conn, token, now) if len(token) <= _LONGEST else None
        context = _context(conn, page) if page else None
    if page is None or context is None:
        return Template(template_name="oncall/no_page.html", context={}, status_code=404, headers=_HEADERS)
    return Template(template_name="oncall/page.html", context={**context, "token": token}, headers=_HEADERS)


def _context(conn: Connection, page: Page) -> dict[str, Any]:
    """`case` says which screen it is: ask, mine (you have it), held (somebody else has), gone (this link is spent or
    too old while the incident still needs somebody), over, elevation (somebody wants you to take note), test."""
    number = _number(page)
    names = person_names(conn)
    if page.purpose == "elevation":
        incident_number = page.label.removeprefix("INC-")
        named = int(incident_number) if incident_number.isdigit() else None
        return {"page": page, "number": named, "case": "elevation"}
    common: dict[str, Any] = {"page": page, "names": names, "me": page.person, "number": number}
    if number is None:
        return common | {"case": "test"}
    row, found = incident(conn, number), views.escalation(conn, number)
    holder = found.acknowledged_by if found and found.status == "acknowledged" else None
    if row.state not in OPEN:
        case = "over"
    elif holder == page.person:
        case = "mine"
    elif holder:
        case = "held"
    else:
        case = "ask" if page.state == "open" else "gone"
    step = found.steps[-1] if found and found.steps else None
    own_turn = step is not None and any(one.delivery == page.delivery for one in step.pages)
    told = (entry for entry in timeline(conn, number, limit=200) if entry.body and entry.type == "command.NoteAdded")
    return common | {
        "case": case,
        "incident": row,
        "found": found,
        "holder": holder,
        "own_turn": own_turn,
        "paged": _others(found, page.person),
        "steps": [task for task in tasks(conn, number) if task.state == "open"][:3],
        "note": next(told, None),
    }


def _others(found: views.EscalationRow | None, me: str) -> list[str]:
    """Who else was paged, in order."""
    people = (page.person for step in (found.steps if found else ()) for page in step.pages)
    return [person for person in dict.fromkeys(people) if person != me]


def _number(page: Page) -> int | None:
    kind, _, key = page.about.partition("/")
    return int(key) if kind == "incident" and key.isdigit() else None


@post("/p/{token:str}", opt=PUBLIC, sync_to_thread=True)
def answer_page(
    record: NamedDependency[Record],
    token: FromPath[str],
    data: Annotated[AnswerForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """The answer and what follows from it are one transaction; then the page says what became of it."""
    with record.read() as conn:
        page = page_of_token(conn, token, record.clock.now()) if len(token) <= _LONGEST else None
        who = paged_principal(conn, page.person) if page else None
    if page is None or who is None:
        raise NotFound("page behind this link")
    number = _number(page)

    def act(tx: Tx) -> None:
        reply = redeem(tx, token=token, answer=data.answer)
        if number is not None:
            actions.answer(tx, reply=reply)

    with suppress(Refused):  # spent or too old by now: the page says so, kindly, and who has it
        record.perform(who, act)
    return Redirect(f"/p/{token}", status_code=303, headers=_HEADERS)


ROUTES = [phone_page, answer_page]
