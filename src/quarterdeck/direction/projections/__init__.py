"""The read tables of direction: rosters, and what is measured of incidents and of what follows from them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from quarterdeck.direction.projections import (
    hands,
    incidents,
    learned,
    owing,
    paging,
    paths,
    promises,
    queues,
    reporting,
    rostering,
    telling,
)
from quarterdeck.direction.projections.hands import measured_hand
from quarterdeck.direction.projections.incidents import measured
from quarterdeck.direction.projections.learned import measured_action, measured_factor, measured_lesson, measured_review
from quarterdeck.direction.projections.paging import measured_page
from quarterdeck.direction.projections.paths import measured_path
from quarterdeck.direction.projections.promises import measured_promise
from quarterdeck.direction.projections.queues import measured_queue
from quarterdeck.kernel.events import Event
from quarterdeck.record import Projections, Projector, Recorded

_FAMILIES: tuple[Projections, ...] = (
    incidents.PROJECTIONS,
    hands.PROJECTIONS,
    paging.PROJECTIONS,
    telling.PROJECTIONS,
    learned.PROJECTIONS,
    promises.PROJECTIONS,
    queues.PROJECTIONS,
    rostering.PROJECTIONS,
    owing.PROJECTIONS,
    paths.PROJECTIONS,
    reporting.PROJECTIONS,
)


def _all_of(event: type[Event]) -> Projector:
    projectors = [family[event] for family in _FAMILIES if event in family]

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for projector in projectors:
            projector(conn, rows)

    return project


PROJECTIONS: Projections = {event: _all_of(event) for family in _FAMILIES for event in family}

__all__ = [
    "PROJECTIONS",
    "measured",
    "measured_action",
    "measured_factor",
    "measured_hand",
    "measured_lesson",
    "measured_page",
    "measured_path",
    "measured_promise",
    "measured_queue",
    "measured_review",
]
