"""A story rather than a log: pick the entries that a review tells, under which title, at which time."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter
from litestar.response import Redirect, Template

from quarterdeck.command.views import history
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.pages.reviewing import READ, RESPOND, Form, back, moment, only
from quarterdeck.record import Record

PAGE = 200
LARGEST = 2**53


@get("/reviews/{number:int}/log", opt=READ, sync_to_thread=True)
def log_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    after: Annotated[int, Parameter(ge=0, le=LARGEST)] = 0,
) -> Template:
    """Everything on record, in the order it was recorded: tell it, or leave it out."""
    with record.read() as conn:
        review = views.review(conn, number) if 0 < number < 2**31 else None
        if review is None:
            raise NotFound(f"review of incident {number}")
        entries, following = history(conn, number, after=after, limit=PAGE)
        told = views.entries_told(conn, number)
    context = {
        "number": number,
        "review": review,
        "entries": entries,
        "told": told,
        "following": following,
        "after": after,
        "may_write": may(who, Permission.RESPOND) and review.alive,
    }
    return Template("learning/log.html", context=context)


@get("/reviews/{number:int}/entries/{position:int}", opt=READ, sync_to_thread=True)
def entry_page(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], position: FromPath[int]
) -> Template:
    """One entry as it was recorded, and how the review tells it."""
    with record.read() as conn:
        review = views.review(conn, number) if 0 < number < 2**31 else None
        found, _ = history(conn, number, after=position - 1, limit=1) if 0 < position < LARGEST else ([], None)
        if review is None or not found or found[0].position != position:
            raise NotFound(f"entry {position} of incident {number}")
        told = views.entries_told(conn, number).get(position)
    context = {
        "number": number,
        "review": review,
        "entry": found[0],
        "told": told,
        "is_told": told.told if told else found[0].key,
        "may_write": may(who, Permission.RESPOND) and review.alive,
    }
    return Template("learning/entry.html", context=context)


@post("/reviews/{number:int}/entries/{position:int}", opt=RESPOND, sync_to_thread=True)
def entry_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    position: FromPath[int],
    data: JSONBody[Form],
) -> Redirect:
    """Tell it so; `do` is `tell` or `leave-out`. From the log (`log`: after which position) back to the log."""
    form = only(data, "do", "title", "occurred_at", "reason", "log")
    at = moment("occurred_at", form["occurred_at"])
    record.perform(
        who,
        lambda tx: actions.tell_entry(
            tx,
            number=number,
            position=position,
            told=form["do"] != "leave-out",
            title=form["title"] or None,
            occurred_at=at,
            reason=form["reason"],
        ),
    )
    if form["log"].isascii() and form["log"].isdigit():
        return Redirect(f"/reviews/{number}/log?after={form['log'][:16]}#e{position}", status_code=303)
    return back(number, "#story")


ROUTES = [log_page, entry_page, entry_form]
