"""What is measured of updates: how many went out before their time had passed, and how often it passed."""

from collections.abc import Sequence

from sqlalchemy import Connection

from quarterdeck.comms import events as ev
from quarterdeck.direction.projections.incidents import measured, setting
from quarterdeck.record import Projections, Recorded

_c = measured.c
_sent = setting({}, updates_kept=_c.updates_kept + 1 - _c.update_overdue, update_overdue=0)
_missed = setting({}, updates_missed=_c.updates_missed + 1, update_overdue=1)


def _overdue(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A deadline is missed once, however often somebody is reminded of it."""
    first = [row for row in rows if row.event.step == 0]
    if first:
        _missed(conn, first)


PROJECTIONS: Projections = {ev.UpdateSent: _sent, ev.UpdateOverdue: _overdue}
