"""What becomes of a lesson when the draft that it asked for is published or withdrawn."""

from quarterdeck.learning import actions, views
from quarterdeck.plan.events import DraftWithdrawn, PlanPublished
from quarterdeck.record import Reaction, Recorded, Tx


def on_plan(tx: Tx, recorded: Recorded) -> None:
    """A publication closes what it cites, with a draft or adopted without one; a withdrawal gives its lessons back."""
    event = recorded.event
    if isinstance(event, PlanPublished):
        proposed = _waiting(tx, event.draft) if event.draft is not None else []
        actions.settle_lessons_of_draft(tx, draft=event.draft, proposed=proposed, revision=event.revision)
    else:
        draft = int(recorded.key)
        actions.settle_lessons_of_draft(tx, draft=draft, proposed=_waiting(tx, draft), why=event.reason)


def _waiting(tx: Tx, draft: int) -> list[int]:
    return [row.number for row in views.lessons_of_draft(tx.connection, draft)]


REACTIONS = (Reaction("learning.on_plan", (PlanPublished, DraftWithdrawn), on_plan),)
