"""Which regimes are in scope, which clocks run until when, what was handed in how late, and what a notice would say."""

from quarterdeck.obligations.views.clocks import (
    ClockRow,
    DutyRow,
    Pressing,
    asked_live,
    duties_of,
    duty_row,
    live_duties,
    now_list,
    pressing,
)
from quarterdeck.obligations.views.history import Kept, Past, history
from quarterdeck.obligations.views.notices import Draft, Item, document, draft
from quarterdeck.obligations.views.regimes import (
    RegimeRow,
    answers,
    in_scope,
    pack_text,
    post_title,
    post_titles,
    regime_row,
    regimes,
)

__all__ = [
    "ClockRow",
    "Draft",
    "DutyRow",
    "Item",
    "Kept",
    "Past",
    "Pressing",
    "RegimeRow",
    "answers",
    "asked_live",
    "document",
    "draft",
    "duties_of",
    "duty_row",
    "history",
    "in_scope",
    "live_duties",
    "now_list",
    "pack_text",
    "post_title",
    "post_titles",
    "pressing",
    "regime_row",
    "regimes",
]
