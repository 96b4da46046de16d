"""The framework's documents: who keeps each, who approves it, whom it concerns, and when it is looked at again."""

from typing import Annotated, Literal

from pydantic import Field

from quarterdeck.plan.rules.values import Frozen, Slug, Text, Title

Kind = Literal["policy", "plan", "procedure", "guideline"]
Classification = Literal["public", "internal", "confidential", "restricted"]
Trigger = Literal[
    "significant-incident",
    "type-without-procedure",
    "service-without-cover",
    "step-not-followed",
    "exercise-failed",
    "role-holder-left",
    "environment-change",
]
TRIGGERS: tuple[Trigger, ...] = (
    "significant-incident",
    "type-without-procedure",
    "service-without-cover",
    "step-not-followed",
    "exercise-failed",
    "role-holder-left",
    "environment-change",
)
"""What opens a review of a document before its date (NIS2 IR 2024/2690, Annex 3.1: incidents and changes)."""
Body = Annotated[str, Field(min_length=1, max_length=200_000)]
"""Markdown for people; in a tree of files it is the text of a `.md` file, below its front matter."""


class Governed(Frozen):
    """What every document of the framework carries. What it leaves out it takes from the plan."""

    owner: Slug
    """The post that keeps it current."""
    approver: Slug | None = None
    """The post that approves it."""
    scope: Text | None = None
    classification: Classification | None = None
    review_interval_days: int | None = Field(default=None, ge=1, le=3660)
    review_on: tuple[Trigger, ...] | None = None
    """What opens a review before its date."""
    serves: tuple[Slug, ...] = ()
    """The objectives that it serves."""
    text: Body | None = None


class Policy(Governed):
    """What the organisation has decided, and why; the plan stands under it."""

    title: Title


class Guideline(Governed):
    """How to do something well; explains one procedure, and binds nobody."""

    title: Title
    procedure: Slug
    """The procedure that it explains."""
