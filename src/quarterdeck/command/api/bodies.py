"""What programs post to an incident; an unknown field is refused."""

from datetime import datetime
from typing import Literal

import msgspec


class Body(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is posted; an unknown field is refused."""


class Declaration(Body):
    title: str
    type: str | None = None
    impact: str | None = None
    urgency: str | None = None
    severity: str | None = None
    severity_reason: str | None = None
    service: str | None = None
    commander: str | None = None
    summary: str = ""
    detected_at: datetime | None = None
    impact_started: datetime | None = None
    drill: bool = False


class SeverityChange(Body):
    reason: str
    severity: str | None = None
    impact: str | None = None
    urgency: str | None = None


class Classification(Body):
    type: str | None = None
    service: str | None = None


class Impact(Body):
    statement: str
    customers: int | None = None
    """How many are hit, if it is known."""


class Times(Body):
    reason: str
    impact_started: datetime | None = None
    detected_at: datetime | None = None


class Assignment(Body):
    role: str
    person: str | None = None
    """None: release the role."""


class NewTask(Body):
    title: str
    assignee: str | None = None
    due: datetime | None = None
    details: str = ""


class Completion(Body):
    """`answer`: what was decided, where the step asks a question."""

    evidence: str | None = None
    answer: str | None = None
    at: datetime | None = None


class Explanation(Body):
    """Why a step was not followed; `better-than-the-plan` opens a draft of a revision."""

    why: str
    verdict: Literal["necessary", "mistake", "better-than-the-plan"]


class Person(Body):
    person: str


class Reason(Body):
    reason: str


class Note(Body):
    text: str
    at: datetime | None = None


class Mitigation(Body):
    how: str = ""
    at: datetime | None = None


class Resolution(Body):
    reason: str
    at: datetime | None = None


class Merger(Body):
    into: int


class Nothing(Body):
    """Nothing needs to be said."""
