"""From an imported text to a plan that can be published: one kind of finding at a time, with what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.pages.drafts import KINDS, MOST_REASONS, names_of
from quarterdeck.plan.pages.editing import shown_faults
from quarterdeck.plan.pages.findings import example_document, findings
from quarterdeck.plan.pages.forms import PLAN, READ, Form, number_in
from quarterdeck.plan.pages.saving import save, side_by_side
from quarterdeck.plan.rules import wording
from quarterdeck.plan.rules.forms import SECTIONS, Known, together
from quarterdeck.plan.rules.mending import asked, mended
from quarterdeck.plan.rules.outstanding import WHATS, Outstanding, What
from quarterdeck.plan.rules.standing import deeds, waits_for
from quarterdeck.record import Record, Tx

TITLES: dict[What, str] = {
    "posts": "Who holds each post",
    "criteria": "When each kind of incident is declared",
    "authority": "Who may decide what",
    "stub": "Procedures that are hardly begun",
    "example": "What came from the example",
    "routing": "What monitoring's signals mean",
    "blank": "Blanks to fill in",
    "to-do": "Places marked as to do",
    "absent": "What a plan usually has beside this",
    "as-text": "What stays text",
}


@dataclass(frozen=True)
class Step:
    what: What
    title: str
    open: tuple[Outstanding, ...]
    left: int


def steps_of(text: views.DraftText, found: tuple[Outstanding, ...]) -> list[Step]:
    """The kinds of findings that there are or were, in the order in which they are best settled."""
    steps = []
    for what in WHATS:
        mine = tuple(one for one in found if one.what == what)
        left = sum(key.partition(":")[0] in (what, *_ALSO.get(what, ())) for key in text.left)
        if mine or left:
            steps.append(Step(what, TITLES[what], mine, left))
    return steps


_ALSO: dict[What, tuple[str, ...]] = {"authority": ("duties",)}


@get("/plan/drafts/{number:int}/next", opt=READ, sync_to_thread=True)
def next_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    at: FromQuery[str] = "",
) -> Template:
    """What to settle next: the step named by `at`, or the first that is open; faults come before all."""
    with record.read() as conn:
        text, page = views.draft_text(conn, number), views.draft(conn, number)
        found = findings(conn, text)
        holders = tuple((one.login, one.name) for one in people(conn) if one.active)
        names = names_of(conn)
    steps = steps_of(text, found)
    chosen = next((one for one in steps if one.what == at), None) or next((one for one in steps if one.open), None)
    document = text.checked.reading.document
    known = Known(people=dict(holders))
    plan = text.checked.plan
    context: dict[str, Any] = {
        "number": number,
        "text": text,
        "page": page,
        "row": page.draft,
        "faults": shown_faults(number, text.checked, text.faults),
        "steps": steps,
        "step": chosen,
        "open": len(found),
        "fields": asked(document, example_document(), chosen.open) if chosen and chosen.what in _VALUED else (),
        "posts": together(document, SECTIONS["posts"], ("title", "login"), known),
        "people": holders,
        "lines": {one.key: line_at(text.files, one.places) for one in chosen.open} if chosen else {},
        "by_file": _by_file(chosen.open) if chosen and chosen.what == "to-do" else {},
        "plan": plan,
        "say": wording,
        "name": names,
        "kinds": list(KINDS.items()),
        "reasons": range(MOST_REASONS),
        "deeds": deeds(views.standing(page), who.id),
        "waits": waits_for(views.standing(page)),
    }
    return Template("plan/mending.html", context=context)


_VALUED: tuple[What, ...] = ("criteria", "authority")


@post("/plan/drafts/{number:int}/next", opt=PLAN, sync_to_thread=True)
def mend(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect | Template:
    """Settle what the form says; then the next open step comes."""
    seen, what = number_in(data, "seen"), next((one for one in WHATS if one == data.get("what")), None)
    if what is None:
        raise Invalid("The form is not whole. Load the page again.", ("what: is no kind of finding",))
    with record.read() as conn:
        text = views.draft_text(conn, number)
        found = tuple(one for one in findings(conn, text) if one.what == what)
    done = mended(what, text.files, example_document(), data, found)

    def make(files: Mapping[str, str]) -> dict[str, str]:
        return mended(what, files, example_document(), data, found).files

    def leave(tx: Tx) -> None:
        if done.left:
            actions.leave_findings(tx, draft=number, findings=done.left)

    clashed = save(record, who, number, seen, data, make, leave)
    if clashed:
        return side_by_side(clashed, number, f"/plan/drafts/{number}/next", data)
    return Redirect(f"/plan/drafts/{number}/next", status_code=303)


def line_at(files: Mapping[str, str], places: tuple[str, ...]) -> str:
    """The line at the first of the places, shortened: what surrounds a finding."""
    if not places:
        return ""
    name, _, line = places[0].rpartition(":")
    lines = files.get(name, "").split("\n")
    text = lines[int(line) - 1].strip() if line.isdigit() and int(line) <= len(lines) else ""
    return text if len(text) <= 160 else f"{text[:160]}…"


def _by_file(found: tuple[Outstanding, ...]) -> dict[str, list[Outstanding]]:
    files: dict[str, list[Outstanding]] = {}
    for one in found:
        for name in dict.fromkeys(place.rpartition(":")[0] for place in one.places):
            files.setdefault(name, []).append(one)
    return files


ROUTES = [next_page, mend]
