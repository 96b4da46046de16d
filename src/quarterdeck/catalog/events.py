"""What can be recorded of a service: the whole entry when it is added or revised, and its retirement."""

import msgspec

from quarterdeck.kernel.events import Event


class HourlyLoss(msgspec.Struct, frozen=True, kw_only=True):
    """What an hour of interruption costs, and who says so."""

    amount: float
    currency: str
    source: str


class ServiceAdded(Event, frozen=True, kw_only=True):
    """`tier` 1 (most critical) to 4; `team` and `depends_on` hold ids; `escalation_path` is an id of the plan's."""

    service: str
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...] = ()
    escalation_path: str | None = None
    tolerance: int | None = None
    """Minutes of interruption that the service's owner tolerates; None: nobody has said."""
    loss: HourlyLoss | None = None


class ServiceRevised(Event, frozen=True, kw_only=True):
    """The entry as it stands from now on, whole."""

    service: str
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...] = ()
    escalation_path: str | None = None
    tolerance: int | None = None
    loss: HourlyLoss | None = None


class ServiceRetired(Event, frozen=True, kw_only=True):
    service: str
