"""The read tables of direction: rosters, and what is measured of incidents and of what follows from them."""

from functools import partial

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
from quarterdeck.direction.projections.folding import Folding, merged
from quarterdeck.direction.projections.hands import measured_hand
from quarterdeck.direction.projections.incidents import measured
from quarterdeck.direction.projections.learned import measured_action, measured_factor, measured_lesson, measured_review
from quarterdeck.direction.projections.paging import measured_page
from quarterdeck.direction.projections.paths import measured_path
from quarterdeck.direction.projections.promises import measured_promise
from quarterdeck.direction.projections.queues import measured_queue
from quarterdeck.direction.projections.stating import projector
from quarterdeck.direction.rules.measures import sql
from quarterdeck.record.refold import Foldable
from quarterdeck.record.tables import views


def _view(name: str, dialect: str) -> str:
    return sql.views("sqlite" if dialect == "sqlite" else "postgresql")[name]


SAYS = merged([incidents.SAYS, hands.SAYS, paging.SAYS, telling.SAYS, learned.SAYS, queues.SAYS])
"""What is measured: as events come by SQL, and folded in memory when all are read again."""


def folding() -> Folding:
    return Folding(SAYS)


PROJECTIONS = Foldable(
    {event: projector(statements) for event, statements in SAYS.items()},
    folding,
    beside=(promises.PROJECTIONS, rostering.PROJECTIONS, owing.PROJECTIONS, paths.PROJECTIONS, reporting.PROJECTIONS),
)

views.update({name: partial(_view, name) for name in sql.views("sqlite")})

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
