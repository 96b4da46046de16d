"""How each objective of the plan stands: its measures against their targets, and what can be done to move them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from quarterdeck.direction.rules.measures import Asked, By, Trend, named
from quarterdeck.direction.rules.measures.standing import Standing, Verdict, standing, together
from quarterdeck.direction.views.measuring import Member, Question, members
from quarterdeck.direction.views.measuring.documents import estimate, trend
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.views import ActionRow, improvements
from quarterdeck.plan.rules import Measure as Kpi
from quarterdeck.plan.rules import Objective, Plan
from quarterdeck.plan.rules.framework import Document, documents
from quarterdeck.plan.rules.measurable import UNITS
from quarterdeck.plan.views import in_force

_EXPECTED = {"acknowledge": "time-to-acknowledge", "mitigate": "time-to-mitigate", "resolve": "time-to-resolve"}
"""What an improvement may be expected to move → the figure that shows it."""
WORST = 5


@dataclass(frozen=True)
class Measured:
    """One measure of an objective. `standing` None: the plan names no figure for it, so it is measured elsewhere.

    `worst`: the incidents that did most against it.
    """

    id: str
    kpi: Kpi
    asked: Asked | None = None
    standing: Standing | None = None
    trend: Trend | None = None
    worst: tuple[Member, ...] = ()


@dataclass(frozen=True)
class ObjectiveStanding:
    """`documents`: those of the plan that serve it; `actions`: improvements under way that are expected to move it."""

    id: str
    objective: Objective
    verdict: Verdict
    measures: tuple[Measured, ...]
    documents: tuple[Document, ...]
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True)
class Standings:
    """Of the revision in force; None: there is no plan."""

    revision: int | None
    plan: Plan | None
    rows: tuple[ObjectiveStanding, ...]


def objectives(conn: Connection, now: Instant, *, verdicts_only: bool = False) -> Standings:
    """Every objective of the plan in force, in the plan's order.

    `verdicts_only`: neither trends nor the incidents that weighed most, for who asks for many things at once.
    """
    standing_plan = in_force(conn)
    if standing_plan is None:
        return Standings(None, None, ())
    plan = standing_plan.plan
    under_way = improvements(conn, "open", limit=500)[0]
    served = documents(plan)
    rows = []
    for id, objective in plan.objectives.items():
        kpis = [(key, kpi) for key, kpi in plan.measures.items() if kpi.objective == id]
        measures = tuple(_measured(conn, key, kpi, now, verdicts_only) for key, kpi in kpis)
        verdicts: list[Verdict] = [one.standing.verdict for one in measures if one.standing]
        mine = tuple(one for one in served if id in one.serves)
        actions = tuple(one for one in under_way if _moves(one, [kpi for _, kpi in kpis], mine))
        rows.append(ObjectiveStanding(id, objective, together(verdicts), measures, mine, actions))
    return Standings(standing_plan.revision, plan, tuple(rows))


def objective(conn: Connection, id: str, now: Instant) -> ObjectiveStanding:
    found = next((one for one in objectives(conn, now).rows if one.id == id), None)
    if found is None:
        raise NotFound(f"The plan in force has no objective {id[:60]!r}. `quarterdeck objective list` names them.")
    return found


def _measured(conn: Connection, id: str, kpi: Kpi, now: Instant, verdict_only: bool) -> Measured:
    if kpi.measured_by is None:
        return Measured(id, kpi)
    asked = Asked(micros(now - timedelta(days=kpi.window_days)), micros(now) + 1, tuple(_filters(kpi)))
    question = Question(conn, named(kpi.measured_by), asked, now)
    if verdict_only:
        return Measured(id, kpi, asked, standing(kpi, question.figure()))
    answer = question.answer()
    worst = members(conn, question, WORST).rows
    return Measured(id, kpi, asked, standing(kpi, answer.figure), answer.trend, worst)


def _filters(kpi: Kpi) -> Sequence[tuple[By, str]]:
    named_: list[tuple[By, Sequence[str]]] = [
        ("severity", kpi.severities),
        ("type", kpi.types),
        ("service", kpi.services),
    ]
    return [(by, value) for by, values in named_ for value in values]


def _moves(action: ActionRow, kpis: Sequence[Kpi], served_by: Sequence[Document]) -> bool:
    """It is expected to move one of the figures, or a step of a procedure that serves the objective."""
    if action.expects is None:
        return False
    wanted = action.expects.measure
    if wanted.startswith("step:"):
        procedure = wanted.removeprefix("step:").partition("/")[0]
        return any(one.key == f"procedure:{procedure}" for one in served_by)
    return _EXPECTED.get(wanted) in {kpi.measured_by for kpi in kpis}


def document(found: ObjectiveStanding) -> dict[str, Any]:
    """For programs: durations in the unit that the plan gives the target in."""
    return {
        "id": found.id,
        "title": found.objective.title,
        "statement": found.objective.statement,
        "owner": found.objective.owner,
        "verdict": found.verdict,
        "measures": [_measure_document(one) for one in found.measures],
        "documents": [{"key": one.key, "title": one.title, "kind": one.kind} for one in found.documents],
        "actions": [{"number": one.number, "title": one.title, "due": one.due} for one in found.actions],
    }


def _measure_document(one: Measured) -> dict[str, Any]:
    kpi = one.kpi
    document: dict[str, Any] = {
        "id": one.id,
        "title": kpi.title,
        "measured_by": kpi.measured_by,
        "version": kpi.version,
        "statistic": kpi.statistic,
        "unit": kpi.unit,
        "target": kpi.target,
        "better": kpi.better,
        "window_days": kpi.window_days,
        "minimum_n": kpi.minimum_n,
        "verdict": None,
    }
    if one.standing is not None and one.trend is not None:
        unit = UNITS.get(kpi.unit, 1.0) if kpi.statistic in ("median", "p90", "p95") else 1.0
        document |= {
            "verdict": one.standing.verdict,
            "actual": estimate(one.standing.actual, unit),
            "n": one.standing.actual.n,
            "more_needed": one.standing.more,
            "sentence": one.standing.sentence,
            "trend": trend(one.trend),
            "worst": [row.number for row in one.worst],
        }
    return document
