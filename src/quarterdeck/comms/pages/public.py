"""The public status page before the public sees it: as it is now, where it is written to, and what it lacks."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response, Template

from quarterdeck.catalog.views import service_names
from quarterdeck.comms import views
from quarterdeck.comms.channels.folder import EVERY, age, publishing
from quarterdeck.comms.channels.status_page import FILES, rendered, words
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
_KINDS = {"css": "text/css", "html": "text/html", "json": "application/json", "xml": "application/atom+xml"}


@get("/status-page", opt=READ, sync_to_thread=True)
def status_page(record: NamedDependency[Record], settings: NamedDependency[Any]) -> Template:
    """What the public sees, in the console."""
    try:
        where, fault = publishing(settings.status_page, settings.home), None
    except Invalid as error:
        where, fault = None, "; ".join(error.errors)
    now = record.clock.now()
    with record.read() as conn:
        facts = views.facts(conn, now)
        board = views.status_board(conn, now, where.every if where else EVERY)
        known = service_names(conn)
    strange = [one for part in facts.page.parts for one in part.services if one not in known] if facts else []
    written = age(where.folder, now) if where else None
    context = {
        **words(board, at="/status-page/"),
        "folder": str(where.folder) if where else None,
        "written": now - written if written is not None else None,
        "fault": fault,
        "strange": strange,
    }
    return Template("comms/status_page.html", context=context)


@get("/status-page/{name:str}", opt=READ, sync_to_thread=True)
def status_page_file(
    record: NamedDependency[Record], settings: NamedDependency[Any], name: FromPath[str]
) -> Response[bytes]:
    """One of its files, as it would be written now."""
    if name not in FILES:
        raise NotFound(f"file {name[:60]!r} of the status page")
    with record.read() as conn:
        board = views.status_board(conn, record.clock.now(), EVERY)
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(rendered(board)[name], media_type=f"{kind}; charset=utf-8")


ROUTES = [status_page, status_page_file]
