"""The executive page and its relatives: put together from what every room knows, and printed."""

from quarterdeck.direction.views.reporting.decisions import BoardDecisionRow, board_decision, board_decisions, wanted
from quarterdeck.direction.views.reporting.executive import executive
from quarterdeck.direction.views.reporting.issues import IssueRow, MailingRow, issue, issues, mailing
from quarterdeck.direction.views.reporting.printed import sheet
from quarterdeck.direction.views.reporting.programme import programme
from quarterdeck.direction.views.reporting.reviewed import service_review, team_review

__all__ = [
    "BoardDecisionRow",
    "IssueRow",
    "MailingRow",
    "board_decision",
    "board_decisions",
    "executive",
    "issue",
    "issues",
    "mailing",
    "programme",
    "service_review",
    "sheet",
    "team_review",
    "wanted",
]
