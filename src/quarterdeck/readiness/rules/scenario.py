"""A scenario as data: what is tried, what happens on which minute, and what ought to be done about it. Frozen."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from quarterdeck.plan.rules.values import Frozen, Label, Minutes, Offset, Severity, Slug, Target, Text, Title

Kind = Literal["tabletop", "drill", "functional"]
KINDS: dict[str, str] = {
    "tabletop": "talked through at a table: nothing is sent, nobody is paged",
    "drill": "one function tried on the real path, such as paging",
    "functional": "several functions tried together on the real path",
}
What = Literal[
    "acknowledged",
    "step",
    "role",
    "severity",
    "update",
    "elevation",
    "decision",
    "mitigated",
    "resolved",
    "observed",
]
NAMED: dict[str, str] = {
    "step": "a step of the procedure",
    "role": "a role of the plan",
    "severity": "the least severe one that will do",
    "update": "an audience of the plan",
    "elevation": "an elevation rule of the plan, or `any`",
}
"""Expectations that need `of`, and what it names; the others take none."""


class Signal(Frozen):
    """What a monitor would send. The plan's routes decide what becomes of it, as ever."""

    key: Slug
    """By which a later `clear` finds it."""
    title: Title
    severity: Literal["critical", "error", "warning", "info"] = "critical"
    labels: dict[Label, Annotated[str, Field(max_length=1024)]] = Field(default_factory=dict, max_length=40)


class Declaration(Frozen):
    """An incident that somebody reports, where no monitor has noticed anything."""

    title: Title
    summary: Annotated[str, Field(max_length=500)] = ""


class Word(Frozen):
    """A message to somebody: a caller, a supplier, a journalist."""

    to: Target
    text: Annotated[str, Field(min_length=1, max_length=2_000)]


class Absence(Frozen):
    """Somebody who cannot be had from now on: is told so, and leaves the pages to others."""

    who: Target
    minutes: Minutes | None = None
    """None: to the end."""


HAPPENINGS = ("signal", "clear", "declare", "message", "fact", "unavailable")


class Inject(Frozen):
    """Something that happens to the participants at a minute of the exercise: exactly one thing."""

    id: Slug
    at: Offset
    signal: Signal | None = None
    clear: Slug | None = None
    """The key of a signal that is over."""
    declare: Declaration | None = None
    message: Word | None = None
    fact: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    """Read aloud by the facilitator."""
    unavailable: Absence | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Inject":
        given = [name for name in HAPPENINGS if getattr(self, name) is not None]
        if len(given) != 1:
            had = "nothing happens here" if not given else f"{' and '.join(given)} happen at once"
            raise ValueError(f"{had}; give exactly one of {', '.join(HAPPENINGS)}")
        return self

    @property
    def happening(self) -> str:
        return next(name for name in HAPPENINGS if getattr(self, name) is not None)


class Expectation(Frozen):
    """Something that ought to be done, by when; it tells for or against its objective."""

    id: Slug
    what: What
    of: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    """Which step, role, audience or elevation rule."""
    within: Minutes
    after: Slug | None = None
    """The inject that the minutes count from; none: the beginning of the exercise."""
    objective: Slug
    says: Title | None = None
    """In words; needed where only people can see whether it was done."""

    @model_validator(mode="after")
    def _names_what_it_means(self) -> "Expectation":
        if self.what in NAMED and self.of is None:
            raise ValueError(f"`{self.what}` does not say which; name {NAMED[self.what]} as `of`")
        if self.of is not None and self.what not in NAMED:
            raise ValueError(f"`{self.what}` takes no `of`; leave it out")
        if self.what == "observed" and self.says is None:
            raise ValueError("the evaluator cannot know what to look for; say it in words as `says`")
        return self


class Objective(Frozen):
    """What the exercise is to find out, and by what it is judged."""

    id: Slug
    title: Title
    criteria: tuple[Title, ...] = Field(min_length=1, max_length=20)


class Scenario(Frozen):
    """One exercise, written down: for any team, on any revision of the plan that has its type and its steps."""

    title: Title
    kind: Kind
    purpose: Text | None = None
    type: Slug
    """The incident type of the plan that is tried."""
    service: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")] | None = None
    impact: Slug | None = None
    """For what is declared by hand; a signal's impact follows from the plan's route."""
    urgency: Slug | None = None
    severity: Severity | None = None
    """The severity that the scenario is written for: its steps are those of this severity."""
    minutes: Minutes
    """How long it lasts at most."""
    cut_from: Annotated[str, Field(pattern=r"^INC-[1-9][0-9]{0,8}$")] | None = None
    objectives: tuple[Objective, ...] = Field(min_length=1, max_length=12)
    injects: tuple[Inject, ...] = Field(min_length=1, max_length=100)
    expected: tuple[Expectation, ...] = Field(default=(), max_length=100)

    @property
    def live(self) -> bool:
        """It runs on the real path; a tabletop is only talked through."""
        return self.kind != "tabletop"
