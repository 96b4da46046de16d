"""Lessons for people: the list, one lesson with its whole chain, and the panel on the incident it comes from."""

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, Parameter, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command.views import spells
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.panel import Panel, Reference, Told
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import effects, taxonomy
from quarterdeck.learning.views import LessonRow
from quarterdeck.paper.markdown import html
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
WORDS = ("observation", "insight", "change", "clause", "owner", "factor", "factors")
FILTERS = {"": "all", "open": "open", "identified": "to validate", "validated": "to dispose of"} | {
    "disposed": "under way",
    "to-judge": "did it help?",
    "closed": "closed",
}
VERDICTS = {"helped": "it helped", "did-not": "it did not help", "cannot-tell": "nobody can tell"}
SAYS = {
    "identified": "is it true, and worth a change?",
    "validated": "waits for a decision",
    "disposed": "under way",
    "closed": "closed",
}


@get("/lessons", opt=READ, sync_to_thread=True)
def lessons_page(
    record: NamedDependency[Record],
    status: Annotated[str, QueryParameter(name="state")] = "",
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Template:
    """Open ones first, the latest first."""
    with record.read() as conn:
        rows, following = views.lessons(conn, status or None, cursor=cursor, limit=200)
    context = {
        "rows": rows,
        "state": status,
        "filters": FILTERS.items(),
        "says": SAYS,
        "older": f"/lessons?state={status}&cursor={following}" if following else None,
    }
    return Template(template_name="learning/lessons.html", context=context)


@get("/lessons/new", opt=RESPOND, sync_to_thread=True)
def new_lesson_page(
    record: NamedDependency[Record], source: Annotated[str, Parameter(max_length=120)] = ""
) -> Template:
    """A lesson to be kept; its first words may come from an incident's page."""
    with record.read() as conn:
        context = {"given": {**dict.fromkeys(WORDS, ""), "source": source}, **_choices(conn)}
    return Template(template_name="learning/lesson_new.html", context=context)


@get("/lessons/{number:int}", opt=READ, sync_to_thread=True)
def lesson_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
    """One lesson: what was seen, what follows, what became of it; each link of the chain leads on."""
    if not 0 < number < 2**31:
        raise NotFound(f"lesson L-{number}")
    with record.read() as conn:
        page = views.lesson(conn, number)
        effect = views.effect_of(conn, number) if page.lesson.closed_at else None
        choices = _choices(conn)
    row = page.lesson
    words = taxonomy.codes()
    context = {
        "row": row,
        "page": page,
        "said": {name: html(getattr(row, name)) for name in ("observation", "insight", "change")},
        "factors": [(code, words.get(code, code)) for code in row.factors],
        "says": SAYS,
        "effect": effect,
        "sides": _sides(effect),
        "verdicts": VERDICTS.items(),
        "measures": [("", "what follows from the clause or the first factor"), *_measures(row)],
        "stated": _measures(row),
        "mine": row.author in (who.person, who.id),
        "given": {
            "observation": row.observation,
            "insight": row.insight,
            "change": row.change,
            "clause": row.clause or "",
            "owner": row.owner or "",
            "factors": ", ".join(row.factors),
        },
        **choices,
    }
    return Template(template_name="learning/lesson.html", context=context)


def _sides(found: views.Evidence | None) -> list[dict[str, Any]]:
    """Before and since, as the page's table says them."""
    if found is None:
        return []
    sides = (("Before", found.weighed.before, found.before), ("Since", found.weighed.after, found.after))
    return [{"name": name, "side": side, "numbers": numbers[-5:]} for name, side, numbers in sides]


def _measures(row: LessonRow) -> list[tuple[str, str]]:
    """What a change may be expected to do: as stated, what follows from clause and factors, and the times."""
    known = [row.expects] if row.expects else []
    known += [one for one in (effects.expected_of(row.clause, (), None, None),) if one]
    known += [one for code in row.factors if (one := effects.expected_of(None, (code,), None, None))]
    more = {one.measure: effects.words(one.measure) for one in known if one.measure not in effects.TIMES}
    return [*effects.TIMES.items(), *more.items()]


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid("This is no number.", (f"{name}: {text[:40]!r}",))
    return int(text)


def _stated(record: Record, number: int, form: dict[str, str]) -> Expectation | None:
    """In incidents like the one it comes from."""
    if not form["measure"]:
        return None
    when = {name: _whole(name, form[name]) for name in ("uses", "days") if form.get(name)}
    with record.read() as conn:
        row = views.lesson(conn, number).lesson
        found = next(iter(spells(conn, number=row.incident)), None) if row.incident else None
    type, service = (found.type, found.service) if found else (None, None)
    return Expectation(measure=form["measure"], type=type, service=None if type else service, **when)


def _choices(conn: Connection) -> dict[str, Any]:
    owners = [("", "nobody yet"), *((one.id, one.name) for one in people(conn) if one.active)]
    return {"owners": owners, "codes": [("", "none more"), *sorted(taxonomy.codes().items())]}


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def _words(form: dict[str, str]) -> dict[str, Any]:
    given = [*form["factors"].split(","), form["factor"]]
    return {
        "observation": form["observation"],
        "insight": form["insight"],
        "change": form["change"],
        "factors": tuple(one.strip() for one in given if one.strip()),
        "clause": form["clause"] or None,
        "owner": form["owner"] or None,
    }


def _there(number: int) -> Redirect:
    return Redirect(f"/lessons/{number}", status_code=303)


@post("/lessons", opt=RESPOND, sync_to_thread=True)
def lesson_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Keep it."""
    form = _only(data, "source", *WORDS)
    words = _words(form)
    return _there(record.perform(who, lambda tx: actions.identify_lesson(tx, source=form["source"], **words)))


@post("/lessons/{number:int}/text", opt=RESPOND, sync_to_thread=True)
def text_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Word it otherwise."""
    form = _only(data, "seen", *WORDS)
    words, seen = _words(form), _whole("seen", form["seen"])
    record.perform(who, lambda tx: actions.revise_lesson(tx, number=number, seen=seen, **words))
    return _there(number)


@post("/lessons/{number:int}/validation", opt=REVIEW, sync_to_thread=True)
def validation_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Redirect:
    """It is true, and worth a change."""
    record.perform(who, lambda tx: actions.validate_lesson(tx, number=number))
    return _there(number)


@post("/lessons/{number:int}/proposal", opt=REVIEW, sync_to_thread=True)
def proposal_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Change the plan."""
    form = _only(data, "clause", "note", "measure")
    expects = _stated(record, number, form)
    record.perform(
        who,
        lambda tx: actions.change_the_plan(
            tx, number=number, clause=form["clause"], note=form["note"], expects=expects
        ),
    )
    return _there(number)


@post("/lessons/{number:int}/rejection", opt=REVIEW, sync_to_thread=True)
def rejection_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Close it without a change."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.reject_lesson(tx, number=number, reason=reason))
    return _there(number)


@post("/lessons/{number:int}/reopening", opt=REVIEW, sync_to_thread=True)
def reopening_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """It is back."""
    reason = _only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.reopen_lesson(tx, number=number, reason=reason))
    return _there(number)


@post("/lessons/{number:int}/effect", opt=REVIEW, sync_to_thread=True)
def effect_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Say what its change should do."""
    form = _only(data, "measure", "uses", "days")
    expects = _stated(record, number, form)
    if expects is None:
        raise Invalid("What should it change?", ("measure: choose one",))
    record.perform(who, lambda tx: actions.state_effect(tx, number=number, expects=expects))
    return _there(number)


@post("/lessons/{number:int}/effect/look", opt=REVIEW, sync_to_thread=True)
def look_form(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Look now."""
    record.perform(who, lambda tx: actions.look_now(tx, number=number))
    return _there(number)


@post("/lessons/{number:int}/effect/verdict", opt=REVIEW, sync_to_thread=True)
def verdict_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Say whether it helped."""
    form = _only(data, "verdict", "reason")
    verdict: Any = form["verdict"]
    record.perform(who, lambda tx: actions.judge_effect(tx, number=number, verdict=verdict, reason=form["reason"]))
    return _there(number)


def lessons_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    rows, _ = views.lessons(conn, incident=number, limit=50)
    return {"rows": rows, "number": number, "says": SAYS, "may": may(who, Permission.RESPOND)}


def lesson_told(conn: Connection, number: int) -> Told | None:
    """What stands behind a clause of the plan that cites it: the lesson, and the incident that it comes from."""
    try:
        row = views.lesson(conn, number).lesson
    except NotFound:
        return None
    behind = (f"INC-{row.incident}",) if row.incident else ()
    return Told(row.headline[:300], f"/lessons/{number}", f"kept on {row.identified_at:%Y-%m-%d}", behind)


REFERENCES = (Reference("L", "lesson", lesson_told),)
PANELS = (Panel("lessons", "right", "Lessons", "learning/lessons_panel.html", lessons_panel, order=45),)
ROUTES = [
    lessons_page,
    new_lesson_page,
    lesson_page,
    lesson_form,
    text_form,
    validation_form,
    proposal_form,
    rejection_form,
    reopening_form,
    effect_form,
    look_form,
    verdict_form,
]
