"""Tables of incidents and of their facts, as rows of texts: for CSV, spreadsheets and columns. Pure."""

from collections.abc import Iterable, Iterator

from quarterdeck.kernel.time import from_micros
from quarterdeck.migration.rules.writing.kept import Kept, fact_text, iso, shown

INCIDENTS = {
    "number": "VARCHAR",
    "source": "VARCHAR",
    "title": "VARCHAR",
    "type": "VARCHAR",
    "service": "VARCHAR",
    "state": "VARCHAR",
    "severity": "VARCHAR",
    "impact": "VARCHAR",
    "urgency": "VARCHAR",
    "team": "VARCHAR",
    "commander": "VARCHAR",
    "started_at": "TIMESTAMP",
    "detected_at": "TIMESTAMP",
    "opened_at": "TIMESTAMP",
    "acknowledged_at": "TIMESTAMP",
    "mitigated_at": "TIMESTAMP",
    "resolved_at": "TIMESTAMP",
    "closed_at": "TIMESTAMP",
    "reopened": "INTEGER",
    "reassignments": "INTEGER",
    "sla_made": "BOOLEAN",
    "doubts": "INTEGER",
    "drill": "BOOLEAN",
    "plan_revision": "INTEGER",
}
FACTS = {
    "number": "VARCHAR",
    "source": "VARCHAR",
    "at": "TIMESTAMP",
    "recorded_at": "TIMESTAMP",
    "fact": "VARCHAR",
    "by": "VARCHAR",
    "data": "VARCHAR",
}
PATHS = {
    "number": "VARCHAR",
    "source": "VARCHAR",
    "place": "INTEGER",
    "at": "TIMESTAMP",
    "activity": "VARCHAR",
    "words": "VARCHAR",
    "team": "VARCHAR",
}
"""Columns and their types."""


def incident_rows(incidents: Iterable[Kept]) -> Iterator[list[str]]:
    for one in incidents:
        row = one.row
        yield [
            f"INC-{one.number}",
            one.source,
            row.title,
            *(
                _text(getattr(row, name))
                for name in ("type", "service", "state", "severity", "impact", "urgency", "team")
            ),
            shown(one.commander),
            iso(row.impact_started),
            iso(row.detected_at),
            iso(row.declared_at),
            *(iso(getattr(row, f"{name}_at")) for name in ("acknowledged", "mitigated", "resolved", "closed")),
            *(_text(getattr(row, name)) for name in ("reopened", "reassigned", "service_level_made", "doubts")),
            _text(row.drill),
            _text(row.plan_revision),
        ]


def fact_rows(incidents: Iterable[Kept]) -> Iterator[list[str]]:
    for one in incidents:
        for fact in one.facts:
            number = f"INC-{one.number}"
            yield [number, one.source, iso(fact.at), iso(fact.recorded_at), fact.name, shown(fact.by), fact_text(fact)]


def path_rows(incidents: Iterable[Kept]) -> Iterator[list[str]]:
    """`place`: the how-manieth of its incident, which is the order; instants of a source may run backwards."""
    for one in incidents:
        for place, step in enumerate(one.activities, 1):
            at = iso(from_micros(step.at))
            yield [f"INC-{one.number}", one.source, str(place), at, step.key, step.words, step.team or ""]


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
