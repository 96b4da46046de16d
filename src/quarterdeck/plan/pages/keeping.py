"""Keeping the plan current: reviews of documents asked for and settled, changes around the plan logged and closed."""

from typing import get_args

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.events import ChangeKind, Outcome
from quarterdeck.plan.pages.forms import PLAN, READ, Form, fields, number_in
from quarterdeck.plan.pages.words import day
from quarterdeck.plan.rules import documents
from quarterdeck.plan.rules.environment import CHANGE_KINDS
from quarterdeck.plan.views import actor
from quarterdeck.record import Record

RESPOND = {"may": Permission.RESPOND}
CLOSED = 100
"""Closed changes that the page shows."""
KINDS: dict[ChangeKind, str] = {
    "organisation": "the organisation",
    "system": "a system",
    "supplier": "a supplier",
    "law": "law or contract",
    "threat": "a threat",
}


@post("/plan/documents/{key:str}/reviews", opt=PLAN, sync_to_thread=True)
def settle(
    record: NamedDependency[Record], who: NamedDependency[Principal], key: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """The document was looked at: nothing to change, or a revision came of it."""
    form = fields(data, "outcome", "reason", "revision")
    outcomes: dict[str | None, Outcome] = {one: one for one in get_args(Outcome)}
    if form["outcome"] not in outcomes:
        raise Invalid("What came of the review?", ("outcome: `no-change` or `revision`",))
    outcome = outcomes[form["outcome"]]
    revision = number_in(data, "revision") if outcome == "revision" else None
    reason = form["reason"] or ""
    record.perform(
        who,
        lambda tx: actions.settle_document_review(tx, document=key, outcome=outcome, reason=reason, revision=revision),
    )
    return Redirect(f"/plan/documents/{key}", status_code=303)


@post("/plan/documents/{key:str}/reviews/asked", opt=PLAN, sync_to_thread=True)
def ask(
    record: NamedDependency[Record], who: NamedDependency[Principal], key: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """Ask for a review before its date."""
    form = fields(data, "trigger", "why")
    trigger, why = form["trigger"] or "", form["why"] or ""
    record.perform(who, lambda tx: actions.open_document_review(tx, document=key, trigger=trigger, why=why))
    return Redirect(f"/plan/documents/{key}", status_code=303)


@get("/plan/changes", opt=READ, sync_to_thread=True)
def around_page(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    """What changed around the plan: open ones first, and what became of the others."""
    with record.read() as conn:
        found, names, rows = views.in_force(conn), person_names(conn), views.changes(conn)
        newest = views.revisions(conn, limit=20)
    titles = {one.key: one.title for one in documents(found.plan)} if found else {}
    shown = [
        {
            "change": row,
            "by": actor(row.logged_by, names),
            "closed_by": actor(row.closed_by, names) if row.closed_by else None,
            "newer": [
                (str(one.revision), f"{one.revision}: {one.reason[:80]}") for one in newest if _follows(one, row)
            ],
        }
        for row in rows
    ]
    context = {
        "open": [one for one in shown if one["change"] in [row for row in rows if row.open]],
        "closed": [one for one in shown if one["change"] in [row for row in rows if not row.open]][:CLOSED],
        "titles": titles,
        "kinds": list(KINDS.items()),
        "today": f"{record.clock.now():%Y-%m-%d}",
        "may_plan": may(who, Permission.PLAN),
        "may_respond": may(who, Permission.RESPOND),
    }
    return Template("plan/around.html", context=context)


def _follows(revision: views.Revision, row: views.ChangeRow) -> bool:
    return revision.published_at >= row.logged_at


@post("/plan/changes", opt=RESPOND, sync_to_thread=True)
def log(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]) -> Redirect:
    """Note that something changed which the plan rests on; a review of each document named is opened."""
    named = {name: value for name, value in data.items() if name.startswith("for-")}
    form = fields({name: value for name, value in data.items() if name not in named}, "kind", "text", "happened_at")
    kinds: dict[str | None, ChangeKind] = {one: one for one in CHANGE_KINDS}
    if form["kind"] not in kinds:
        raise Invalid("What has changed?", (f"kind: use one of {', '.join(CHANGE_KINDS)}",))
    kind, text, happened_at = kinds[form["kind"]], form["text"] or "", day("happened_at", form["happened_at"] or "")
    keys = tuple(sorted(name.removeprefix("for-") for name in named))
    record.perform(
        who, lambda tx: actions.log_change(tx, kind=kind, text=text, happened_at=happened_at, documents=keys)
    )
    return Redirect("/plan/changes", status_code=303)


@post("/plan/changes/{number:int}/closing", opt=PLAN, sync_to_thread=True)
def close(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Close a change: with no impact and why, or with the revision that follows it."""
    form = fields(data, "no_impact", "revision")
    revision = number_in(data, "revision") if form["revision"] else None
    no_impact = form["no_impact"] or ("" if revision is None else None)
    record.perform(who, lambda tx: actions.close_change(tx, number=number, no_impact=no_impact, revision=revision))
    return Redirect("/plan/changes", status_code=303)


ROUTES = [settle, ask, around_page, log, close]
