"""What can be done with an incident. People are given by id or login; numbers are the incident's own.

`at` is when a thing happened, where that is not now: never in the future.
"""

from quarterdeck.command.actions.bringing import bring_in
from quarterdeck.command.actions.declaring import answered, declare, remember_answer
from quarterdeck.command.actions.directing import (
    acknowledge,
    activate,
    assign_role,
    begin_review,
    cancel,
    close,
    decline,
    group_cleared,
    group_stirred,
    merge,
    mitigate,
    release_role,
    reopen,
    resolve,
    settle_review,
    transfer_command,
)
from quarterdeck.command.actions.working import (
    add_task,
    assign_task,
    change_severity,
    classify,
    complete_task,
    correct_times,
    explain_deviation,
    note,
    skip_task,
    state_impact,
    worsen,
)

__all__ = [
    "acknowledge",
    "activate",
    "add_task",
    "answered",
    "assign_role",
    "assign_task",
    "begin_review",
    "bring_in",
    "cancel",
    "change_severity",
    "classify",
    "close",
    "complete_task",
    "correct_times",
    "declare",
    "decline",
    "explain_deviation",
    "group_cleared",
    "group_stirred",
    "merge",
    "mitigate",
    "note",
    "release_role",
    "remember_answer",
    "reopen",
    "resolve",
    "settle_review",
    "skip_task",
    "state_impact",
    "transfer_command",
    "worsen",
]
