"""What can be done in direction."""

from quarterdeck.direction.actions.looking_again import (
    look_again_after_exercise,
    look_again_after_incident,
    look_again_after_leaving,
    look_again_after_service,
    note_practice,
)
from quarterdeck.direction.actions.owing import begin_debt_notes, tell_debt
from quarterdeck.direction.actions.reporting import (
    ask_board,
    follow_board_decision,
    issue_page,
    schedule_board_mail,
    send_page,
    stop_board_mail,
    take_board_decision,
    withdraw_board_decision,
)
from quarterdeck.direction.actions.rostering import accept_roster, give_up_roster, keep_roster

__all__ = [
    "accept_roster",
    "ask_board",
    "begin_debt_notes",
    "follow_board_decision",
    "give_up_roster",
    "issue_page",
    "keep_roster",
    "look_again_after_exercise",
    "look_again_after_incident",
    "look_again_after_leaving",
    "look_again_after_service",
    "note_practice",
    "schedule_board_mail",
    "send_page",
    "stop_board_mail",
    "take_board_decision",
    "tell_debt",
    "withdraw_board_decision",
]
