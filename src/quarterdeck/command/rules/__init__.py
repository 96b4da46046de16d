"""The incident's rules: its state, the decisions that may change it, its deadlines and its story. Pure."""

from quarterdeck.command.rules.conformance import VERDICTS, Share, Verdict
from quarterdeck.command.rules.course import with_consequences
from quarterdeck.command.rules.life import (
    absorb,
    acknowledge,
    activate,
    begin_review,
    cancel,
    close,
    decline,
    group_stirred,
    groups_cleared,
    merge,
    mitigate,
    note,
    reopen,
    resolve,
    settle_review,
)
from quarterdeck.command.rules.people import assign_role, release_role, transfer_command
from quarterdeck.command.rules.revising import change_severity, classify, correct_times, state_impact
from quarterdeck.command.rules.state import ENDED, LIVE, OPEN, STATES, Incident, Task, evolve
from quarterdeck.command.rules.tasks import (
    add_task,
    assign_task,
    complete_task,
    due,
    explain_deviation,
    missing_mandatory,
    skip_task,
    tasks_from,
    wake,
)
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.plan.rules import rank


def urgency(incident: Incident) -> int:
    """The backlog is worked off most severe incident first."""
    return rank(incident.severity)


INCIDENT = Lifecycle("incident", evolve, due, wake, urgency)
LIFECYCLES = (INCIDENT,)

__all__ = [
    "ENDED",
    "INCIDENT",
    "LIFECYCLES",
    "LIVE",
    "OPEN",
    "STATES",
    "VERDICTS",
    "Incident",
    "Share",
    "Task",
    "Verdict",
    "absorb",
    "acknowledge",
    "activate",
    "add_task",
    "assign_role",
    "assign_task",
    "begin_review",
    "cancel",
    "change_severity",
    "classify",
    "close",
    "complete_task",
    "correct_times",
    "decline",
    "due",
    "evolve",
    "explain_deviation",
    "group_stirred",
    "groups_cleared",
    "merge",
    "missing_mandatory",
    "mitigate",
    "note",
    "release_role",
    "reopen",
    "resolve",
    "settle_review",
    "skip_task",
    "state_impact",
    "tasks_from",
    "transfer_command",
    "wake",
    "with_consequences",
]
