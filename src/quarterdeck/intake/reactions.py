"""When a plan is published, what was held for want of one gets its place."""

from quarterdeck.intake import actions, state
from quarterdeck.plan.events import PlanPublished
from quarterdeck.record import Reaction, Recorded, Tx


def on_plan_published(tx: Tx, recorded: Recorded) -> None:
    """Open the groups of signals that came while no plan was in force: command then declares their incidents."""
    for group in state.held(tx):
        actions.open_held_group(tx, group=group)


REACTIONS = (Reaction("intake.on_plan_published", (PlanPublished,), on_plan_published),)
