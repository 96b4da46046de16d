"""What learning does of its own accord, and what it performs outside: tickets in trackers, and trackers read."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from quarterdeck.learning.channels import ADAPTERS
from quarterdeck.learning.reactions import (
    digesting,
    improving,
    judging,
    lessoning,
    polling,
    preparing,
    recurring,
    reviewing,
    ticketing,
    tracking,
)
from quarterdeck.learning.rules import TICKET, TRACKER
from quarterdeck.notify.rules import NotifySettings
from quarterdeck.record import Claim, Record

REACTIONS = (
    *recurring.REACTIONS,
    *reviewing.REACTIONS,
    *lessoning.REACTIONS,
    *improving.REACTIONS,
    *judging.REACTIONS,
    *digesting.REACTIONS,
    *preparing.REACTIONS,
    *tracking.REACTIONS,
)


def performers(
    settings: NotifySettings, adapters: Mapping[str, Any] = ADAPTERS
) -> dict[str, Callable[[Record, Claim], Coroutine[Any, Any, None]]]:
    """By lifecycle, for the engine."""

    async def ticket(record: Record, claim: Claim) -> None:
        await ticketing.perform(record, claim, settings, adapters)

    async def tracker(record: Record, claim: Claim) -> None:
        await polling.perform(record, claim, settings, adapters)

    return {TICKET.name: ticket, TRACKER.name: tracker}
