"""The weekly note on what is overdue, in every room."""

from quarterdeck.direction import actions, views
from quarterdeck.direction.events.owing import DebtNoteDue
from quarterdeck.direction.rules.owing import Item
from quarterdeck.plan.events import PlanPublished
from quarterdeck.record import Reaction, Recorded, Tx


def on_plan_published(tx: Tx, recorded: Recorded) -> None:
    actions.begin_debt_notes(tx)


def on_debt_note(tx: Tx, recorded: Recorded) -> None:
    rows = views.debt(tx.connection, tx.now)
    items = [Item(row.ref, row.title, row.owner, row.due) for row in rows]
    names = {row.owner: row.owner_name or row.owner for row in rows if row.owner}
    actions.tell_debt(tx, week=recorded.event.week, items=items, names=names)


REACTIONS = (
    Reaction("direction.on_plan_published", (PlanPublished,), on_plan_published),
    Reaction("direction.on_debt_note", (DebtNoteDue,), on_debt_note),
)
