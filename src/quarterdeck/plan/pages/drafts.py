"""The drafts of the next revision: which are under way, whom each waits for, and one whole with what may be done."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, get_args

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.events import Reason, ReasonKind
from quarterdeck.plan.pages.findings import findings
from quarterdeck.plan.pages.forms import PLAN, READ, Form, fields
from quarterdeck.plan.rules.completeness import Facts, Finding, examine
from quarterdeck.plan.rules.drafting import DRAFT_STATES
from quarterdeck.plan.rules.standing import deeds, waits_for
from quarterdeck.plan.sources.packs import packs
from quarterdeck.plan.views import DraftPage
from quarterdeck.record import Record

SHOWN = 50
MOST_REASONS = 3
KINDS: dict[ReasonKind, str] = {
    "lesson": "A lesson from an incident",
    "review": "A review of the document",
    "environment-change": "Something around us changed",
    "obligation": "A law, a contract or a standard",
    "exercise": "An exercise",
    "adoption": "The plan is adopted",
    "correction": "A mistake is corrected",
}
assert tuple(KINDS) == get_args(ReasonKind), "every kind of reason has its words"


def names_of(conn: Connection) -> Callable[[str], str]:
    """What to call whoever acted, by principal's id."""
    return partial(views.actor, names=person_names(conn))


@get("/plan/drafts", opt=READ, sync_to_thread=True)
def drafts_page(
    record: NamedDependency[Record],
    status: Annotated[str, QueryParameter(name="state")] = "",
    before: FromQuery[int | None] = None,
) -> Template:
    """Those under way, or of one state, or all; the latest first."""
    with record.read() as conn:
        rows = views.drafts(conn, state=status or None, limit=SHOWN + 1, before=before)
        standing, names = views.waiting(conn, rows[:SHOWN]), names_of(conn)
        now = views.in_force(conn)
    context: dict[str, Any] = {
        "rows": [(row, waits_for(standing[row.number])) for row in rows[:SHOWN]],
        "older": rows[SHOWN - 1].number if len(rows) > SHOWN else None,
        "state": status,
        "states": (*DRAFT_STATES, "all"),
        "name": names,
        "in_force": now.revision if now else None,
    }
    return Template(template_name="plan/drafts.html", context=context)


@post("/plan/drafts", opt=PLAN, sync_to_thread=True)
def open_draft(record: NamedDependency[Record], who: NamedDependency[Principal], data: Form) -> Redirect:
    """Begin the next revision with the text in force."""
    given = fields(data, "title")
    number = record.perform(who, lambda tx: actions.open_draft(tx, title=given["title"] or ""))
    return Redirect(f"/plan/drafts/{number}", status_code=303)


@get("/plan/drafts/{number:int}", opt=READ, sync_to_thread=True)
def draft_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
    """One draft: what it changes in words, what stands in its way, and what may be done by whom."""
    with record.read() as conn:
        page, names, now = views.draft(conn, number), names_of(conn), views.in_force(conn)
        text = views.draft_text(conn, number)
        open_ = len(findings(conn, text)) if not text.faults else 0
        plan = views.draft_plan(conn, number) if not page.faults else None
    found = examine(plan, packs(), record.clock.now().date(), Facts()) if plan else ()
    context: dict[str, Any] = {
        "page": page,
        "row": page.draft,
        "number": number,
        "name": names,
        "deeds": deeds(views.standing(page), who.id),
        "waits": waits_for(views.standing(page)),
        "in_force": now.revision if now else None,
        "open": open_,
        "packs": _by_pack(found),
        "kinds": list(KINDS.items()),
        "kind_words": KINDS,
        "reasons": range(MOST_REASONS),
    }
    return Template(template_name="plan/draft.html", context=context)


@dataclass(frozen=True)
class PackShown:
    title: str
    met: int
    asked: int
    missing: tuple[Finding, ...]
    not_applicable: str | None


def _by_pack(found: tuple[Finding, ...]) -> list[PackShown]:
    shown = []
    for pack in packs():
        items = [one for one in found if one.pack == pack.id]
        why = next((one.where for one in items if one.status == "not-applicable"), None)
        missing = tuple(one for one in items if one.status in ("missing", "unknown"))
        met = sum(one.status in ("met", "answered") for one in items)
        if items:
            shown.append(PackShown(pack.title, met, len(items), missing, why))
    return shown


def reasons_in(form: dict[str, str], page: DraftPage) -> tuple[Reason, ...]:
    """The reasons that the form gives: those with a text. Fields are `kind-0`, `ref-0`, `text-0`, `for-0:{clause}`."""
    kinds: dict[str, ReasonKind] = {one: one for one in KINDS}
    clauses = {change.clause for change in page.changes}
    reasons = []
    for index in range(MOST_REASONS):
        text, kind = form.get(f"text-{index}", "").strip(), form.get(f"kind-{index}", "")
        ref = form.get(f"ref-{index}", "").strip()
        if not text and not ref:
            continue
        if kind not in kinds:
            raise Invalid("Every change cites a reason.", (f"kind-{index}: choose what kind of reason this is",))
        named = (name.removeprefix(f"for-{index}:") for name in form if name.startswith(f"for-{index}:"))
        chosen = tuple(sorted(clauses & set(named)))
        reasons.append(Reason(kind=kinds[kind], ref=ref or None, text=text, clauses=chosen))
    return tuple(reasons)


ROUTES = [drafts_page, open_draft, draft_page]
