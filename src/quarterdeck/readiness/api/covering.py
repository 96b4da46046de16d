"""What has been exercised, how mature that makes us, and what to exercise it with; for programs."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from quarterdeck.governance.rules import Permission
from quarterdeck.readiness import views
from quarterdeck.readiness.views.documents import Document, coverage_document, maturity_document
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}


@get("/api/readiness/coverage", opt=READ, sync_to_thread=True)
def coverage(record: NamedDependency[Record]) -> Document:
    """Each incident type by team: fresh, ageing, stale or never exercised, and why; and what to exercise next."""
    with record.read() as conn:
        return coverage_document(views.coverage(conn, record.clock.now()))


@get("/api/readiness/maturity", opt=READ, sync_to_thread=True)
def maturity(record: NamedDependency[Record]) -> Document:
    """SIM3 levels and NIST CSF tiers as far as records show them, each with its evidence; a vector, never one score."""
    with record.read() as conn:
        return maturity_document(views.maturity(conn, record.clock.now()))


@get("/api/incidents/{number:int}/scenario", opt=READ, sync_to_thread=True)
def scenario(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """A scenario cut from the incident, its names left out, as YAML."""
    with record.read() as conn:
        return {"scenario": views.scenario_cut_from(conn, number)}


ROUTES = [coverage, maturity, scenario]
