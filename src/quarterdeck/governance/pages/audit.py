"""The audit view: who changed what, when."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter
from litestar.response import Template

from quarterdeck.governance import views
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record import Record

_AT_ONCE = 100
Asked = Annotated[str, Parameter(max_length=200)]


@get("/audit", opt={"may": Permission.AUDIT}, sync_to_thread=True)
def audit_page(
    record: NamedDependency[Record], actor: Asked = "", stream: Asked = "", type: Asked = "", before: Asked = ""
) -> Template:
    """`actor` may also be a login."""
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Invalid("This link does not lead anywhere.", ("before: begin again without it",))
    with record.read() as conn:
        person = views.person_by_login(conn, actor) if actor else None
        rows = views.audit(
            conn,
            actor=f"person/{person.id}" if person else actor.strip(),
            stream=stream.strip(),
            type=type.strip(),
            before=int(before) if before else None,
            limit=_AT_ONCE + 1,
        )
    asked = {"actor": actor, "stream": stream, "type": type}
    older = None
    if len(rows) > _AT_ONCE:
        older = "/audit?" + urlencode({**{k: v for k, v in asked.items() if v}, "before": rows[_AT_ONCE - 1].position})
    context = {"rows": rows[:_AT_ONCE], "asked": asked, "older": older, "filtered": any(asked.values())}
    return Template("governance/audit.html", context=context)


ROUTES = [audit_page]
