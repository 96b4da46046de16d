"""How procedures fare in use: what each incident made of one, and when a step was called into question."""

import msgspec

from quarterdeck.kernel.events import Event


class StepUsed(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a procedure in one incident. `state`: as conformance judges it; `done` alone is as planned."""

    step: str
    title: str
    state: str


class ProcedurePractised(Event, frozen=True, kw_only=True):
    """An incident that followed the procedure was closed. Stream `practice/{procedure}`."""

    procedure: str
    number: int
    revision: int
    steps: tuple[StepUsed, ...]
    mandatory: tuple[str, ...] | None = None
    """Those of the steps that were; None: it was not written down yet."""
    by_others: tuple[str, ...] = ()
    """Those done by somebody whose task it was not."""


class StepQuestioned(Event, frozen=True, kw_only=True):
    """A step was not followed in too many uses, and its document is to be looked at. Counting begins afresh."""

    step: str
    numbers: tuple[int, ...]
    """The incidents in which it was not."""
    of: int
    """Of so many uses."""
