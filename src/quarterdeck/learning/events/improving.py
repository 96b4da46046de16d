"""What can happen to an improvement action: proposed, agreed, begun, done, verified by somebody else, or cancelled."""

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.effects import Expectation


class ActionProposed(Event, frozen=True, kw_only=True):
    """Something should be done so that it does not happen again. `by`, `owner`: a person's id, or a principal."""

    number: int
    by: str
    title: str
    details: str = ""
    source: str | None = None
    """`INC-12`, `EX-3`, or as a lesson's."""
    lesson: int | None = None
    severity: str | None = None
    """Of the incident behind it: how long it may take follows from it."""
    owner: str | None = None
    due: Instant
    rule: str
    """Why then, in words."""
    expects: Expectation | None = None
    person_days: float | None = None
    money: float | None = None
    currency: str | None = None
    needs: tuple[int, ...] = ()
    """Numbers of actions that have to be done first."""
    falls_by: tuple[float, float, float] | None = None
    """By what share the loss should fall by incidents that `expects` is about: at least, most likely and at most."""


class ActionRevised(Event, frozen=True, kw_only=True):
    """Said, planned or costed otherwise; each field stands as it is from here on."""

    by: str
    title: str
    details: str = ""
    due: Instant
    rule: str
    expects: Expectation | None = None
    person_days: float | None = None
    money: float | None = None
    currency: str | None = None
    needs: tuple[int, ...] = ()
    falls_by: tuple[float, float, float] | None = None


class ActionAssigned(Event, frozen=True, kw_only=True):
    """Somebody else looks after it now."""

    by: str
    owner: str
    was: str | None = None


class ActionOwnerLeft(Event, frozen=True, kw_only=True):
    """Whoever looks after it has left: the plan's owner has to name somebody."""

    owner: str


class ActionAgreed(Event, frozen=True, kw_only=True):
    """It will be done: time and money for it are granted."""

    by: str


class ActionBegun(Event, frozen=True, kw_only=True):
    by: str


class ActionDone(Event, frozen=True, kw_only=True):
    """`by` did it; `shown` says where that can be seen."""

    by: str
    shown: str


class ActionVerified(Event, frozen=True, kw_only=True):
    """Somebody who did not do it has seen that it is done. `found`: what they saw."""

    by: str
    found: str


class ActionReturned(Event, frozen=True, kw_only=True):
    """It was looked at and is not done yet."""

    by: str
    reason: str


class ActionCancelled(Event, frozen=True, kw_only=True):
    by: str
    reason: str


class ActionReminded(Event, frozen=True, kw_only=True):
    """It comes due."""

    due: Instant
    days_left: int


class ActionOverdue(Event, frozen=True, kw_only=True):
    """Its day has passed, so many days ago."""

    due: Instant
    days: int
