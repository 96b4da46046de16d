"""Taking in what was published while a draft was written: both sides in words, and line by line where they clash."""

from collections.abc import Mapping
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.pages.drafts import names_of
from quarterdeck.plan.pages.forms import PLAN, READ, Form, number_in
from quarterdeck.plan.rules.comparing import compared
from quarterdeck.plan.rules.merging import CHOICES, Choice, Merged, merged
from quarterdeck.record import Record


def _merged(conn: Connection, page: views.DraftPage, chosen: dict[str, Choice]) -> tuple[int, Merged]:
    """The revision in force, and the draft with what that one changed."""
    now = views.in_force(conn)
    if now is None or not page.draft.moved_on:
        raise Refused("NothingToTakeIn", f"Draft {page.draft.number} is based on the revision in force already.")
    base = views.files(conn, page.draft.based_on) if page.draft.based_on else {}
    return now.revision, merged(base, page.files, views.files(conn, now.revision), chosen)


@get("/plan/drafts/{number:int}/meanwhile", opt=READ, sync_to_thread=True)
def meanwhile_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """What was published meanwhile beside what the draft changes, and the lines in which they clash."""
    with record.read() as conn:
        page, names = views.draft(conn, number), names_of(conn)
        revision, found = _merged(conn, page, {})
        base = views.files(conn, page.draft.based_on) if page.draft.based_on else {}
        newest = views.revisions(conn, limit=1)[0]
    context: dict[str, Any] = {
        "page": page,
        "row": page.draft,
        "number": number,
        "revision": revision,
        "published": newest,
        "name": names,
        "yours": [change.sentence for change in page.changes] or compared(base, page.files),
        "clashes": found.open,
    }
    return Template(template_name="plan/meanwhile.html", context=context)


@post("/plan/drafts/{number:int}/meanwhile", opt=PLAN, sync_to_thread=True)
def take_in(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Save the draft with the published changes in it, based on the revision in force."""
    seen, onto = number_in(data, "seen"), number_in(data, "onto")
    chosen = chosen_in(data)
    with record.read() as conn:
        page = views.draft(conn, number)
        revision, found = _merged(conn, page, chosen)
    if revision != onto or page.draft.version != seen:
        raise Refused("DraftMovedOn", "It has moved on again since you looked. Load the page again: nothing is lost.")
    if found.open:
        places = tuple(f"{clash.id}: choose whose lines stand" for clash in found.open[:50])
        raise Invalid("Some lines were changed by both. Choose for each.", places)
    record.perform(
        who, lambda tx: actions.revise_draft(tx, draft=number, files=found.files, seen=seen, based_on=revision)
    )
    return Redirect(f"/plan/drafts/{number}", status_code=303)


def chosen_in(form: Mapping[str, str]) -> dict[str, Choice]:
    """Clash id → choice, from fields named `clash:{id}`."""
    known: dict[str, Choice] = {one: one for one in CHOICES}
    return {
        name.removeprefix("clash:"): known[value]
        for name, value in form.items()
        if name.startswith("clash:") and value in known
    }


ROUTES = [meanwhile_page, take_in]
