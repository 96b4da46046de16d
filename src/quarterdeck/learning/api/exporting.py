"""A review to take away: as PDF, Markdown or JSON, with people's names or with roles and letters in their place."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Refused
from quarterdeck.learning import views
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
_KINDS = {"markdown": "text/markdown; charset=utf-8", "json": "application/json"}


@get("/api/incidents/{number:int}/review/export", opt=READ, sync_to_thread=True)
def export_review(
    record: NamedDependency[Record],
    number: FromPath[int],
    form: Annotated[Literal["markdown", "json"], QueryParameter(name="format")] = "markdown",
    anonymous: FromQuery[bool] = False,
    root_cause: FromQuery[bool] = False,
) -> Response[bytes]:
    """`anonymous`: names, logins and addresses become roles and letters, in free text too. `root_cause`: with a section
    of that name, rendered from the factors that were agreed on."""
    with record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    content = msgspec.json.encode(taken.data) if form == "json" else taken.markdown.encode("utf-8", "replace")
    name = f"review-{number}.{'json' if form == 'json' else 'md'}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_KINDS[form], headers=headers)


def printed(record: Record, number: int, *, anonymous: bool, root_cause: bool) -> Response[bytes]:
    """Raises `Refused` for a review that is too long to print."""
    with record.read() as conn:
        taken = views.taken_away(conn, number, anonymous=anonymous, root_cause=root_cause)
    try:
        content = pdf(taken.document, made_at=record.clock.now())
    except TooLarge as error:
        raise Refused("TooLargeToPrint", f"{error} Take it as Markdown instead: quarterdeck review export.") from error
    headers = {"content-disposition": f'inline; filename="review-{number}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@get("/api/incidents/{number:int}/review/pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def print_review(
    record: NamedDependency[Record],
    number: FromPath[int],
    anonymous: FromQuery[bool] = False,
    root_cause: FromQuery[bool] = False,
) -> Response[bytes]:
    """As one accessible PDF (PDF/UA)."""
    return printed(record, number, anonymous=anonymous, root_cause=root_cause)


ROUTES = [export_review, print_review]
