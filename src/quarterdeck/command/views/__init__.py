"""The questions that screens and programs ask about incidents."""

from quarterdeck.command.views.conformance import Conformance, Followed, StepRow, conformance, conformance_across
from quarterdeck.command.views.incidents import (
    MOST,
    Filters,
    IncidentRow,
    Page,
    by_sources,
    count_incidents,
    counted_by_type,
    declared_since,
    drills,
    incident,
    incidents,
    incidents_after,
    incidents_numbered,
    open_incidents,
    resolved_between,
    similar,
    systems,
    titles,
)
from quarterdeck.command.views.plans import Choices, choices, expected_commander, role_titles
from quarterdeck.command.views.practice import Practice, Use, last_uses, practice
from quarterdeck.command.views.spells import Occurrence, Spell, occurrences, spells, steps_as_followed
from quarterdeck.command.views.timeline import Entry, history, timeline
from quarterdeck.command.views.work import RoleRow, TaskRow, due_tasks, roles, tasks

headline = incident
"""What the frame of the incident page shows in its bar."""

__all__ = [
    "MOST",
    "Choices",
    "Conformance",
    "Entry",
    "Filters",
    "Followed",
    "IncidentRow",
    "Occurrence",
    "Page",
    "Practice",
    "RoleRow",
    "Spell",
    "StepRow",
    "TaskRow",
    "Use",
    "by_sources",
    "choices",
    "conformance",
    "conformance_across",
    "count_incidents",
    "counted_by_type",
    "declared_since",
    "drills",
    "due_tasks",
    "expected_commander",
    "headline",
    "history",
    "incident",
    "incidents",
    "incidents_after",
    "incidents_numbered",
    "last_uses",
    "occurrences",
    "open_incidents",
    "practice",
    "resolved_between",
    "role_titles",
    "roles",
    "similar",
    "spells",
    "steps_as_followed",
    "systems",
    "tasks",
    "timeline",
    "titles",
]
