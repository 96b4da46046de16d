"""The plan as data: what an organisation has decided before the incident. Every part is frozen."""

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Discriminator, Field, Tag, model_validator

from quarterdeck.plan.rules.alignment import Measure, Objective, Standard
from quarterdeck.plan.rules.communication import Communication
from quarterdeck.plan.rules.governed import TRIGGERS, Body, Classification, Guideline, Policy, Trigger
from quarterdeck.plan.rules.procedure import Procedure
from quarterdeck.plan.rules.routing import Router
from quarterdeck.plan.rules.values import (
    DAYS,
    SERVICE,
    Day,
    Frozen,
    Hours,
    Label,
    Minutes,
    Severity,
    Slug,
    Target,
    Text,
    Title,
    Zone,
)

COMMANDER = "incident-commander"
"""The role that directs an incident where a plan names no other, and where no plan was in force."""


class Post(Frozen):
    """A named position in the organisation; people change, posts stay."""

    title: Title
    login: str = Field(min_length=1, max_length=100)
    """The login of the person who holds the post now."""


class Role(Frozen):
    """What somebody is during an incident: duties, and the authority to carry them out."""

    title: Title
    purpose: Text | None = None
    duties: tuple[Text, ...] = Field(min_length=1)
    authority: tuple[Text, ...] = Field(min_length=1)
    """What the role may decide alone. A duty without authority is a gap (NIST SP 800-61r3, GV.RR-02)."""
    filled_by: Target | None = None
    """Who takes the role when nobody has been named."""
    deputies: tuple[Slug, ...] = ()
    """Posts that stand in, in this order."""


class Grade(Frozen):
    """One grade of the impact or the urgency scale."""

    id: Slug
    title: Title
    meaning: Text


class ReviewRule(Frozen):
    """When the review after an incident is due, and who leads it."""

    due_working_days: int = Field(ge=1, le=60)
    facilitator: Slug
    """A post. Not the incident's commander."""
    commander_may_lead: bool = False
    """Whoever commanded may lead the review, too: for organisations that are too small for anything else."""


class SeverityLevel(Frozen):
    """What a severity means and what it sets in motion."""

    title: Title
    meaning: Text
    urgent: bool = True
    """Pages at any hour; `false`: only in the calendar's support hours."""
    acknowledge_within: Minutes | None = None
    update_every: Minutes | None = None
    """A status update is due at least so often while the incident is open."""
    escalation: Slug | None = None
    """The escalation path; none: nobody is paged."""
    review: ReviewRule | None = None


class SeverityScheme(Frozen):
    """Impact and urgency give the severity; total and monotone (checked before a plan can be published)."""

    impact: tuple[Grade, ...] = Field(min_length=1, max_length=9)
    """Greatest first."""
    urgency: tuple[Grade, ...] = Field(min_length=1, max_length=9)
    """Most urgent first."""
    matrix: dict[Slug, dict[Slug, Severity]]
    """`matrix[impact][urgency]`."""
    levels: dict[Severity, SeverityLevel]


class IncidentType(Frozen):
    """A kind of incident the organisation has prepared for. What it leaves out it takes from its parent."""

    title: Title
    parent: Slug | None = None
    declare_when: tuple[Text, ...] = Field(min_length=1)
    """Declaration criteria: any one of them suffices."""
    severity_floor: Severity | None = None
    """Never declared as less severe than this."""
    procedure: Slug | None = None
    escalation: Slug | None = None
    """An escalation path that overrides the service's and the severity's."""
    commander_post: Slug | None = None
    """The post that commands at first, until command is transferred."""
    exercise_every_days: int | None = Field(default=None, ge=1, le=3660)
    """Its own interval, where it is not the plan's."""


class Level(Frozen):
    """One rung of an escalation path: these at once, then so long to acknowledge."""

    notify: tuple[Target, ...] = Field(min_length=1, max_length=20)
    acknowledge_within: Minutes


class EscalationPath(Frozen):
    """Who is paged, one rung after another, until somebody acknowledges; at its end stands a senior manager."""

    title: Title
    levels: tuple[Level, ...] = Field(min_length=1, max_length=20)
    repeat: int = Field(default=0, ge=0, le=9)
    """How often the levels are gone through again before the final post is paged."""
    final: Slug
    """The post of the senior manager."""


class Matcher(Frozen):
    """A test of one label. A label that a signal lacks counts as empty."""

    label: Label
    op: Literal["=", "!=", "in", "not_in", "prefix", "exists"] = "="
    value: str | tuple[str, ...] | None = Field(default=None)
    """Text for `=`, `!=` and `prefix`; a list for `in` and `not_in`; nothing for `exists`."""

    @model_validator(mode="after")
    def _value_fits_op(self) -> "Matcher":
        if self.op in ("in", "not_in") and not (isinstance(self.value, tuple) and self.value):
            raise ValueError(f"`{self.op}` wants a list of texts as value; write `value: [a, b]`")
        if self.op in ("=", "!=", "prefix") and not isinstance(self.value, str):
            raise ValueError(f"`{self.op}` wants one text as value; write `value: a`")
        if self.op == "exists" and self.value is not None:
            raise ValueError("`exists` takes no value; leave it out")
        return self


