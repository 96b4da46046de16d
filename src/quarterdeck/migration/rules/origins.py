"""Where incidents came from: one stream for each of theirs, so that twice is once and a later telling goes on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.migration.events import ImportBegun, ImportEnded, IncidentBroughtIn
from quarterdeck.migration.rules.told import digest

Standing = Literal["new", "known", "continued", "differing"]


@dataclass(frozen=True)
class Origin:
    """The incident of ours, and how much was told of it."""

    source: str
    number: int
    events: int
    digest: str


def _origin(state: Origin | None, event: Event) -> Origin:
    assert isinstance(event, IncidentBroughtIn)
    return Origin(event.source, event.number, event.events, event.digest)


ORIGIN = Lifecycle("origin", _origin)


def key_of(source: str) -> str:
    """The key of the stream of an incident of another system: two imports of it meet there."""
    return hashlib.sha256(source.encode()).hexdigest()[:24]


def standing(before: Origin | None, facts: Sequence[Event]) -> Standing:
    """What a telling is, compared with what was told before. Not `new` events are judged from the beginning on."""
    if before is None:
        return "new"
    if len(facts) >= before.events and digest(facts[: before.events]) == before.digest:
        return "known" if len(facts) == before.events else "continued"
    return "differing"


@dataclass(frozen=True)
class Run:
    """An import: which file, and whether it came to its end."""

    file: str
    format: str
    ended: bool = False


def _run(state: Run | None, event: Event) -> Run:
    if isinstance(event, ImportBegun):
        return Run(event.file, event.format)
    assert state is not None
    return Run(state.file, state.format, ended=state.ended or isinstance(event, ImportEnded))


IMPORT = Lifecycle("import", _run)
