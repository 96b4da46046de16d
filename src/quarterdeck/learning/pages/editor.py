"""The review as one page: what the record says, what people write in it, its way to everybody. Nothing is lost."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.pages.reviewing import READ, RESPOND, Form, back
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.rules.difference import difference
from quarterdeck.learning.rules.prompts import ASKED, PROMPTS, SUMMARY
from quarterdeck.paper.markdown import html
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record import Record

MOST_TOLD = 200
"""Entries of the story that the page shows at once; the rest is folded away."""
Q = dict[str, Any]


@get("/reviews/{number:int}", opt=READ, sync_to_thread=True)
def review_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
    """Already filled; fit for print. Whoever may respond writes in it, everybody else reads."""
    return _page(record, who, number)


@post("/reviews/{number:int}/texts", opt=RESPOND, sync_to_thread=True)
def texts_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Template | Redirect:
    """Save the texts. Where somebody else changed the same one, the page shows both, and keeps what was typed."""
    typed = {prompt: data[prompt] for prompt in PROMPTS if prompt in data}
    try:
        seen = int(data.get("seen", "0"))
    except ValueError:
        raise Invalid("The form is not whole.", ("seen: load the page again",)) from None
    try:
        record.perform(who, lambda tx: actions.write_review(tx, number=number, texts=typed, seen=seen))
    except (Invalid, Refused) as error:
        return _page(record, who, number, typed, error, seen)
    return back(number, "#texts")


def _page(
    record: Record,
    who: Principal,
    number: int,
    typed: Mapping[str, str] | None = None,
    error: Invalid | Refused | None = None,
    seen: int | None = None,
) -> Template:
    with record.read() as conn:
        found = views.account(conn, number)
        leaders = views.candidates(conn, found.review, found.draft)
        audiences = views.audiences(conn, number)
        names = person_names(conn)
    saved = {prompt: found.texts[prompt].text if prompt in found.texts else "" for prompt in PROMPTS}
    moved = isinstance(error, Refused) and error.reason == "ReviewMovedOn"
    mine = {prompt: text.replace("\r\n", "\n").strip() for prompt, text in (typed or {}).items()}
    context: Q = {
        "number": number,
        "a": found,
        "review": found.review,
        "d": found.draft,
        "incident": found.draft.incident,
        "prompts": PROMPTS,
        "asked": ASKED,
        "summary": SUMMARY,
        "typed": {**saved, **mine},
        "prose": {prompt: html(text) for prompt, text in saved.items() if text},
        "differences": {
            prompt: difference(saved[prompt], text) for prompt, text in mine.items() if moved and text != saved[prompt]
        },
        "moved": moved,
        "seen": found.review.version if moved or seen is None else seen,
        "detail": error.detail if error else None,
        "faults": error.errors if isinstance(error, Invalid) else (),
        "may_write": may(who, Permission.RESPOND) and found.review.alive,
        "may_review": may(who, Permission.REVIEW) and found.review.alive,
        "sole_author": who.person is not None and found.review.authors == (who.person,),
        "leaders": leaders,
        "audiences": audiences,
        "names": names,
        "kinds": taxonomy.KINDS,
        "codes": tuple(taxonomy.codes().items()),
        "of_kind": {
            name: [(code, words) for code, words in taxonomy.codes().items() if taxonomy.kind_of(code) == name]
            for name in taxonomy.KINDS
        },
        "story": found.draft.story[:MOST_TOLD],
        "further": found.draft.story[MOST_TOLD:],
    }
    status = 200 if error is None else 400 if isinstance(error, Invalid) else 409
    return Template("learning/editor.html", context=context, status_code=status)


@get("/reviews/{number:int}/review.pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def review_pdf(
    record: NamedDependency[Record],
    number: FromPath[int],
    anonymous: FromQuery[bool] = False,
    root_cause: FromQuery[bool] = False,
) -> Response[bytes]:
    """The review as one accessible PDF (PDF/UA)."""
    now = record.clock.now()
    with record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    try:
        content = pdf(taken.document, made_at=now)
    except TooLarge as error:
        raise Refused("TooLargeToPrint", f"{error} Take it as Markdown instead: quarterdeck review export.") from error
    headers = {"content-disposition": f'inline; filename="review-{number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/reviews/{number:int}/review.md", opt=READ, sync_to_thread=True, media_type="text/markdown")
def review_markdown(
    record: NamedDependency[Record],
    number: FromPath[int],
    anonymous: FromQuery[bool] = False,
    root_cause: FromQuery[bool] = False,
) -> Response[bytes]:
    """The review as Markdown; without names, if wanted."""
    with record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    headers = {"content-disposition": f'attachment; filename="review-{number}.md"'}
    content = taken.markdown.encode("utf-8", "replace")
    return Response(content, media_type="text/markdown; charset=utf-8", headers=headers)


ROUTES = [review_page, texts_form, review_pdf, review_markdown]
