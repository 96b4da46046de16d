"""What can be done with an incident, as a path tells it: which kinds there are, how fine to look, and their words."""

from collections.abc import Mapping
from typing import Literal, get_args

Detail = Literal["milestones", "course", "steps", "everything"]
DETAILS: tuple[Detail, ...] = get_args(Detail)
SAYS: Mapping[Detail, str] = {
    "milestones": "Milestones",
    "course": "The course",
    "steps": "Steps of the plan",
    "everything": "Everything",
}

_MILESTONES = frozenset(
    {"declared", "acknowledged", "mitigated", "resolved", "reopened", "closed", "declined", "merged", "cancelled"}
)
_COURSE = _MILESTONES | {"handed", "waiting", "resumed", "escalated", "command", "elevated", "reviewed"}
_STEPS = _MILESTONES | {"step", "task"}
_EVERYTHING = _COURSE | _STEPS | {
    "paged", "role", "task", "severity", "service", "queue", "stage", "update", "cleared", "returned", "review",
}  # fmt: skip
KINDS: Mapping[Detail, frozenset[str]] = {
    "milestones": _MILESTONES,
    "course": _COURSE,
    "steps": _STEPS,
    "everything": _EVERYTHING,
}
"""Which kinds of activity a path is made of. `fell` and `skipped` are none: they say what was not done."""

DETAILED = frozenset({"step", "waiting", "stage", "role", "skipped", "fell"})
"""Kinds of which each detail is an activity of its own: a step, a stage, a role."""
BEYOND = frozenset({"handed", "waiting", "resumed", "reopened", "stage", "task", "service"})
"""Kinds of which no plan of ours speaks: they happen, and cost time."""
OVER = frozenset({"resolved", "reviewing", "closed", "declined", "merged", "cancelled"})
"""States of incidents whose path has been walked."""

_WORDS = {
    "declared": "Declared",
    "acknowledged": "Acknowledged",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
    "reopened": "Reopened",
    "closed": "Closed",
    "declined": "Declined",
    "merged": "Merged",
    "cancelled": "Cancelled",
    "handed": "Handed to another team",
    "resumed": "Work goes on",
    "escalated": "Escalated",
    "command": "Command handed over",
    "elevated": "Elevated",
    "reviewed": "Review held",
    "paged": "Paged",
    "task": "A task of their own",
    "severity": "Severity changed",
    "service": "Service or type corrected",
    "queue": "Given to a team",
    "update": "Update sent",
    "cleared": "Alerts cleared",
    "returned": "Alerts returned",
    "review": "Review begun",
}


def key_of(kind: str, detail: str | None) -> str:
    """How an activity is called by programs: `resolved`, `step:isolate`, `waiting:Awaiting Vendor`."""
    return f"{kind}:{detail}" if kind in DETAILED and detail else kind


def kind_of(key: str) -> str:
    return key.partition(":")[0]


def words_of(key: str, titles: Mapping[str, str]) -> str:
    """For people. `titles`: of steps and roles, by key."""
    kind, _, detail = key.partition(":")
    if key in titles:
        return titles[key]
    match kind:
        case "step":
            return detail
        case "waiting":
            return detail or "Waiting"
        case "stage":
            return f"Stage {detail}"
        case "role":
            return f"{detail.replace('-', ' ').capitalize()} named"
    return _WORDS.get(kind, kind)
