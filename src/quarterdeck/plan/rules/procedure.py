"""A procedure: steps in order, side by side or on branches, each with a role, a deadline and the evidence wanted."""

from typing import Annotated, Literal

from pydantic import Field

from quarterdeck.plan.rules.governed import Governed
from quarterdeck.plan.rules.values import Frozen, Markdown, Minutes, Severity, Slug, Text, Title

ANCHOR = r"^(declared|detected|acknowledged|mitigated|resolved|ready|step:[a-z][a-z0-9_-]{0,62})$"
Anchor = Annotated[str, Field(pattern=ANCHOR)]
"""What a deadline counts from. `ready`: all steps of `after` are settled. `step:ID`: that step is settled."""
STUB = 3
"""A procedure with fewer steps is a stub."""
Skipping = Literal["with-reason", "by-commander", "never"]


class Decision(Frozen):
    """A question that a step answers; the steps of the other answers then do not apply."""

    question: Text
    answers: dict[Slug, Title] = Field(min_length=2, max_length=9)


class Step(Frozen):
    """One thing to do, by one role, with a deadline."""

    id: Slug
    title: Title
    role: Slug
    within: Minutes | None = None
    """Minutes from the anchor."""
    counted_from: Anchor = "declared"
    after: tuple[Slug, ...] = ()
    """Steps of this procedure that are settled first; none: it can be begun at once, beside the others."""
    decides: Decision | None = None
    only_if: dict[Slug, tuple[Slug, ...]] | None = Field(default=None, min_length=1)
    """Deciding step → answers: the step applies only if each of these steps was answered so."""
    mandatory: bool = False
    skip: Skipping = "with-reason"
    """Who may skip it: whoever works on it, giving a reason; only the commander, with a reason; nobody."""
    evidence: Text | None = None
    """What must be noted or linked when the step is done."""
    on_severity: tuple[Severity, ...] | None = Field(default=None, min_length=1)
    """Only at these severities; none: at every one."""
    details: Markdown | None = None


class Procedure(Governed):
    """How an incident of some type is worked through."""

    title: Title
    purpose: Text | None = None
    steps: tuple[Step, ...] = Field(min_length=1, max_length=100)
