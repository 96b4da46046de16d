"""A fact of the record as the review reads it: when it occurred, when it was written down, by whom, what it says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from quarterdeck.kernel.time import Instant


class Fact(Protocol):
    """An entry of the timeline."""

    @property
    def position(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def occurred_at(self) -> Instant: ...
    @property
    def recorded_at(self) -> Instant: ...
    @property
    def actor(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def body(self) -> str | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def of_types(facts: Sequence[Fact], *types: str) -> Iterator[Fact]:
    return (fact for fact in facts if fact.type in types)


def instant(value: object) -> Instant | None:
    """An instant as events store it; None for none, and for what is no instant."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return None


def actor_of(fact: Fact) -> str | None:
    """The person who acted; None where a program or the operator did."""
    return fact.actor.removeprefix("person/") if fact.actor.startswith("person/") else None
