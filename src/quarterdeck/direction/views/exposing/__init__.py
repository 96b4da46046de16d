"""What incidents cost in a year, what the next days of work should buy, and whether the loss fell."""

from quarterdeck.direction.rules.portfolio import checked
from quarterdeck.direction.views.exposing.afterwards import After, after_action, after_document, afterwards
from quarterdeck.direction.views.exposing.around import ServiceLoss, Worth, service_loss, worth
from quarterdeck.direction.views.exposing.exposure import KINDS, SEED, Exposed, Kind, Row, document, exposure
from quarterdeck.direction.views.exposing.ledger import DAYS, Ledger, ledger
from quarterdeck.direction.views.exposing.portfolio import (
    BUDGET,
    NO_EFFECT,
    NO_EFFORT,
    Advice,
    Unranked,
    advice,
    advice_document,
    advice_table,
)

__all__ = [
    "BUDGET",
    "DAYS",
    "KINDS",
    "NO_EFFECT",
    "NO_EFFORT",
    "SEED",
    "Advice",
    "After",
    "Exposed",
    "Kind",
    "Ledger",
    "Row",
    "ServiceLoss",
    "Unranked",
    "Worth",
    "advice",
    "advice_document",
    "advice_table",
    "after_action",
    "after_document",
    "afterwards",
    "checked",
    "document",
    "exposure",
    "ledger",
    "service_loss",
    "worth",
]
