"""The editor of a draft for people who do not write YAML: a form for every part, and the files as they are as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import views
from quarterdeck.plan.pages.forms import PLAN, Form, number_in
from quarterdeck.plan.pages.saving import save, side_by_side
from quarterdeck.plan.rules import wording
from quarterdeck.plan.rules.checking import Checked
from quarterdeck.plan.rules.comparing import compared
from quarterdeck.plan.rules.faults import Fault
from quarterdeck.plan.rules.forms import SECTIONS, Known, Section, at, entries
from quarterdeck.plan.rules.forms.choices import choices
from quarterdeck.plan.rules.forms.layout import section_of
from quarterdeck.plan.rules.forms.typed import FILE, forms_in, typed
from quarterdeck.plan.rules.reading import MAX_TOTAL, is_prose
from quarterdeck.record import Record

MOST_SHOWN = 30
_BODY = 3 * MAX_TOTAL
"""A form escapes what it sends."""


@dataclass(frozen=True)
class FaultShown:
    """A fault with the page on which it can be mended."""

    fault: Fault
    href: str


def mending_page(number: int, document: Mapping[str, Any], fault: Fault) -> str:
    """The form that a fault belongs to, or the file, where no form can mend it."""
    base = f"/plan/drafts/{number}/edit"
    found = section_of(fault.path) if not fault.path.startswith("(") and " " not in fault.path else None
    if found is None:
        return f"{base}/file?name={quote(fault.place.file)}"
    section, id, step = found
    if section.shape == "listed" and id.isdigit():
        item = at(document, (*section.path, int(id)))
        id = str(item.get(section.key_field, "")) if isinstance(item, dict) else ""
    if step.isdigit():
        item = at(document, ("procedures", id, "steps", int(step)))
        name = item.get("id") if isinstance(item, dict) else None
        return f"{base}/steps/{quote(id)}/{quote(name)}" if isinstance(name, str) else f"{base}/procedures/{quote(id)}"
    if section.key == "posts" or not id or section.shape == "single":
        return f"{base}/{section.key}"
    return f"{base}/{section.key}/{quote(id, safe='')}"


def shown_faults(number: int, checked: Checked, faults: tuple[Fault, ...]) -> list[FaultShown]:
    """The faults, each with the page that mends it."""
    document = checked.reading.document
    return [FaultShown(one, mending_page(number, document, one)) for one in faults]


@get("/plan/drafts/{number:int}/edit", opt=PLAN, sync_to_thread=True)
def edit_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """Every part of the plan with its entries, and every file."""
    with record.read() as conn:
        text, context = _opened(conn, number)
    document, faults = text.checked.reading.document, text.faults
    context |= {
        "sections": [(one, entries(document, one, faults)) for one in SECTIONS.values()],
        "files": sorted(text.files),
    }
    return Template("plan/edit.html", context=context)


@get("/plan/drafts/{number:int}/edit/{part:str}", opt=PLAN, sync_to_thread=True)
def part_page(record: NamedDependency[Record], number: FromPath[int], part: FromPath[str]) -> Template:
    """The form of a section, or the list of its entries."""
    with record.read() as conn:
        return _part(conn, number, _section(part), "", "")


@get("/plan/drafts/{number:int}/edit/{part:str}/{id:str}", opt=PLAN, sync_to_thread=True)
def entry_page(
    record: NamedDependency[Record], number: FromPath[int], part: FromPath[str], id: FromPath[str]
) -> Template:
    """The form of one entry."""
    with record.read() as conn:
        return _part(conn, number, _section(part), id, "")


@get("/plan/drafts/{number:int}/edit/steps/{id:str}/{step:str}", opt=PLAN, sync_to_thread=True)
def step_page(
    record: NamedDependency[Record], number: FromPath[int], id: FromPath[str], step: FromPath[str]
) -> Template:
    """The form of one step of a procedure."""
    with record.read() as conn:
        return _part(conn, number, SECTIONS["procedures"], id, step)


@get("/plan/drafts/{number:int}/edit/file", opt=PLAN, sync_to_thread=True)
def file_page(record: NamedDependency[Record], number: FromPath[int], name: FromQuery[str] = "") -> Template:
    """One file as it is written, or a new one."""
    with record.read() as conn:
        text, context = _opened(conn, number)
    if name and name not in text.files:
        raise NotFound(f"file {name[:80]} in draft {number}")
    context |= {"name": name, "content": text.files.get(name, ""), "prose": is_prose(name)}
    return Template("plan/file.html", context=context)


@post("/plan/drafts/{number:int}/edit", opt=PLAN, sync_to_thread=True, request_max_body_size=_BODY)
def save_part(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect | Template:
    """Save what was typed in any of the forms; `back` is the page that it came from."""
    back, seen = _back(number, data), number_in(data, "seen")
    with record.read() as conn:
        known = views.known(conn)
    if data.get("part") == FILE and not data.get("name", "").strip():
        raise Invalid("Name the file.", ("name: is empty; write one such as guidelines/first-steps.md",))
    clashed = save(record, who, number, seen, data, lambda files: typed(files, data, known))
    if clashed:
        return side_by_side(clashed, number, f"/plan/drafts/{number}/edit", data)
    return Redirect(_after(number, data, back), status_code=303)


@post("/plan/drafts/{number:int}/check", opt=PLAN, sync_to_thread=True, status_code=200, request_max_body_size=_BODY)
def check_fragment(record: NamedDependency[Record], number: FromPath[int], data: Form) -> Template:
    """What is wrong with the draft as typed, and what it changes so far: for the place beside the form."""
    with record.read() as conn:
        text = views.draft_text(conn, number)
        base = views.files(conn, text.based_on) if text.based_on else {}
        try:
            files, checked = views.as_typed(conn, number, data)
        except (Invalid, NotFound) as error:
            errors = error.errors if isinstance(error, Invalid) else ()
            nothing: dict[str, Any] = {"faults": (), "many": 0, "sentences": (), "unsaved": True}
            said = {"detail": str(error), "errors": errors}
            return Template("plan/checked.html", context=nothing | said)
        faults = (*checked.faults, *views.strangers_in(conn, checked))
    context = {
        "detail": "",
        "errors": (),
        "faults": shown_faults(number, checked, faults[:MOST_SHOWN]),
        "many": len(faults),
        "sentences": compared(base, files)[:MOST_SHOWN] if base else (),
        "unsaved": files != text.files,
    }
    return Template("plan/checked.html", context=context)


def _part(conn: Connection, number: int, section: Section, id: str, step: str) -> Template:
    carried = {"part": section.key, "id": id, "step": step}
    text, context = _opened(conn, number)
    document, known = text.checked.reading.document, views.known(conn)
    made = forms_in(document, section, id, step, known, text.faults)
    listed = entries(document, section, text.faults) if not made else ()
    plan = text.checked.plan
    context |= {
        "section": section,
        "id": id,
        "step": step,
        "forms": made,
        "entries": listed,
        "carried": carried,
        "steps": _steps(document, id) if section.key == "procedures" and id and not step else (),
        "impacts": choices(document, known, "impacts"),
        "urgencies": choices(document, known, "urgencies"),
        "people": choices(document, known, "people"),
        "sentence": wording.sentence(plan, plan.escalation[id]) if plan and section.key == "escalation" and id else "",
        "document_file": f"{section.key}/{id}.md" if section.folder and f"{section.key}/{id}.md" in text.files else "",
    }
    return Template("plan/part.html", context=context)


def _steps(document: Mapping[str, Any], id: str) -> list[dict[str, Any]]:
    steps = at(document, ("procedures", id, "steps"))
    roles = dict(choices(document, Known(), "roles"))
    return [
        {
            "id": one["id"],
            "title": one.get("title", one["id"]),
            "by": roles.get(str(one.get("role")), str(one.get("role"))),
            "within": one.get("within"),
            "mandatory": one.get("mandatory"),
        }
        for one in (steps if isinstance(steps, list) else [])
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    ]


def _opened(conn: Connection, number: int) -> tuple[views.DraftText, dict[str, Any]]:
    text = views.draft_text(conn, number)
    base = views.files(conn, text.based_on) if text.based_on else {}
    return text, {
        "number": number,
        "text": text,
        "sections": list(SECTIONS.values()),
        "detail": "",
        "errors": (),
        "faults": shown_faults(number, text.checked, text.faults[:MOST_SHOWN]),
        "many": len(text.faults),
        "sentences": compared(base, text.files)[:MOST_SHOWN] if base else (),
        "unsaved": False,
    }


def _section(part: str) -> Section:
    found = SECTIONS.get(part)
    if found is None:
        raise NotFound(f"section {part[:80]} of a plan")
    return found


def _back(number: int, form: Mapping[str, str]) -> str:
    base, part = f"/plan/drafts/{number}/edit", form.get("part", "")
    if part == FILE:
        return f"{base}/file?name={quote(form.get('name', ''))}"
    if form.get("step"):
        return f"{base}/steps/{quote(form.get('id', ''))}/{quote(form['step'])}"
    return f"{base}/{quote(part)}/{quote(form['id'])}" if form.get("id") else f"{base}/{quote(part)}"


def _after(number: int, form: Mapping[str, str], back: str) -> str:
    """Where to go on: what was taken away has no page any more."""
    if form.get("do") == "remove" and form.get("part") == FILE:
        return f"/plan/drafts/{number}/edit"
    return back


ROUTES = [edit_page, part_page, entry_page, step_page, file_page, save_part, check_fragment]
