"""What is measured of updates: how many went out before their time had passed, and how often it passed."""

from quarterdeck.comms import events as ev
from quarterdeck.direction.projections.incidents import change
from quarterdeck.direction.projections.stating import Says, constant

SAYS: Says = {
    ev.UpdateSent: [
        change(
            updates_kept=lambda row: row.updates_kept + 1 - row.update_overdue,
            update_overdue=lambda row: 0,
        )
    ],
    # A deadline is missed once, however often somebody is reminded of it.
    ev.UpdateOverdue: [
        change(
            {"update_overdue": constant(1)},
            only=lambda row: row.event.step == 0,
            updates_missed=lambda row: row.updates_missed + 1,
        )
    ],
}
