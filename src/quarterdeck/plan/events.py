"""What can be recorded of the plan: that a revision was published, whole."""

from typing import Any

from quarterdeck.kernel.events import Event


class PlanPublished(Event, frozen=True, kw_only=True):
    """A revision came into force. It carries the text people wrote and the document machines read from it."""

    revision: int
    """1, 2, 3 …: gapless."""
    files: dict[str, str]
    """File name → text, as written, comments included."""
    document: dict[str, Any]
    """The checked plan as JSON: old revisions load without being parsed and checked again."""
    content_hash: str
    """SHA-256 of the files, hexadecimal."""
    reason: str
    by: str
    """The principal's id."""
