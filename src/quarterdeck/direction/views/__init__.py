"""The questions that screens and programs ask about direction."""

from quarterdeck.direction.views.replaying import (
    Keeping,
    Progress,
    Replay,
    document,
    facts,
    keeping_their_revision,
    replay,
)

__all__ = ["Keeping", "Progress", "Replay", "document", "facts", "keeping_their_revision", "replay"]
