"""Rows as plain documents, for programs: flat, with each instant under one name."""

from typing import Any

from quarterdeck.obligations.views.clocks import ClockRow, DutyRow
from quarterdeck.obligations.views.history import Past
from quarterdeck.obligations.views.regimes import RegimeRow

Document = dict[str, Any]


def regime_document(row: RegimeRow, *, whole: bool = False) -> Document:
    regime, said = row.regime, row.declared
    plain: Document = {
        "id": row.id,
        "title": regime.title,
        "source": regime.source,
        "jurisdiction": regime.jurisdiction,
        "effective_from": regime.effective_from,
        "effective_to": regime.effective_to,
        "applies_to": regime.applies_to,
        "own": row.own,
        "scope": row.standing,
        "reason": said.reason if said else None,
        "declared_at": said.at if said else None,
        "declared_by": row.declared_by,
        "severities": said.severities if said else (),
        "post": said.post if said else None,
        "options": said.options if said else {},
    }
    if whole:
        plain |= {"asks": regime.asks, "questions": regime.options, "helps": regime.helps}
        plain |= {"anchors": regime.anchors, "clocks": regime.clocks, "said": row.said}
    return plain


def clock_document(row: ClockRow) -> Document:
    """`due` with `sure` false is only suggested: if it has to be notified, by then."""
    found = row.standing
    return {
        "incident": row.number,
        "incident_title": row.incident,
        "severity": row.severity,
        "regime": row.regime,
        "clock": row.clock,
        "title": row.title,
        "to": row.to,
        "cite": row.cite,
        "state": row.state,
        "start": found.start,
        "due": found.due,
        "sure": found.sure,
        "missing": found.missing,
        "handed_in": found.handed_in,
        "late_by_seconds": None if found.late_by is None else int(found.late_by.total_seconds()),
        "reason": found.reason,
        "notices": [
            {"instant": one.instant, "reference": one.reference, "by": one.by, "text": one.text} for one in row.notices
        ],
    }


def duty_document(row: DutyRow) -> Document:
    answer = row.duty.answer
    return {
        "incident": row.number,
        "incident_title": row.incident,
        "severity": row.severity,
        "regime": row.regime,
        "title": row.title,
        "asks": row.duty.regime.asks,
        "asked_at": row.duty.asked_at,
        "answer_by": row.duty.answer_by,
        "notifiable": answer.notifiable if answer else None,
        "reason": answer.reason if answer else None,
        "answered_at": answer.at if answer else None,
        "answered_by": row.answered_by,
        "over": row.duty.over,
        "anchors": row.anchors,
        "clocks": [clock_document(one) for one in row.clocks],
    }


def past_document(row: Past) -> Document:
    return {
        **clock_document(row.row),
        "at": row.at,
        "by": row.by_name,
        "reference": row.reference,
        "missed": row.missed,
    }
