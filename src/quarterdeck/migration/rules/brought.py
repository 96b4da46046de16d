"""What was brought in, by the name it has where it comes from: twice is once. Pure."""

import hashlib
from dataclasses import dataclass

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.migration.events import PostmortemBroughtIn


@dataclass(frozen=True)
class Brought:
    """The incident that a text became, and the text's digest, by which a later one is known to be another."""

    name: str
    number: int
    digest: str


def evolve(state: Brought | None, event: Event) -> Brought:
    assert isinstance(event, PostmortemBroughtIn)
    return Brought(event.name, event.number, event.digest)


def key_of(name: str) -> str:
    """The key of the stream for what bears this name: two imports of one text meet there."""
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:24]


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


POSTMORTEM = Lifecycle("postmortem", evolve)
