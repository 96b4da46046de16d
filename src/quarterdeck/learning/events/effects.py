"""What a change is expected to do, where and when that is looked at, what was found, and the verdict."""

from typing import Literal

import msgspec

from quarterdeck.kernel.events import Event

Verdict = Literal["helped", "did-not", "cannot-tell"]


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """`measure`: `step:PROCEDURE/STEP`, `factor:CODE`, `acknowledge`, `mitigate` or `resolve`.

    It is looked for in incidents of this type and service (None: any), after so many of them or so many days,
    whichever comes first.
    """

    measure: str
    type: str | None = None
    service: str | None = None
    uses: int = 5
    days: int = 90


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a comparison: the share `some` of `n`, or the median of n durations in seconds, with 95 % limits.

    None: too few to say.
    """

    n: int
    some: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None


class EffectLooked(Event, frozen=True, kw_only=True):
    """What was measured when the time to look had come; `because` is `uses`, `time` or `asked`."""

    because: str
    measure: str
    before: Side
    after: Side
    better: float | None = None
    """How sure it is that things are better: the chance that a use after beats one before; 0.5 is no difference."""
    finding: Verdict


class EffectCheckOpened(Event, frozen=True, kw_only=True):
    """After so many uses, or so long, it is time to look whether the change did what it should."""

    because: str
    uses: int


class LessonTried(Event, frozen=True, kw_only=True):
    """An incident like the one it comes from was worked on under what it changed."""

    incident: int


class EffectExpected(Event, frozen=True, kw_only=True):
    """What the change should do was said afterwards, or otherwise."""

    by: str
    expects: Expectation


class EffectJudged(Event, frozen=True, kw_only=True):
    """Did it help? Said by a person, or by the rule where what was measured leaves no doubt."""

    by: str
    verdict: Verdict
    reason: str = ""
