"""A schedule as people write it: read from YAML or JSON, checked with every fault at once, turned into layers."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from quarterdeck.kernel.errors import Invalid
from quarterdeck.oncall.events import Layer, Restriction
from quarterdeck.oncall.rules.calendar import DAY
from quarterdeck.plan.rules.values import DAYS, Day, Frozen, Hours, Zone

LONGEST = 256 * 1024
DEEPEST = 20
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


def _time(value: str) -> str:
    hour, _, minute = value.partition(":")
    if len(hour) != 2 or len(minute) != 2 or not (hour + minute).isdecimal() or int(hour) > 23 or int(minute) > 59:
        raise ValueError('is no time of day; write it in quotes, as "09:00"')
    return value


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError as error:
            raise ValueError("is no date; write it as 2026-01-05") from error
    if type(value) is date and not EARLIEST <= value <= LATEST:
        raise ValueError("is not between 1970 and 2200")
    return value


Time = Annotated[str, AfterValidator(_time)]
Date = Annotated[date, BeforeValidator(_date)]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Login = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
Days = Annotated[tuple[Day, ...], Field(min_length=1, max_length=7, strict=False)]


class Handover(Frozen):
    """When turns change."""

    day: Day | None = None
    """For weekly rotations."""
    time: Time


class Only(Frozen):
    """Days and hours to which a layer is restricted."""

    days: Days = DAYS
    hours: Hours | None = None
    """`17:00-09:00` passes midnight and belongs to the day on which it starts; none: the whole day."""


class LayerText(Frozen):
    """One rotation, as written."""

    name: Line
    rotation: Literal["weekly", "daily"]
    every: int = Field(default=1, ge=1, le=52)
    """Weeks or days in a turn."""
    handover: Handover
    starts: Date
    ends: Date | None = None
    participants: tuple[Login, ...] = Field(min_length=1, max_length=200, strict=False)
    """Logins, in turn. A login may occur several times."""
    only: tuple[Only, ...] = Field(default=(), max_length=20, strict=False)

    @model_validator(mode="after")
    def _fits_together(self) -> "LayerText":
        if self.rotation == "weekly" and self.handover.day is None:
            raise ValueError("a weekly rotation needs handover.day, for example `mon`")
        if self.rotation == "daily" and self.handover.day is not None:
            raise ValueError("a daily rotation changes every day; leave out handover.day")
        if self.ends is not None and self.ends <= self.starts:
            raise ValueError("`ends` must be after `starts`")
        return self


class Document(Frozen):
    """A schedule, as written."""

    title: Line
    zone: Zone
    round_the_clock: bool = True
    """Somebody ought to be on call at every moment; false: gaps are meant and are not reported."""
    layers: tuple[LayerText, ...] = Field(min_length=1, max_length=20, strict=False)
    """A later layer has precedence over the ones before it."""

    @property
    def logins(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(login for layer in self.layers for login in layer.participants))


def read_text(text: str, what: str = "schedule") -> dict[str, Any]:
    """YAML (and so JSON) as plain data. Refuses aliases, deep nesting, repeated keys and more than 256 KB."""
    if len(text.encode("utf-8", "replace")) > LONGEST:
        raise Invalid(f"The {what} is longer than 256 KB.")
    try:
        depth = 0
        for event in YAML(typ="safe", pure=True).parse(StringIO(text)):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if isinstance(event, AliasEvent) or depth > DEEPEST:
                raise Invalid(f"The {what} uses aliases or is nested too deeply. Write it out plainly.")
        value = YAML(typ="safe", pure=True).load(StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.line + 1}:{mark.column + 1}: " if mark else ""
        raise Invalid(f"The {what} is not YAML.", (f"{where}{error.problem}",)) from error
    except (YAMLError, ValueError) as error:
        raise Invalid(f"The {what} is not YAML.", (str(error).splitlines()[0][:200],)) from error
    if not isinstance(value, dict):
        raise Invalid(f"A {what} is a mapping of keys to values, such as `title: …`.")
    return value


def check(value: Mapping[str, Any]) -> Document:
    """The document, or `Invalid` with every fault as `layers.0.handover.time: what is wrong`."""
    try:
        return Document.model_validate(dict(value))
    except ValidationError as error:
        faults = tuple(
            f"{'.'.join(map(str, fault['loc'])) or 'schedule'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise Invalid("The schedule is not right; nothing was changed.", faults) from error


def layers_of(document: Document, people: Mapping[str, str]) -> tuple[Layer, ...]:
    """The layers with logins replaced by person ids. `Invalid` lists every login that nobody has."""
    unknown = [login for login in document.logins if login not in people]
    if unknown:
        faults = tuple(f"participants: nobody has the login {login!r}, or they have left" for login in unknown)
        raise Invalid("The schedule names people who are not here; nothing was changed.", faults)
    return tuple(_layer(layer, people) for layer in document.layers)


def written(layers: Sequence[Layer], logins: Mapping[str, str]) -> list[dict[str, Any]]:
    """Layers as they would be written, so that a schedule can be taken up and added to. `logins`: person id → login."""
    return [
        {
            "name": layer.name,
            "rotation": layer.rotation,
            "every": layer.every,
            "handover": {
                "time": _time_of(layer.minute),
                **({} if layer.weekday is None else {"day": DAYS[layer.weekday]}),
            },
            "starts": layer.starts,
            "ends": layer.ends,
            "participants": [logins[person] for person in layer.participants],
            "only": [
                {
                    "days": [DAYS[day] for day in only.days],
                    "hours": None
                    if (only.start, only.end) == (0, DAY)
                    else f"{_time_of(only.start)}-{_time_of(only.end)}",
                }
                for only in layer.only
            ],
        }
        for layer in layers
    ]


def _time_of(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _layer(layer: LayerText, people: Mapping[str, str]) -> Layer:
    return Layer(
        name=layer.name,
        rotation=layer.rotation,
        every=layer.every,
        weekday=DAYS.index(layer.handover.day) if layer.handover.day else None,
        minute=_minutes(layer.handover.time),
        starts=layer.starts,
        ends=layer.ends,
        participants=tuple(people[login] for login in layer.participants),
        only=tuple(_restriction(only) for only in layer.only),
    )


def _restriction(only: Only) -> Restriction:
    begin, _, finish = (only.hours or "00:00-00:00").partition("-")
    start, end = _minutes(begin), _minutes(finish)
    days = tuple(sorted({DAYS.index(day) for day in only.days}))
    return Restriction(days=days, start=start, end=end if end > start else end + DAY)


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])
