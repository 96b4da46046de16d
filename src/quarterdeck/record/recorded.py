"""The plain values that pass between the record and the rooms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection

from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

if TYPE_CHECKING:
    from quarterdeck.record.tx import Tx


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """One row of the record, decoded. `event` is typed Any so that projections read its fields without casts."""

    position: int
    stream: str
    version: int
    type: str
    occurred_at: Instant
    recorded_at: Instant
    actor: str
    cause: int | None
    event: Any

    @property
    def key(self) -> str:
        """What follows the slash: `214` of `incident/214`."""
        return self.stream.partition("/")[2]


Projector = Callable[[Connection, Sequence[Recorded]], None]
Projections = Mapping[type[Event], Projector]


@dataclass(frozen=True)
class Reaction:
    """When one of `events` has been recorded, `act(tx, recorded)` runs once, in its own transaction, as the engine.

    `name` keys the durable cursor: `oncall.on_incident_declared`. Never rename one that has shipped.
    """

    name: str
    events: tuple[type[Event], ...]
    act: Callable[["Tx", Recorded], None]


@dataclass(frozen=True)
class Claim:
    """A leased alarm: this process may act on `stream` until the lease ends; `fence` refuses it afterwards."""

    stream: str
    due: Instant
    urgency: int
    fence: int

    @property
    def key(self) -> str:
        return self.stream.partition("/")[2]


class LeaseLost(QuarterdeckError):
    """Another engine holds the lease now; what this one did late is not recorded as if it were current."""
