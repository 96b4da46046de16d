"""Improvement actions for people: what is to be done by when, one action with its chain, and its steps as buttons."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command.views import choices
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.panel import Hung, Reference, Told
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.taxonomy import codes, words_for
from quarterdeck.paper.markdown import html
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
PLANNED = (
    "title", "details", "due", "measure", "service", "type", "falls_by", "person_days", "money", "currency", "needs"
)  # fmt: skip
FILTERS = {
    "": "all",
    "overdue": "overdue",
    "proposed": "to agree on",
    "agreed": "agreed",
    "doing": "under way",
    "done": "to verify",
    "verified": "verified",
    "cancelled": "cancelled",
}


@get("/actions", opt=READ, sync_to_thread=True)
def actions_page(
    record: NamedDependency[Record],
    status: Annotated[str, QueryParameter(name="state")] = "",
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Template:
    """What is to be done by its day, then what waits to be verified, then the rest."""
    with record.read() as conn:
        rows, following = views.improvements(conn, status or None, now=record.clock.now(), cursor=cursor, limit=200)
        tickets = views.tickets(conn, [row.number for row in rows])
    context = {
        "rows": rows,
        "tickets": tickets,
        "state": status,
        "filters": FILTERS.items(),
        "older": f"/actions?state={status}&cursor={following}" if following else None,
    }
    return Template(template_name="learning/actions.html", context=context)


@get("/actions/new", opt=RESPOND, sync_to_thread=True)
def new_action_page(
    record: NamedDependency[Record],
    lesson: Annotated[int | None, Parameter(ge=1, lt=2**31)] = None,
    source: Annotated[str, Parameter(max_length=120)] = "",
) -> Template:
    """An action to be proposed, from a lesson or an incident."""
    given: dict[str, Any] = {**dict.fromkeys((*PLANNED, "owner"), ""), "source": source, "lesson": lesson or ""}
    with record.read() as conn:
        known = views.lesson(conn, lesson).lesson if lesson else None
        choices = _choices(conn, None)
    if known is not None:
        given |= {"title": known.headline[:200], "source": known.source, "owner": known.owner or ""}
    context = {"given": given, "known": known, **choices}
    return Template(template_name="learning/action_new.html", context=context)


@get("/actions/{number:int}", opt=READ, sync_to_thread=True)
def action_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    hung: NamedDependency[Hung],
    number: FromPath[int],
    plan: FromQuery[str] = "",
) -> Template:
    """One action: why, what, by when, at what cost, what it should change, and what happened."""
    if not 0 < number < 2**31:
        raise NotFound(f"improvement action A-{number}")
    with record.read() as conn:
        row = views.improvement(conn, number)
        steps = views.improvement_steps(conn, number)
        choices = _choices(conn, row.expects.measure if row.expects else None)
        ticket, ticket_steps = views.ticket(conn, number), views.ticket_steps(conn, number)
        trackers = [(one.id, one.title) for one in views.trackers(conn)]
        panels = hung.on("action", conn, who, str(number), record.clock.now())
    context = {
        "row": row,
        "ticket": ticket,
        "ticket_steps": ticket_steps,
        "trackers": trackers,
        "panels": panels,
        "planning": bool(plan),
        "steps": steps,
        "details": html(row.details),
        "mine": who.person is not None and who.person in (row.doer, row.owner),
        "given": {
            "title": row.title,
            "details": row.details,
            "due": f"{row.due:%Y-%m-%d}",
            "measure": row.expects.measure if row.expects else "",
            "service": (row.expects.service or "") if row.expects else "",
            "type": (row.expects.type or "") if row.expects else "",
            "falls_by": effects.falls_words(row.falls_by),
            "needs": ", ".join(f"A-{need}" for need in row.needs),
            "person_days": "" if row.person_days is None else f"{row.person_days:g}",
            "money": "" if row.money is None else f"{row.money:g}",
            "currency": row.currency or "",
        },
        **choices,
    }
    return Template(template_name="learning/action.html", context=context)


def _choices(conn: Connection, measure: str | None) -> dict[str, Any]:
    owners = [("", "nobody yet"), *((one.id, one.name) for one in people(conn) if one.active)]
    measures = [("", "not said"), *effects.TIMES.items()]
    measures += [(f"factor:{code}", f"How often it comes up again: {words_for(code)}") for code in codes()]
    if measure and measure not in dict(measures):
        measures.append((measure, effects.words(measure)))
    known = choices(conn)
    return {
        "owners": owners,
        "measures": measures,
        "services": [("", "any"), *known.services],
        "types": [("", "any"), *known.types],
    }


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def _planned(form: dict[str, str]) -> dict[str, Any]:
    return {
        "title": form["title"],
        "details": form["details"],
        "due": _day(form["due"]),
        "expects": effects.expected(form["measure"], form["service"], form["type"]),
        "falls_by": effects.falls_said(form["falls_by"]),
        "needs": [_whole("needs", one.removeprefix("A-")) for one in form["needs"].upper().replace(",", " ").split()],
        "person_days": _amount("person_days", form["person_days"]),
        "money": _amount("money", form["money"]),
        "currency": form["currency"] or None,
    }


def _day(text: str) -> Instant | None:
    """The end of the working day, as far as a form that knows no hours can say."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007  # a day; its hour and zone follow in the next line
    except ValueError:
        raise Invalid("This is no day.", ("due: write it as 2026-03-31",)) from None
    return reachable("due", datetime.combine(day.date(), time(17), UTC))


