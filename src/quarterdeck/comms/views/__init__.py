"""Who was told what and by when, what was elevated, the incident in a paragraph; and what the public may read."""

from quarterdeck.comms.views.public import facts, status_board
from quarterdeck.comms.views.telling import (
    AudienceRow,
    CommunicationRow,
    ElevationRow,
    OverdueRow,
    Preview,
    TextRow,
    ToldRow,
    UpdateRow,
    begun,
    brief,
    communication,
    elevations,
    overdue,
    previews,
    updates,
)

__all__ = [
    "AudienceRow",
    "CommunicationRow",
    "ElevationRow",
    "OverdueRow",
    "Preview",
    "TextRow",
    "ToldRow",
    "UpdateRow",
    "begun",
    "brief",
    "communication",
    "elevations",
    "facts",
    "overdue",
    "previews",
    "status_board",
    "updates",
]
