"""What a roster needs as people write it: read from YAML or JSON, checked with every fault at once. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from quarterdeck.direction.rules.rostering.model import Member, Needs, Rotation
from quarterdeck.kernel.errors import Invalid
from quarterdeck.oncall.rules.document import Date, Handover, Line, Login, read_text
from quarterdeck.plan.rules.values import DAYS, Frozen, Slug, Zone

MOST_PEOPLE, MOST_ROTATIONS, MOST_WEEKS = 200, 20, 104


def _span(value: str) -> str:
    first, _, last = value.partition("/")
    try:
        if date.fromisoformat(first) <= date.fromisoformat(last or first):
            return value
    except ValueError:
        pass
    raise ValueError("is no date or span of dates; write 2027-07-05 or 2027-07-05/2027-07-18")


def _as_text(value: Any) -> Any:
    return value.isoformat() if type(value) is date else value  # YAML reads an unquoted day as a date


Span = Annotated[str, BeforeValidator(_as_text), AfterValidator(_span)]
Spans = Annotated[tuple[Span, ...], Field(max_length=60, strict=False)]
"""Days, the first and the last included."""
Skills = Annotated[tuple[Slug, ...], Field(max_length=40, strict=False)]


class PersonText(Frozen):
    """Somebody who can be on call."""

    login: Login
    skills: Skills = ()
    senior: bool = False
    share: float = Field(default=1.0, ge=0, le=1)
    """Of a full share of the load: 0.5 for half-time."""
    most: int | None = Field(default=None, ge=0, le=MOST_WEEKS)
    """Turns at most."""
    leave: Spans = ()
    """Days on which this person cannot be on call; a week that they touch is left out."""
    spare: Spans = ()
    """Days on which this person would rather not be on call."""
    free_from: Date | None = None
    """Rests until then from turns before this roster."""


class RotationText(Frozen):
    """A rotation that changes weekly. Each of its places becomes a schedule: `database-primary`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,40}$")]
    title: Line
    skills: Skills = ()
    """Everybody in it needs all of these."""
    places: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,20}$")], ...], Field(strict=False)] = (
        Field(default=("primary", "backup"), min_length=1, max_length=5)
    )
    seniors: int = Field(default=0, ge=0, le=5)
    """How many of them have to be senior."""
    load: float = Field(default=1.0, gt=0, le=100)
    """How heavy a week is beside the others': one with many pages at night counts more."""


class NeedsText(Frozen):
    """The whole task, as written."""

    title: Line
    zone: Zone
    starts: Date
    """The day of the first handover."""
    weeks: int = Field(ge=1, le=MOST_WEEKS)
    handover: Handover
    rest: int = Field(default=2, ge=0, le=26)
    """Weeks off after each turn, whatever the rotation."""
    rotations: tuple[RotationText, ...] = Field(min_length=1, max_length=MOST_ROTATIONS, strict=False)
    people: tuple[PersonText, ...] = Field(min_length=1, max_length=MOST_PEOPLE, strict=False)
    heavy: dict[str, float] = Field(default={}, max_length=60)
    """Days whose week counts for more, as public holidays do: `2027-12-24: 2.0`."""

    @model_validator(mode="after")
    def _fits_together(self) -> "NeedsText":
        day = self.handover.day
        if day is None:
            raise ValueError("a weekly roster needs handover.day, for example `mon`")
        if self.starts.weekday() != DAYS.index(day):
            raise ValueError(f"`starts` is a {DAYS[self.starts.weekday()]}, but the handover is on {day}")
        for kind, ids in (("people", [p.login for p in self.people]), ("rotations", [r.id for r in self.rotations])):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{kind}: {', '.join(twice)} stand there twice")
        for day_, factor in self.heavy.items():
            _span(day_)
            if not 0 < factor <= 100:
                raise ValueError(f"heavy.{day_}: a factor is above 0 and at most 100")
        return self

    def week_of(self, day: date) -> int:
        """The week that the day falls into, counted from 0; below 0 or beyond the last where it is outside."""
        return (day - self.starts).days // 7

    def monday_of(self, week: int) -> date:
        """The day of the handover that begins the week."""
        return self.starts + timedelta(weeks=week)

    def weeks_of(self, spans: tuple[str, ...]) -> frozenset[int]:
        """The weeks that the days touch, those within the roster."""
        touched: set[int] = set()
        for span in spans:
            first, _, last = span.partition("/")
            begin, end = (self.week_of(date.fromisoformat(one)) for one in (first, last or first))
            touched.update(range(max(0, begin), min(self.weeks - 1, end) + 1))
        return frozenset(touched)

    def needs(self) -> Needs:
        """The task as the search takes it."""
        return Needs(
            members=tuple(self._member(person) for person in self.people),
            rotations=tuple(
                Rotation(one.title, frozenset(one.skills), len(one.places), one.seniors, one.load)
                for one in self.rotations
            ),
            weeks=self.weeks,
            rest=self.rest,
            heavy={week: factor for day, factor in self.heavy.items() for week in self.weeks_of((day,))},
        )

    def _member(self, person: PersonText) -> Member:
        rested = max(0, self.week_of(person.free_from + timedelta(days=6))) if person.free_from else 0
        return Member(
            person.login,
            frozenset(person.skills),
            person.senior,
            self.weeks_of(person.leave),
            self.weeks_of(person.spare),
            person.share,
            person.most,
            rested,
        )


def read(text: str) -> NeedsText:
    """The task from YAML or JSON; `Invalid` with every fault."""
    return check(read_text(text, "task"))


def check(value: Mapping[str, Any]) -> NeedsText:
    """The task, or `Invalid` with every fault as `people.0.share: what is wrong`."""
    try:
        return NeedsText.model_validate({**value, "heavy": _days(value.get("heavy"))})
    except ValidationError as error:
        faults = tuple(
            f"{'.'.join(map(str, fault['loc'])) or 'task'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise Invalid("The roster's task is not right.", faults) from error


def _days(heavy: Any) -> Any:
    if heavy is None:
        return {}
    return {str(day): factor for day, factor in heavy.items()} if isinstance(heavy, dict) else heavy
