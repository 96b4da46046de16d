"""What can be recorded of the plan: that a revision was written down whole, and that it came into force."""

from typing import Any

from quarterdeck.kernel.events import Event


class RevisionWritten(Event, frozen=True, kw_only=True):
    """The whole of a revision: the text people wrote, and the document machines read from it. Stream `revision/{n}`."""

    revision: int
    files: dict[str, str]
    """File name → text, as written, comments included."""
    document: dict[str, Any]
    """The checked plan as JSON: an old revision loads without being parsed and checked again."""
    content_hash: str
    """SHA-256 of the files, hexadecimal."""


class PlanPublished(Event, frozen=True, kw_only=True):
    """A revision came into force. Stream `plan/main`; small, since every signal and incident asks for the last one."""

    revision: int
    """1, 2, 3 …: gapless."""
    content_hash: str
    reason: str
    by: str
    """The principal's id."""
