"""The plan as a PDF to hand out: the one in force, or an earlier revision."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.plan import views
from quarterdeck.plan.pages.forms import READ
from quarterdeck.record import Record


@get("/plan/plan.pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def plan_pdf(record: NamedDependency[Record]) -> Response[bytes]:
    """The plan in force, whole, as PDF/UA."""
    with record.read() as conn:
        newest = views.revisions(conn, limit=1)
    if not newest:
        raise NotFound("plan yet: publish one")
    return _printed(record, newest[0].revision)


@get("/plan/revisions/{number:int}/plan.pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def revision_pdf(record: NamedDependency[Record], number: FromPath[int]) -> Response[bytes]:
    """One revision, whole, as PDF/UA."""
    return _printed(record, number)


def _printed(record: Record, number: int) -> Response[bytes]:
    now = record.clock.now()
    with record.read() as conn:
        document = views.printed(conn, number, now)
    try:
        content = pdf(document, made_at=now)
    except TooLarge as error:
        raise Refused("TooLargeToPrint", f"{error} Export the files instead: quarterdeck plan export.") from error
    disposition = f'inline; filename="plan-revision-{number}.pdf"'
    return Response(content, media_type="application/pdf", headers={"content-disposition": disposition})


ROUTES = [plan_pdf, revision_pdf]
