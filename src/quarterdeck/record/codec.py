"""Events to rows and back; a type's stored name is for ever."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.events import Event, type_name
from quarterdeck.kernel.time import from_micros
from quarterdeck.record.recorded import Recorded


class UnknownEvent(QuarterdeckError):
    """The record holds an event type that this version does not know: a newer version wrote it."""


class Codec:
    """Knows every event type of the house."""

    def __init__(self, types: Iterable[type[Event]]) -> None:
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}
        self._names: dict[type[Event], str] = {}
        self._encoder = msgspec.json.Encoder()
        for event in types:
            name = type_name(event)
            self._names[event] = name
            self._decoders[name] = msgspec.json.Decoder(event)

    def name(self, event: type[Event]) -> str:
        try:
            return self._names[event]
        except KeyError:
            raise UnknownEvent(f"{type_name(event)} is not wired: add its room to app/wiring.py") from None

    def names(self) -> list[str]:
        return sorted(self._decoders)

    def type_of(self, name: str) -> type[Event]:
        return next(event for event, known in self._names.items() if known == name)

    def encode(self, event: Event) -> bytes:
        return self._encoder.encode(event)

    def decode(self, name: str, data: str) -> Any:
        return self.decoder(name)(data)

    def decoder(self, name: str) -> Callable[[str], Any]:
        decoder = self._decoders.get(name)
        if decoder is None:
            raise UnknownEvent(f"The record holds {name}, which this version does not know. Install the newer version.")
        return decoder.decode

    def recorded(self, row: Any) -> Recorded:
        """A `Recorded` from a row of the record table (by attribute)."""
        return Recorded(
            position=row.position,
            stream=row.stream,
            version=row.version,
            type=row.type,
            occurred_at=from_micros(row.occurred_at),
            recorded_at=from_micros(row.recorded_at),
            actor=row.actor,
            cause=row.cause,
            event=self.decode(row.type, row.data),
        )
