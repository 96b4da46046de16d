"""What programs are given of an exercise."""

from typing import Any

from sqlalchemy import Connection

from quarterdeck.readiness.rules.coverage import Cell
from quarterdeck.readiness.rules.maturity import Evidence
from quarterdeck.readiness.rules.scoring import Judged
from quarterdeck.readiness.views.contacting import Tested, TestRow
from quarterdeck.readiness.views.covering import Coverage
from quarterdeck.readiness.views.exercising import ExerciseRow, Sheet, sheet
from quarterdeck.readiness.views.maturity import Maturity

Document = dict[str, Any]


def listed(row: ExerciseRow) -> Document:
    return {
        "number": row.number,
        "title": row.title,
        "kind": row.kind,
        "type": row.type,
        "team": row.team,
        "service": row.service,
        "state": row.state,
        "plan_revision": row.plan_revision,
        "facilitator": row.facilitator,
        "evaluator": row.evaluator,
        "participants": list(row.participants),
        "planned_at": row.planned_at,
        "scheduled_at": row.scheduled_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "evaluated_at": row.evaluated_at,
        "real_incident_came": row.real,
        "ratings": dict(row.ratings),
        "failed": list(row.failed),
    }


def whole(conn: Connection, number: int) -> Document:
    """Raises `NotFound`."""
    return document(sheet(conn, number))


def document(found: Sheet) -> Document:
    return {
        **listed(found.row),
        "summary": found.row.summary,
        "ended_because": found.ended_because,
        "incidents": [{"number": one.number, "title": one.title, "state": one.state} for one in found.incidents],
        "injects": [
            {
                "id": one.inject.id,
                "happening": one.inject.happening,
                "at_minute": one.inject.at,
                "at": one.at,
                "state": one.state,
                "happened_at": one.happened_at,
                "how": one.how,
            }
            for one in found.injects
        ],
        "objectives": [
            {
                "id": one.objective.id,
                "title": one.objective.title,
                "criteria": list(one.objective.criteria),
                "expected": [_expected(judged, found.says(judged)) for judged in one.expected],
                "suggested": one.suggested.rating,
                "because": one.suggested.why,
                "rating": one.rated.rating if one.rated else None,
                "text": one.rated.text if one.rated else None,
                "rated_by": one.rated.by if one.rated else None,
            }
            for one in found.objectives
        ],
        "assembly": {
            "roles": found.assembly.roles,
            "there": found.assembly.there,
            "seconds": found.assembly.took.total_seconds() if found.assembly.took is not None else None,
            "missing": list(found.assembly.missing),
        },
        "findings": [
            {
                "id": one.id,
                "kind": one.kind,
                "text": one.text,
                "objective": one.objective,
                "lesson": one.lesson,
                "by": one.by,
                "at": one.at,
            }
            for one in found.findings
        ],
    }


def _expected(found: Judged, sentence: str) -> Document:
    return {
        "id": found.expected.id,
        "sentence": sentence,
        "what": found.expected.what,
        "of": found.expected.of,
        "verdict": found.verdict,
        "due": found.due,
        "at": found.at,
        "by": found.by,
        "as_planned": found.as_planned,
        "evidence": {"incident": found.number, "position": found.position} if found.number else None,
        "note": found.note,
    }


def coverage_document(found: Coverage) -> Document:
    return {
        "plan_revision": found.revision,
        "types": [
            {
                "type": row.type,
                "title": row.title,
                "procedure": row.procedure,
                "interval_days": row.interval_days,
                "incidents_within_a_year": row.incidents,
                **_cell(row.whole),
                "teams": {team: _cell(cell) for team, cell in row.by_team.items()},
            }
            for row in found.rows
        ],
        "next": [{"type": one.type, "title": one.title, "state": one.cell.state, "why": one.why} for one in found.next],
    }


def _cell(cell: Cell) -> Document:
    last = cell.last
    return {
        "state": cell.state,
        "why": cell.why,
        "exercise": last.number if last else None,
        "at": last.at if last else None,
        "plan_revision": last.revision if last else None,
    }


def test_document(row: TestRow) -> Document:
    return {
        "number": row.number,
        "selection": row.selection,
        "seed": row.seed,
        "within_minutes": row.within,
        "each_channel": row.each_channel,
        "waking_hours": row.waking_hours,
        "by": row.by,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "answered_in_time": row.answered.followed,
        "of": row.answered.n,
        "share_low": round(row.answered.low, 4),
        "share_high": round(row.answered.high, 4),
        "people": [
            {
                "person": one.person,
                "name": one.name,
                "outcome": one.outcome,
                "ask_at": one.ask_at,
                "asked_at": one.asked_at,
                "answered_at": one.answered_at,
                "seconds": one.took.total_seconds() if one.took is not None else None,
                "reason": one.reason,
                "messages": [
                    {
                        "channel": sent.channel,
                        "outcome": sent.outcome,
                        "answered_at": sent.answered_at,
                        "lost": sent.lost,
                    }
                    for sent in one.messages
                ],
            }
            for one in row.people
        ],
    }


def tested_document(row: Tested) -> Document:
    return {
        "person": row.person,
        "name": row.name,
        "because": row.because,
        "last_answered": row.last,
        "overdue": row.overdue,
        "channels": list(row.channels),
    }


def maturity_document(found: Maturity) -> Document:
    return {
        "sim3": [
            {
                "id": one.id,
                "title": one.title,
                "level": one.level,
                "evidence": [_evidence(each) for each in one.evidence],
                "missing": one.missing,
            }
            for one in found.sim3
        ],
        "tiers": [
            {
                "function": one.function,
                "title": one.title,
                "tier": one.tier,
                "why": one.why,
                "rungs": [
                    {"tier": rung.tier, "asks": rung.asks, "met": rung.met, "evidence": _evidence(rung.evidence)}
                    for rung in one.rungs
                ],
            }
            for one in found.tiers
        ],
    }


def _evidence(one: Evidence) -> Document:
    return {"text": one.text, "href": one.href}
