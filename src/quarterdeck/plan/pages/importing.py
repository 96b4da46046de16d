"""A plan that somebody has becomes a draft: Markdown read, files of a plan taken as they are, or a first one begun."""

from collections.abc import Iterator
from typing import Annotated, Any

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from quarterdeck.governance.views import person_by_id
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions
from quarterdeck.plan.pages.forms import PLAN, Form, fields
from quarterdeck.plan.rules.reading import MAX_BYTES, MAX_FILES, MAX_TOTAL
from quarterdeck.plan.sources.beginnings import example_held_by, least_files
from quarterdeck.plan.sources.example import example_files
from quarterdeck.plan.sources.importing import imported
from quarterdeck.plan.sources.uploads import MAX_UPLOAD, Upload, brought
from quarterdeck.record import Record

LIMITS = {"files": MAX_FILES, "each": f"{MAX_BYTES // 1_000_000} MB", "total": f"{MAX_TOTAL // 1_000_000} MB"}


Sent = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
"""Texts and files; a browser sends an empty text for a file that nobody chose."""


@get("/plan/import", opt=PLAN, sync_to_thread=True)
def import_page() -> Template:
    """What can be imported, and what becomes of it."""
    return _page({"title": "", "text": ""})


@post("/plan/import", opt=PLAN, sync_to_thread=True, request_max_body_size=MAX_UPLOAD)
def import_plan(record: NamedDependency[Record], who: NamedDependency[Principal], data: Sent) -> Redirect | Template:
    """Make a draft of it. A refusal shows the form again, with what was typed."""
    given = {name: _texts(data, name) for name in ("title", "text")}
    try:
        number = _drafted(record, who, given["title"], given["text"], data)
    except Invalid as error:
        return _page(given, error)
    return Redirect(f"/plan/drafts/{number}/next", status_code=303)


@post("/plan/first", opt=PLAN, sync_to_thread=True)
def begin_first(record: NamedDependency[Record], who: NamedDependency[Principal], data: Form) -> Redirect:
    """Begin the first plan: from the example, or with the least that one needs."""
    given, login = fields(data, "from"), login_of(record, who)
    if given["from"] == "example":
        files, title, source = example_held_by(login), "The first plan, from the example", "example"
    else:
        files, title, source = least_files(login), "The first plan", "import"
    number = record.perform(
        who,
        lambda tx: actions.open_draft(
            tx, title=title, files=files, source="example" if source == "example" else "import"
        ),
    )
    return Redirect(f"/plan/drafts/{number}/next", status_code=303)


def login_of(record: Record, who: Principal) -> str:
    """The login of whoever imports: they hold every post until the draft says otherwise."""
    with record.read() as conn:
        person = person_by_id(conn, who.person) if who.person else None
    return person.login if person else "admin"


def _drafted(record: Record, who: Principal, title: str, pasted: str, sent: dict[str, Any]) -> int:
    uploads = [Upload(one.filename, one.file.read(MAX_UPLOAD)) for one in _files(sent)]
    if pasted.strip():
        uploads.append(Upload("pasted.md", pasted.replace("\r\n", "\n").encode("utf-8", "surrogatepass")))
    found = brought(uploads)
    title = title.strip() or "An imported plan"
    if found.kind == "plan":
        return record.perform(
            who,
            lambda tx: actions.open_draft(tx, title=title, files=found.texts, left_aside=found.left_aside),
        )
    result = imported(found.texts, example=example_files(), login=login_of(record, who))
    aside = [*found.left_aside, *(f"{one.place}: {one.text}" for one in result.findings if _is_aside(one.text))]
    return record.perform(
        who,
        lambda tx: actions.open_draft(tx, title=title, files=result.files, source="import", left_aside=aside),
    )


def _files(sent: dict[str, Any]) -> Iterator[UploadFile]:
    for name in ("files", "folder"):
        given = sent.get(name)
        yield from (one for one in (given if isinstance(given, list) else [given]) if isinstance(one, UploadFile))


def _texts(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) else ""


def _is_aside(text: str) -> bool:
    return "was left aside" in text


def _page(given: dict[str, str], error: Invalid | None = None) -> Template:
    context: dict[str, Any] = {
        "given": given,
        "limits": LIMITS,
        "detail": error.detail if error else None,
        "faults": error.errors if error else (),
    }
    return Template("plan/import.html", context=context, status_code=400 if error else 200)


ROUTES = [import_page, import_plan, begin_first]
