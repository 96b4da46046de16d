"""What can be asked: who is on call, whose turn is next, where nobody would be paged, how far an escalation got."""

from quarterdeck.oncall.views.escalations import (
    EscalationRow,
    PageRow,
    StepRow,
    asking,
    escalation,
    pages_for,
    times_paged,
)
from quarterdeck.oncall.views.paths import LevelPreview, PathPreview, Stand, paths, stands
from quarterdeck.oncall.views.preview import Paged, Turn, WouldPage, who_would_be_paged
from quarterdeck.oncall.views.schedules import (
    ComingShift,
    Gap,
    OnCall,
    ScheduleRow,
    coming_shifts,
    gaps,
    last_shift_end,
    on_call_now,
    schedule,
    schedules,
)

__all__ = [
    "ComingShift",
    "EscalationRow",
    "Gap",
    "LevelPreview",
    "OnCall",
    "PageRow",
    "Paged",
    "PathPreview",
    "ScheduleRow",
    "Stand",
    "StepRow",
    "Turn",
    "WouldPage",
    "asking",
    "coming_shifts",
    "escalation",
    "gaps",
    "last_shift_end",
    "on_call_now",
    "pages_for",
    "paths",
    "schedule",
    "schedules",
    "stands",
    "times_paged",
    "who_would_be_paged",
]
