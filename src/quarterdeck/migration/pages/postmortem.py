"""A post-mortem pasted into a form: looked at first, brought in once it is understood."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, JSONBody
from litestar.response import Redirect, Template

from quarterdeck.catalog.views import services
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.migration import actions
from quarterdeck.migration.sources.postmortem import read
from quarterdeck.plan.rules import SEVERITIES
from quarterdeck.record import Record

ADMINISTER: dict[str, Any] = {"may": Permission.ADMINISTER}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_FIELDS = ("name", "text", "severity", "service", "sure")


def _page(record: Record, given: dict[str, str], **found: Any) -> Template:
    with record.read() as conn:
        choices = [(row.id, row.name) for row in services(conn) if row.active]
    context = {"given": given, "services": choices, "severities": [(one, one) for one in SEVERITIES], **found}
    return Template("migration/postmortem.html", context=context)


@get("/import/postmortem", opt=ADMINISTER, sync_to_thread=True)
def postmortem_page(record: NamedDependency[Record]) -> Template:
    """Paste a post-mortem."""
    return _page(record, dict.fromkeys(_FIELDS, ""))


@post("/import/postmortem", opt=ADMINISTER, sync_to_thread=True, status_code=200)
def postmortem_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Form]
) -> Response[Any]:
    """First show what would become of it; with `sure`, bring it in."""
    if unknown := sorted(set(data) - set(_FIELDS)):
        raise Invalid("The form has no such field.", tuple(f"{name}: unknown" for name in unknown[:20]))
    given = {name: data.get(name, "") for name in _FIELDS}
    if not given["text"].strip():
        raise Invalid("There is nothing to bring in.", ("text: paste the post-mortem",))
    written = read(given["text"], given["name"].strip()[:200] or "post-mortem")
    do = record.perform if given["sure"] else record.rehearse
    outcome = do(
        who,
        lambda tx: actions.bring_in_postmortem(
            tx, written=written, severity=given["severity"] or None, service=given["service"] or None
        ),
    )
    if given["sure"]:
        return Redirect(f"/incidents/{outcome.number}", status_code=303)
    return _page(record, given, written=written, outcome=outcome)


ROUTES = [postmortem_page, postmortem_form]