class ByLabel(Frozen):
    """A grade chosen by the value of a label."""

    label: Label
    values: dict[str, Slug] = Field(min_length=1)
    otherwise: Slug


def _given_as(value: Any) -> str:
    return "by label" if isinstance(value, dict | ByLabel) else "text"


Given = Annotated[Annotated[Slug, Tag("text")] | Annotated[ByLabel, Tag("by label")], Discriminator(_given_as)]
"""A grade, or how it follows from a label."""


class Suppression(Frozen):
    """When signals of a route are recorded but open no incident. Without hours, days and until: always."""

    reason: Text
    hours: Hours | None = None
    """`22:00-06:00`; may pass midnight (it then belongs to the day on which it starts)."""
    days: tuple[Day, ...] | None = Field(default=None, min_length=1)
    zone: Zone = "UTC"
    until: AwareDatetime | None = None


class Route(Frozen):
    """What becomes of the signals that match: whose they are, how bad they are and which belong together."""

    name: Slug
    match: tuple[Matcher, ...] = ()
    """All must hold; none: every signal."""
    service: str | None = Field(default=None, pattern=SERVICE)
    """A service's id, or `{label}`: the label's value."""
    type: Slug | None = None
    impact: Given | None = None
    urgency: Given | None = None
    group_by: tuple[Label, ...] = ()
    """Signals with equal values of these labels belong to one incident."""
    group_window: Minutes = 60
    """A signal joins an open group for so long after the group's last signal."""
    auto_resolve: bool = True
    auto_resolve_after: Minutes = 5
    """All signals of the group must have been resolved for so long."""
    suppress: Suppression | None = None


class Calendar(Frozen):
    """What a working day is: for deadlines counted in working days, and for pages that wait for support hours."""

    zone: Zone = "UTC"
    working_days: tuple[Day, ...] = Field(default=DAYS[:5], min_length=1)
    opens: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Support hours: each working day from this time until it closes. None: the plan has none, every page is urgent."""
    closes: str = Field(default="17:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Something due on a day is due at this time of it."""
    holidays: tuple[date, ...] = Field(default=(), max_length=366)


class Trying(Frozen):
    """How often the plan is tried, so that it is known to work and not only believed to."""

    exercise_every_days: int = Field(default=365, ge=1, le=3660)
    """Each incident type is exercised at least so often."""
    contact_test_every_days: int = Field(default=90, ge=1, le=3660)
    """Whoever may be paged answers a test message at least so often."""


class Defaults(Frozen):
    """What an incident is taken for until somebody knows better."""

    type: Slug
    impact: Slug
    urgency: Slug


class Plan(Frozen):
    """The incident management plan, whole: one revision of it."""

    name: Title
    purpose: Text | None = None
    owner: Slug
    """The post that keeps the plan."""
    approver: Slug
    """The post that approves it."""
    scope: Text
    classification: Classification = "internal"
    review_interval_days: int = Field(ge=1, le=3660)
    review_on: tuple[Trigger, ...] = TRIGGERS
    policy: Slug | None = None
    """The policy that the plan stands under."""
    serves: tuple[Slug, ...] = ()
    """The objectives that the plan serves."""
    text: Body | None = None
    commander: Slug = COMMANDER
    """The role that directs an incident."""
    defaults: Defaults
    calendar: Calendar = Calendar()
    trying: Trying = Trying()
    posts: dict[Slug, Post] = Field(min_length=1)
    roles: dict[Slug, Role] = Field(min_length=1)
    severity: SeverityScheme
    types: dict[Slug, IncidentType] = Field(min_length=1)
    procedures: dict[Slug, Procedure] = Field(min_length=1)
    escalation: dict[Slug, EscalationPath] = Field(min_length=1)
    routing: tuple[Route, ...] = ()
    communication: Communication = Communication()
    policies: dict[Slug, Policy] = Field(default_factory=dict)
    guidelines: dict[Slug, Guideline] = Field(default_factory=dict)
    objectives: dict[Slug, Objective] = Field(default_factory=dict)
    measures: dict[Slug, Measure] = Field(default_factory=dict)
    standards: dict[Slug, Standard] = Field(default_factory=dict)
    """Id of a rule pack → whether it applies here."""

    @cached_property
    def router(self) -> "Router[Route]":
        """The routes compiled; made once for each plan object, and plan objects are kept by content hash."""
        return Router([(route, [(m.label, m.op, m.value) for m in route.match]) for route in self.routing])
