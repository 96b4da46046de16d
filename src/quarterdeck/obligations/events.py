"""What can be recorded of legal and contractual duties: streams `regime/{id}` and `obligations/{incident number}`.

A regime is copied into the question that an incident is asked, so that a later version changes no running clock.
`by` is a person's id, or the principal's (`engine`, `key/…`, `local`) where no person acted.
"""

from datetime import date
from typing import Literal

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

Counting = Literal["eu-1182-71", "plain"]

# -- a regime: what a pack file says, once it has been read ---------------------------------------


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """An instant that clocks count from. `suggest`: what the record proposes (started, detected, …)."""

    title: str
    cite: str = ""
    means: str = ""
    suggest: str | None = None
    optional: bool = False
    """Stated only where it happened; nobody is asked for it."""


class Rolls(msgspec.Struct, frozen=True, kw_only=True):
    """A period that ends on no working day ends on the next one: at its end, or `to` this time of it."""

    to: str | None = None
    unless: str | None = None
    """An option of the scope: whoever answered yes gets no such respite."""


class Limb(msgspec.Struct, frozen=True, kw_only=True):
    """One way to reckon the end: `within` so long of `start`.

    `start` is an anchor, `submitted:CLOCK` (its first hand-in) or `resubmitted:CLOCK+CLOCK` (the latest of theirs).
    `only_if` and `unless` name options of the scope.
    """

    start: str
    within: str
    unless_later: str | None = None
    """Falls away if this anchor comes after the limb's own end; until it is attested, the limb only suggests an end."""
    only_if: str | None = None
    unless: str | None = None
    needs: str | None = None
    """Holds only once this anchor is attested, or this notice handed in."""
    needs_not: str | None = None
    until: str | None = None
    """The hour at which the last day ends."""
    after_year: bool = False
    """Counted from the end of the year of its start."""
    cite: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice has to say. `fills`: what the record knows of it."""

    text: str
    cite: str = ""
    fills: str | None = None


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One notice that is owed: to whom, and until when (the earliest of the limbs that hold)."""

    title: str
    cite: str
    to: str
    due: tuple[Limb, ...]
    late: str = ""
    contents: tuple[Content, ...] = ()
    rolls: Rolls | None = None
    only_if: str | None = None
    unless: str | None = None
    counting: Counting | None = None
    """None: as the regime counts."""


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion that helps to answer whether an incident has to be notified."""

    text: str
    cite: str = ""


class Regime(msgspec.Struct, frozen=True, kw_only=True):
    """A law, a standard or a contract that asks for notices of incidents, from one day to another."""

    id: str
    title: str
    source: str
    jurisdiction: str
    effective_from: date
    applies_to: str
    asks: str
    anchors: dict[str, Anchor]
    clocks: dict[str, Clock]
    effective_to: date | None = None
    options: dict[str, str] = msgspec.field(default_factory=dict)
    """Option → the question that is answered once, when the scope is declared."""
    helps: tuple[Help, ...] = ()
    counting: Counting = "eu-1182-71"
    zone: str | None = None
    """None: the zone of the plan's calendar."""
    draft: bool = False
    """Shipped to be read; it has no final text yet and cannot be declared in scope."""


# -- scope: stream `regime/{id}` -------------------------------------------------------------------


class RegimeAdded(Event, frozen=True, kw_only=True):
    """A regime of the organisation's own, such as a contract; added again, it takes the earlier one's place."""

    regime: Regime
    text: str
    """The file as it was given."""
    by: str


class ScopeDeclared(Event, frozen=True, kw_only=True):
    """Whether a regime applies to the organisation. One that nobody has declared is a gap that shows."""

    regime: str
    applies: bool
    reason: str
    options: dict[str, bool] = msgspec.field(default_factory=dict)
    severities: tuple[str, ...] = ()
    """An incident of one of these is asked whether it has to be notified."""
    post: str | None = None
    """The post of the plan that answers for the notices; None: the plan's owner."""
    by: str


# -- an incident's duties: stream `obligations/{number}` -------------------------------------------


class RegimeAsked(Event, frozen=True, kw_only=True):
    """Has this incident to be notified? Everything that the clocks take is copied here."""

    number: int
    regime: Regime
    options: dict[str, bool] = msgspec.field(default_factory=dict)
    zone: str = "UTC"
    holidays: tuple[date, ...] = ()
    post: str | None = None
    severity: str
    times: dict[str, Instant] = msgspec.field(default_factory=dict)
    """What the incident suggests for anchors: started, detected, declared."""
    answer_by: Instant
    because: str = ""


class TimesTakenUp(Event, frozen=True, kw_only=True):
    """The incident's own times were corrected: other instants are suggested; what was attested stays."""

    times: dict[str, Instant]


class RegimeAssessed(Event, frozen=True, kw_only=True):
    """Somebody answered, with the reason. It may be answered again."""

    regime: str
    notifiable: bool
    reason: str
    by: str


class AnchorAttested(Event, frozen=True, kw_only=True):
    """Somebody stands for this instant. Attested again, it is corrected, and every clock is reckoned anew."""

    regime: str
    anchor: str
    instant: Instant
    source: str
    was: Instant | None = None
    by: str


class AnchorWithdrawn(Event, frozen=True, kw_only=True):
    """It did not happen after all; what counts from it has not begun."""

    regime: str
    anchor: str
    reason: str
    by: str


class NoticeHandedIn(Event, frozen=True, kw_only=True):
    """The notice went to the authority at `instant`, and said this. The first one counts, later ones complete it."""

    regime: str
    clock: str
    instant: Instant
    reference: str = ""
    text: str = ""
    corrects: bool = False
    """In the place of what was recorded last for this clock."""
    by: str


class ClockWaived(Event, frozen=True, kw_only=True):
    """This notice is not owed after all, says somebody entitled, with the reason."""

    regime: str
    clock: str
    reason: str
    by: str


class DutyFellAway(Event, frozen=True, kw_only=True):
    """Nothing is owed any more: the incident was merged, declined or cancelled, or the regime left the scope."""

    regime: str
    reason: str


class ReminderDue(Event, frozen=True, kw_only=True):
    """Somebody has to be told that a clock runs down; `clock` empty: that the question is unanswered."""

    regime: str
    clock: str = ""
    step: int
    due: Instant
    sure: bool = True
    """False: reckoned from what is suggested; nobody has attested the instant that it counts from."""


class ClockMissed(Event, frozen=True, kw_only=True):
    """The period is over, and nothing was handed in."""

    regime: str
    clock: str
    due: Instant
