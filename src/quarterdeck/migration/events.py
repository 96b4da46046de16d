"""What can be recorded of what was brought in: which text or ticket became which incident, so that it comes once."""

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


class PostmortemBroughtIn(Event, frozen=True, kw_only=True):
    """A post-mortem became an incident with its review, factors and lessons. Stream `postmortem/{hash}`."""

    name: str
    """What it is called where it comes from."""
    digest: str
    """SHA-256 of its text, hexadecimal."""
    number: int
    """The incident's."""
    factors: tuple[str, ...] = ()
    lessons: tuple[int, ...] = ()
    by: str


class IncidentBroughtIn(Event, frozen=True, kw_only=True):
    """An incident of another system became one of ours, or a later telling went on with it. Stream `origin/{hash}`."""

    source: str
    """`servicenow:INC0000045`."""
    number: int
    events: int
    """How many facts were told of it so far."""
    digest: str
    """Of those facts, by which a later telling is known to begin alike."""


class ImportBegun(Event, frozen=True, kw_only=True):
    """A file is being brought in. Stream `import/{id}`; a run without an end was broken off, or goes on still."""

    format: str
    file: str
    size: int
    digest: str
    """SHA-256 of the file, hexadecimal; empty for a folder."""
    mapping: str = ""
    """The title of the mapping."""
    mapping_text: str = ""
    """The mapping whole, so that the import can be understood years later."""
    pseudonymous: bool = False
    by: str


class ImportAdvanced(Event, frozen=True, kw_only=True):
    """So many incidents more: new ones, ones that went on, ones that were here, ones that were told otherwise."""

    incidents: int = 0
    continued: int = 0
    known: int = 0
    differing: int = 0
    facts: int = 0
    doubts: int = 0
    rejected: int = 0
    apart: int = 0
    earliest: Instant | None = None
    latest: Instant | None = None


class RejectedRow(msgspec.Struct, frozen=True):
    """A row that was not brought in. `apart`: rightly so, because it is no incident."""

    line: int
    reason: str
    apart: bool = False


class RowsRejected(Event, frozen=True, kw_only=True):
    """Each with its line and its reason: nothing is dropped in silence."""

    rows: tuple[RejectedRow, ...]


class ImportEnded(Event, frozen=True, kw_only=True):
    """The file was read to its end, or could not be (`failure`)."""

    rows: int = 0
    failure: str = ""
    unmapped: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Field → values that the mapping gave no meaning to → how often."""
