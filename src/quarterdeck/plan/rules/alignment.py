"""What incident management is for: the organisation's objectives, and the measures that show whether they are met."""

from typing import Literal

from pydantic import Field

from quarterdeck.plan.rules.values import Frozen, Severity, Slug, Text, Title


class Objective(Frozen):
    """Something the organisation wants, in its own words."""

    title: Title
    statement: Text
    owner: Slug
    """The post that answers for it."""


class Measure(Frozen):
    """How an objective is measured; exact, so that two people get the same figure."""

    title: Title
    objective: Slug
    definition: Text
    unit: Title
    statistic: Literal["median", "p90", "p95", "share", "count", "rate"]
    better: Literal["lower", "higher"]
    target: float = Field(ge=0)
    """In `unit`; a share is between 0 and 1."""
    window_days: int = Field(ge=1, le=3660)
    minimum_n: int = Field(ge=1, le=1_000_000)
    """Below so many cases no verdict is given."""
    owner: Slug
    version: int = Field(default=1, ge=1)
    """Counts up when the definition changes: figures of different versions are not compared."""
    measured_by: Slug | None = None
    """The id of the figure that Quarterdeck computes (`quarterdeck measure list`); none: it is measured elsewhere."""
    severities: tuple[Severity, ...] = Field(default=(), max_length=5)
    """Only of these; none: of all. So are the next two."""
    types: tuple[Slug, ...] = Field(default=(), max_length=100)
    services: tuple[Title, ...] = Field(default=(), max_length=300)


class Standard(Frozen):
    """What the plan says of a standard or law whose requirements Quarterdeck can check it against."""

    applies: bool = True
    why: Text | None = None
    """Why it applies or does not; asked for when it does not."""
    exceptions: dict[str, Text] = Field(default_factory=dict, max_length=200)
    """Requirement's id → why it is not met here, or how it is met outside the plan."""
