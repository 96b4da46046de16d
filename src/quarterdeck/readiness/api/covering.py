"""What has been exercised, for programs."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from quarterdeck.governance.rules import Permission
from quarterdeck.readiness import views
from quarterdeck.readiness.views.documents import Document, coverage_document
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}


@get("/api/readiness/coverage", opt=READ, sync_to_thread=True)
def coverage(record: NamedDependency[Record]) -> Document:
    """Each incident type by team: fresh, ageing, stale or never exercised, and why; and what to exercise next."""
    with record.read() as conn:
        return coverage_document(views.coverage(conn, record.clock.now()))


ROUTES = [coverage]
