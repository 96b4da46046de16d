"""The clock of an exercise lets injects happen; what happens to its incidents is held against what was expected."""

from quarterdeck.command.events import IncidentDeclared
from quarterdeck.readiness import actions
from quarterdeck.readiness.actions.watching import WATCHED
from quarterdeck.readiness.events import ExerciseEnded, InjectDue
from quarterdeck.readiness.state import exercise_of
from quarterdeck.record import Reaction, Recorded, Tx


def on_incident(tx: Tx, recorded: Recorded) -> None:
    """One reaction for all, so that an incident belongs to its exercise before anything is seen of it."""
    number = int(recorded.key)
    if isinstance(recorded.event, IncidentDeclared):
        if not recorded.event.drill:
            return
        actions.join_exercise(tx, number=number)
        if (belongs := exercise_of(tx, number)) is not None:
            actions.clear_away(tx, number=belongs)  # its signal may have come in the very second in which it ended
    actions.watch(tx, number=number, event=recorded.event, position=recorded.position)


def on_inject_due(tx: Tx, recorded: Recorded) -> None:
    actions.let_happen(tx, number=int(recorded.key), inject=recorded.event.inject)


def on_exercise_ended(tx: Tx, recorded: Recorded) -> None:
    """Also when its last minute had come, and nobody pressed anything."""
    actions.clear_away(tx, number=int(recorded.key))


REACTIONS = (
    Reaction("readiness.on_incident", (IncidentDeclared, *WATCHED), on_incident),
    Reaction("readiness.on_inject_due", (InjectDue,), on_inject_due),
    Reaction("readiness.on_exercise_ended", (ExerciseEnded,), on_exercise_ended),
)
