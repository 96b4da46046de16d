"""What can be recorded of a service: the whole entry when it is added or revised, and its retirement."""

from quarterdeck.kernel.events import Event


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


class ServiceRevised(Event, frozen=True, kw_only=True):
    """The entry as it stands from now on, whole."""

    service: str
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...] = ()
    escalation_path: str | None = None
    tolerance: int | None = None


class ServiceRetired(Event, frozen=True, kw_only=True):
    service: str
