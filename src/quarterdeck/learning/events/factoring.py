"""What can happen to a contributing factor: found with its evidence, revised, agreed on, or withdrawn."""

import msgspec

from quarterdeck.kernel.events import Event


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A link into the record: the fact at this position, of this stream."""

    position: int
    stream: str


class FactorFound(Event, frozen=True, kw_only=True):
    """Something that helped the incident to happen or to last; `code` is one of the taxonomy's `taxonomy` version."""

    number: int
    factor: str
    """`INC-12-F1`: unique in the whole record."""
    code: str
    taxonomy: int
    text: str
    evidence: tuple[Evidence, ...] = ()
    by: str


class FactorRevised(Event, frozen=True, kw_only=True):
    """Said otherwise, filed under another code or shown by other facts: it has to be agreed on again."""

    factor: str
    code: str
    taxonomy: int
    text: str
    evidence: tuple[Evidence, ...] = ()
    by: str


class FactorAgreed(Event, frozen=True, kw_only=True):
    """Those who looked back agree that it contributed."""

    factor: str
    by: str


class FactorWithdrawn(Event, frozen=True, kw_only=True):
    """It did not contribute after all."""

    factor: str
    reason: str
    by: str
