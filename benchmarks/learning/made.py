"""Incidents that read like incidents: words drawn from a vocabulary as skewed as a language's, services as uneven."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from quarterdeck.command.events import IncidentDeclared
from quarterdeck.record import Record, Recorded

BEGAN = datetime(2015, 1, 1, tzinfo=UTC)
VOCABULARY = 6_000
SERVICES = 300
_SYLLABLES = [c + v for c in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "tr", "st") for v in "aeiou"]
_TOGETHER = 2_000


def vocabulary(chance: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4))))] = None
    return list(found)


def service(n: int) -> str:
    return f"service-{n}"


def declarations(count: int, seed: int = 1) -> Iterator[IncidentDeclared]:
    """An hour apart; titles of 7 words and 57 words of what happened and what ended it."""
    chance = random.Random(seed)  # the same figures every time, not a secret
    words = vocabulary(chance)
    common = [1 / (rank + 3) for rank in range(VOCABULARY)]
    busy = [1 / (rank + 2) for rank in range(SERVICES)]
    for n in range(1, count + 1):
        said = chance.choices(words, common, k=64)
        at = BEGAN + timedelta(hours=n)
        yield IncidentDeclared(
            at=at,
            number=n,
            title=" ".join(said[:7]),
            severity="SEV3",
            computed_severity="SEV3",
            service=service(chance.choices(range(SERVICES), busy)[0]),
            commander="admin",
            declared_by="admin",
            detected_at=at,
            summary=" ".join(said[7:]),
        )


def fill(record: Record, count: int) -> list[IncidentDeclared]:
    """The read tables as their projections leave them after so many declarations; the first 2,000 of these."""
    first: list[IncidentDeclared] = []
    together: list[Recorded] = []
    for event in declarations(count):
        first += [event] if len(first) < 2_000 else []
        name = "command.IncidentDeclared"
        stream = f"incident/{event.number}"
        together.append(Recorded(event.number, stream, 1, name, event.at, event.at, "person/admin", None, event))
        if len(together) == _TOGETHER or event.number == count:
            with record.store.writing() as conn:
                record.project(conn, together)
            together = []
    return first
