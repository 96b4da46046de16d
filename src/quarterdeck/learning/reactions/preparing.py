"""The plan's calendar sets the hour; when it comes, whoever goes on call within a day is told what is new."""

from quarterdeck.learning import actions, views
from quarterdeck.learning.events.preparing import ReadingDue
from quarterdeck.learning.rules.preparing import words
from quarterdeck.oncall.events import ScheduleRevised
from quarterdeck.oncall.views import schedules
from quarterdeck.plan.events import PlanPublished
from quarterdeck.record import Reaction, Recorded, Tx


def on_hours(tx: Tx, recorded: Recorded) -> None:
    actions.plan_reading(tx)


def on_reading_due(tx: Tx, recorded: Recorded) -> None:
    """Nobody is told of nothing, and nobody whose last shift still runs."""
    texts = {}
    for person in views.going_on_call(tx.connection, tx.now):
        found = views.reading(tx.connection, person, tx.now)
        if found.shift is not None and not found.nothing:
            texts[person] = words(found.begins, found.since_words, found.lines)
    actions.send_reading(tx, texts=texts, schedules=bool(schedules(tx.connection, tx.now)))


REACTIONS = (
    Reaction("learning.reading_on_hours", (PlanPublished, ScheduleRevised), on_hours),
    Reaction("learning.on_reading_due", (ReadingDue,), on_reading_due),
)
