"""Incidents under what a lesson changed are counted, the time to look comes, and a factor that returns reopens it."""

from quarterdeck.command.events import IncidentClosed
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.effects import EffectCheckOpened
from quarterdeck.learning.events.factoring import FactorAgreed
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.state import factors
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident_closed(tx: Tx, recorded: Recorded) -> None:
    """Only then is it settled which steps were followed, and when things happened."""
    number = int(recorded.key)
    if waiting := views.waiting_for(tx.connection, number):
        actions.note_use(tx, numbers=waiting, incident=number)


def on_effect_check(tx: Tx, recorded: Recorded) -> None:
    number = int(recorded.key)
    if (found := views.effect_of(tx.connection, number)) is not None:
        actions.record_look(tx, number=number, because=recorded.event.because, weighed=found.weighed)


def on_factor_agreed(tx: Tx, recorded: Recorded) -> None:
    """The same factor in an incident of the same type or service, after something was changed against it."""
    number, known = int(recorded.key), factors(tx, int(recorded.key))
    found = known.by_id.get(recorded.event.factor) if known else None
    if found is None or found.state != "agreed":
        return
    reason = f"“{taxonomy.words_for(found.code)}” came up again in INC-{number}: {found.text}"
    for lesson in views.returned(tx.connection, number, found.code):
        actions.reopen_lesson(tx, number=lesson, reason=reason[:2_000], incident=number)


REACTIONS = (
    Reaction("learning.on_incident_closed", (IncidentClosed,), on_incident_closed),
    Reaction("learning.on_effect_check", (EffectCheckOpened,), on_effect_check),
    Reaction("learning.on_factor_agreed", (FactorAgreed,), on_factor_agreed),
)
