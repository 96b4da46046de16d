"""The read tables of learning. Several tables may follow the same event."""

from collections.abc import Sequence

from sqlalchemy import Connection

from quarterdeck.kernel.events import Event
from quarterdeck.learning.projections import (
    duties,
    factoring,
    improving,
    knowing,
    lessoning,
    recurring,
    reviewing,
    tracking,
    writing,
)
from quarterdeck.learning.projections.duties import duties_revision
from quarterdeck.learning.projections.factoring import factor
from quarterdeck.learning.projections.improving import improvement, improvement_step
from quarterdeck.learning.projections.lessoning import lesson, lesson_factor, lesson_step
from quarterdeck.learning.projections.recurring import recurrence_check
from quarterdeck.learning.projections.reviewing import review
from quarterdeck.record import Projections, Projector, Recorded

_FAMILIES: tuple[Projections, ...] = (
    duties.PROJECTIONS,
    recurring.PROJECTIONS,
    reviewing.PROJECTIONS,
    writing.PROJECTIONS,
    factoring.PROJECTIONS,
    lessoning.PROJECTIONS,
    improving.PROJECTIONS,
    knowing.PROJECTIONS,
    tracking.PROJECTIONS,
)


def _all_of(event: type[Event]) -> Projector:
    """One event may be told in several tables: each in the order of the families."""
    projectors = [family[event] for family in _FAMILIES if event in family]

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for projector in projectors:
            projector(conn, rows)

    return project


PROJECTIONS: Projections = {event: _all_of(event) for family in _FAMILIES for event in family}

__all__ = [
    "PROJECTIONS",
    "duties_revision",
    "factor",
    "improvement",
    "improvement_step",
    "lesson",
    "lesson_factor",
    "lesson_step",
    "recurrence_check",
    "review",
]
