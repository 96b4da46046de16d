"""What can be done to the plan: draft, approve and publish a revision, and keep its documents current."""

from quarterdeck.plan.actions.drafting import (
    approve_draft,
    leave_findings,
    open_draft,
    propose_revision,
    return_draft,
    revise_draft,
    submit_draft,
    withdraw_draft,
)
from quarterdeck.plan.actions.publishing import adopt, publish_draft
from quarterdeck.plan.actions.upkeeping import (
    close_change,
    log_change,
    open_document_review,
    settle_document_review,
)

__all__ = [
    "adopt",
    "approve_draft",
    "close_change",
    "leave_findings",
    "log_change",
    "open_document_review",
    "open_draft",
    "propose_revision",
    "publish_draft",
    "return_draft",
    "revise_draft",
    "settle_document_review",
    "submit_draft",
    "withdraw_draft",
]
