"""The house put together: what each room brings, found by the names that ARCHITECTURE.md gives to its files."""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from quarterdeck.kernel.events import Event, events_of
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.panel import Hung, Panel
from quarterdeck.kernel.time import Clock
from quarterdeck.record import Codec, Projections, Reaction, Record
from quarterdeck.record.stores import Store

ROOMS = (
    "governance",
    "catalog",
    "plan",
    "notify",
    "intake",
    "command",
    "oncall",
    "comms",
    "obligations",
    "learning",
    "readiness",
    "direction",
    "migration",
)
"""From the bottom up; projections of one event run in this order."""


@dataclass(frozen=True)
class House:
    """Everything that the rooms bring to the app."""

    events: tuple[type[Event], ...]
    lifecycles: tuple[Lifecycle[Any], ...]
    projections: tuple[Projections, ...]
    reactions: tuple[Reaction, ...]

    # The doors are imported when they are first asked for: an engine needs none of them and starts the sooner.

    @cached_property
    def routes(self) -> tuple[Any, ...]:
        return tuple(_collect("api", "ROUTES") + _collect("pages", "ROUTES"))

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        return tuple(sorted(_collect("pages", "PANELS"), key=lambda panel: (panel.place, panel.order)))

    @cached_property
    def documents(self) -> dict[str, Any]:
        """What can go along by mail, by the kind of stream."""
        return {
            kind: make
            for found in [getattr(one, "DOCUMENTS", {}) for one in _modules("reactions")]
            for kind, make in found.items()
        }

    @cached_property
    def hung(self) -> Hung:
        return Hung(
            panels=tuple(sorted(_collect("pages", "DOCUMENT_PANELS"), key=lambda panel: panel.order)),
            columns=tuple(sorted(_collect("pages", "DOCUMENT_COLUMNS"), key=lambda column: column.order)),
            references=tuple(_collect("pages", "REFERENCES")),
            subjects=tuple(sorted(_collect("pages", "SUBJECT_PANELS"), key=lambda panel: panel.order)),
        )

    @cached_property
    def commands(self) -> tuple[Any, ...]:
        return tuple(module.commands for module in _modules("cli") if hasattr(module, "commands"))

    def record(self, store: Store, clock: Clock | None = None) -> Record:
        return Record(store, Codec(self.events), self.projections, self.lifecycles, clock)


def _modules(name: str) -> Iterator[ModuleType]:
    for room in ROOMS:
        path = f"quarterdeck.{room}.{name}"
        if importlib.util.find_spec(path) is not None:
            yield importlib.import_module(path)


def _collect(module: str, attribute: str) -> list[Any]:
    return [item for found in _modules(module) for item in getattr(found, attribute, ())]


@cache
def house() -> House:
    """All rooms, wired; the modules in which rooms keep tables are imported by the way, so their tables are known."""
    list(_modules("kept"))
    return House(
        events=tuple(event for module in _modules("events") for event in events_of(module)),
        lifecycles=tuple(_collect("rules", "LIFECYCLES")),
        projections=tuple(module.PROJECTIONS for module in _modules("projections") if hasattr(module, "PROJECTIONS")),
        reactions=tuple(_collect("reactions", "REACTIONS")),
    )
