"""Four questions on one page: is it getting better, where does it hurt, who is overloaded, do actions get done?"""

from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.catalog.views import service_names
from quarterdeck.direction.rules.measures import Asked, By, drawing, named
from quarterdeck.direction.rules.measures.load import Load
from quarterdeck.direction.views.measuring.asking import Answer, Question, Sliced
from quarterdeck.direction.views.measuring.loading import paging_load
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.paper.charts import Chart

BETTER = (
    "incidents",
    "time-to-acknowledge",
    "time-to-mitigate",
    "time-to-restore",
    "reopened",
    "recurring",
    "found-by-monitoring",
    "plan-followed",
    "updates-in-time",
)
DONE = ("improved-in-time", "reviewed-in-time", "lesson-to-plan")


@dataclass(frozen=True)
class Overview:
    """`counts`: incidents of the period; `better` and `done`: answers in order; the rest are charts and their data."""

    incidents: Answer
    better: tuple[Answer, ...]
    done: tuple[Answer, ...]
    weekly: tuple[Chart, str] | None
    months: Chart | None
    by_service: Sliced
    by_cause: Sliced
    restored_by_service: Sliced
    load: Load


def overview(conn: Connection, asked: Asked, now: Instant, me: str | None = None) -> Overview:
    answers = {id: Question(conn, named(id), asked, now).answer() for id in (*BETTER, *DONE)}
    incidents = Question(conn, named("incidents"), asked, now)
    restored = Question(conn, named("time-to-restore"), asked, now)
    counted = incidents.counted()
    return Overview(
        incidents=answers["incidents"],
        better=tuple(answers[id] for id in BETTER if answers[id].figure.n or id == "incidents"),
        done=tuple(answers[id] for id in DONE),
        weekly=drawing.weekly(incidents.population.columns, counted, asked.since, min(asked.until, micros(now))),
        months=drawing.by_month(restored.sliced("month").rows) if answers["time-to-restore"].figure.n else None,
        by_service=incidents.sliced("service"),
        by_cause=incidents.sliced("cause"),
        restored_by_service=restored.sliced("service"),
        load=paging_load(conn, asked, micros(now), me),
    )


def names_of(conn: Connection, by: By) -> dict[str, str]:
    """Display names of what slices are called by."""
    if by == "service":
        return service_names(conn)
    return team_names(conn) if by == "team" else {}
