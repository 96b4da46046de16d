"""What can be recorded of what was brought in: which text became which incident, so that it comes once."""

from quarterdeck.kernel.events import Event


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
