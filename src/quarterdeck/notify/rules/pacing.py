"""How many messages a person gets by one method, and who may use the slot that is kept back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.notify.rules.delivery import Delivery, candidates
from quarterdeck.notify.rules.settings import NotifySettings

RINGS = ("page", "elevation")
"""What somebody has to hear now."""


@dataclass(frozen=True)
class Send:
    """Go ahead by this method now."""

    method: str


@dataclass(frozen=True)
class Hold:
    """The pacing is used up; there is room again at `until`."""

    method: str
    until: Instant


def urgent(delivery: Delivery, told: bool) -> bool:
    """A SEV1 page, or elevation, about something real that this person has not been paged about yet."""
    return not delivery.drill and delivery.purpose in RINGS and delivery.urgency == 0 and not told


def choose(
    delivery: Delivery,
    used: Mapping[str, Sequence[Instant]],
    own: Collection[str],
    told: bool,
    settings: NotifySettings,
    now: Instant,
) -> Send | Hold:
    """Where to send `delivery` now, or until when to hold it.

    `used`: per method, when *other* messages went to it. `own`: methods on which this delivery has a slot already
    (a resend takes no second one). A page of SEV1 or SEV2 that finds its method full goes by the next that is not.
    """
    window = timedelta(minutes=settings.pace_minutes)
    allowed = settings.pace_messages - (0 if urgent(delivery, told) else settings.pace_kept_back)
    methods = candidates(delivery)
    if delivery.purpose not in RINGS or delivery.urgency > 1:
        methods = methods[:1]
    held: Hold | None = None
    for method in methods:
        recent = sorted(at for at in used.get(method, ()) if at > now - window)
        if method in own or len(recent) < allowed:
            return Send(method)
        until = recent[len(recent) - allowed] + window
        if held is None or until < held.until:
            held = Hold(method, until)
    assert held is not None, "a delivery without methods is never due"
    return held