def _amount(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise Invalid("This is no amount.", (f"{name}: {text[:40]!r}; write a number",)) from None


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid("This is no number.", (f"{name}: {text[:40]!r}",))
    return int(text)


def _there(number: int) -> Redirect:
    return Redirect(f"/actions/{number}", status_code=303)


@post("/actions", opt=RESPOND, sync_to_thread=True)
def action_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Propose it."""
    form = _only(data, "source", "lesson", "owner", *PLANNED)
    facts = _planned(form) | {
        "source": form["source"] or None,
        "lesson": _whole("lesson", form["lesson"]) if form["lesson"] else None,
        "owner": form["owner"] or None,
    }
    return _there(record.perform(who, lambda tx: actions.propose_action(tx, **facts)))


@post("/actions/{number:int}/text", opt=RESPOND, sync_to_thread=True)
def action_text_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Say, plan or cost it otherwise."""
    form = _only(data, "seen", *PLANNED)
    facts, seen = _planned(form), _whole("seen", form["seen"])
    with record.read() as conn:
        row = views.improvement(conn, number)
    if facts["due"] is not None and facts["due"].date() == row.due.date():
        facts["due"] = None  # the day was left as it was; the form does not know its hour
    if facts["expects"] is not None and row.expects is not None and facts["expects"].measure == row.expects.measure:
        # the form does not ask how soon to look
        facts["expects"] = msgspec.structs.replace(facts["expects"], uses=row.expects.uses, days=row.expects.days)
    record.perform(who, lambda tx: actions.revise_action(tx, number=number, seen=seen, **facts))
    return _there(number)


@post("/actions/{number:int}/owner", opt=REVIEW, sync_to_thread=True)
def owner_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Name who looks after it."""
    owner = _only(data, "owner")["owner"]
    record.perform(who, lambda tx: actions.assign_action(tx, number=number, owner=owner))
    return _there(number)


@post("/actions/{number:int}/agreement", opt=REVIEW, sync_to_thread=True)
def agreement_form(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """It will be done."""
    record.perform(who, lambda tx: actions.agree_action(tx, number=number))
    return _there(number)


@post("/actions/{number:int}/beginning", opt=RESPOND, sync_to_thread=True)
def beginning_form(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Somebody is at it."""
    record.perform(who, lambda tx: actions.begin_action(tx, number=number))
    return _there(number)


@post("/actions/{number:int}/completion", opt=RESPOND, sync_to_thread=True)
def completion_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """It is done."""
    shown = _only(data, "shown")["shown"]
    record.perform(who, lambda tx: actions.finish_action(tx, number=number, shown=shown))
    return _there(number)


@post("/actions/{number:int}/verification", opt=REVIEW, sync_to_thread=True)
def verification_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """It is done indeed."""
    found = _only(data, "found")["found"]
    record.perform(who, lambda tx: actions.verify_action(tx, number=number, found=found))
    return _there(number)


@post("/actions/{number:int}/return", opt=REVIEW, sync_to_thread=True)
def return_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """It is not done yet."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.return_action(tx, number=number, reason=reason))
    return _there(number)


@post("/actions/{number:int}/cancellation", opt=REVIEW, sync_to_thread=True)
def cancellation_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Give it up."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.cancel_action(tx, number=number, reason=reason))
    return _there(number)


def action_told(conn: Connection, number: int) -> Told | None:
    """What `A-7` is, and the lesson or the incident behind it."""
    try:
        row = views.improvement(conn, number)
    except NotFound:
        return None
    because = f"L-{row.lesson}" if row.lesson else row.source
    return Told(row.title, f"/actions/{number}", row.state, (because,) if because else ())


REFERENCES = (Reference("A", "improvement action", action_told),)
ROUTES = [
    actions_page,
    new_action_page,
    action_page,
    action_form,
    action_text_form,
    owner_form,
    agreement_form,
    beginning_form,
    completion_form,
    verification_form,
    return_form,
    cancellation_form,
]
