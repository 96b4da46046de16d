"""Figures as data for programs: the same keys in the API and on the command line, durations in minutes."""

from datetime import timedelta
from math import isfinite
from typing import Any

from quarterdeck.direction.rules.measures import NONE, AnyMeasure, Figure, Trend
from quarterdeck.direction.rules.measures.load import DAYS, Load
from quarterdeck.direction.rules.measures.load import sentence as load_sentence
from quarterdeck.direction.rules.measures.wording import elsewhere, left_out, sentence
from quarterdeck.direction.rules.statistics import Estimate
from quarterdeck.direction.views.measuring.asking import Answer, Question, Sliced
from quarterdeck.direction.views.measuring.members import Member, Members
from quarterdeck.kernel.time import from_micros

POINTS = 60
"""Of so few durations every one is given."""
_MINUTE = 60.0


def definition(measure: AnyMeasure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "version": measure.version,
        "name": measure.name,
        "letters": measure.letters or None,
        "unit": measure.unit,
        "better": measure.better,
        "of": measure.of,
        "clocks": measure.clocks,
        "definition": measure.definition,
    }


def estimate(found: Estimate | None, unit: float = 1.0) -> dict[str, Any] | None:
    """`low` and `high` null: too few for an interval. A value that never ends is null, too, and `endless` says so."""
    if found is None:
        return None
    numbers = {name: _number(getattr(found, name), unit) for name in ("value", "low", "high")}
    return {**numbers, "enough": found.enough, "endless": found.high is not None and not isfinite(found.high)}


def _number(value: float | None, unit: float) -> float | None:
    return None if value is None or not isfinite(value) else round(value / unit, 4)


def figure(found: Figure) -> dict[str, Any]:
    document: dict[str, Any] = {
        "n": found.n,
        "imported": found.imported,
        "left_out": found.left_out,
        "sentence": sentence(found),
        "note": left_out(found) or None,
    }
    if found.median is not None:
        document |= {"still_open": found.still_open, "ended": found.some}
        document |= {name: estimate(getattr(found, name), _MINUTE) for name in ("median", "p90", "p95", "geometric")}
        if found.n <= POINTS:
            document["points"] = [round(value / _MINUTE, 2) for value in found.values.tolist()]
            document["open_for"] = [round(age / _MINUTE, 2) for age in found.ages.tolist()]
    elif found.share is not None:
        document |= {"some": found.some, "share": estimate(found.share)}
    else:
        document |= {"in_30_days": estimate(found.rate)}
    return document


def trend(found: Trend) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "sentence": found.sentence,
        "change": estimate(found.change),
        "chance": None if found.chance is None else round(found.chance, 4),
    }


def answer(question: Question, found: Answer, sliced: Sliced | None = None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "measure": definition(question.measure),
        "clock": question.clock,
        "from": from_micros(found.asked.since),
        "to": from_micros(found.asked.until),
        "filters": dict(found.asked.filters),
        "figure": figure(found.figure),
        "before": figure(found.before),
        "trend": trend(found.trend),
    }
    if found.on_record is not None:
        first, last = found.on_record
        document["on_record"] = {"from": first, "to": last + timedelta(days=1), "sentence": elsewhere(found.on_record)}
    if sliced is not None:
        rows = [
            {sliced.by: name, "ask_for": NONE if name is None else name, **figure(one)} for name, one in sliced.rows
        ]
        document |= {"by": sliced.by, "slices": rows, "more": sliced.more}
    return document


def load(found: Load) -> dict[str, Any]:
    """People are counted and never listed: of each person who was paged a number, without whose it is."""
    return {
        "sentence": load_sentence(found),
        "pages": found.pages,
        "people": found.people,
        "weeks": round(found.weeks, 2),
        "at_night": estimate(found.at_night),
        "pages_a_week": [round(float(one), 2) for one in found.a_week],
        "nights_broken": [int(one) for one in found.nights],
        "hours": dict(zip(DAYS, found.hours.tolist(), strict=True)),
        "own": {"pages": found.own.pages, "nights_broken": found.own.nights},
    }


def _member(row: Member) -> dict[str, Any]:
    document: dict[str, Any] = {"number": row.number, "title": row.title, "at": from_micros(row.when)}
    if row.left_out is not None:
        return document | {"left_out": row.left_out}
    if row.seconds is not None:
        document |= {"minutes": round(row.seconds / _MINUTE, 2), "ended": row.ended}
    if row.of:
        document |= {"some": row.some, "of": row.of}
    return document


def members(found: Members) -> dict[str, Any]:
    return {
        "items": [_member(row) for row in found.rows],
        "n": found.n,
        "left_out": [_member(row) for row in found.left_out],
        "n_left_out": found.n_left_out,
        "next": None,
    }
