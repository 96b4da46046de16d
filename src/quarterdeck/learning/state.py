"""What is learned, as it stands inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from quarterdeck.command.rules.telling import STREAMS
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.events.factoring import Evidence
from quarterdeck.learning.kept import tracker_reading, tracker_secret
from quarterdeck.learning.rules import DUTIES, FACTORS, REVIEW, Duties, Factors, Review
from quarterdeck.learning.rules.duties import KEY
from quarterdeck.plan.rules.model import Calendar
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx
from quarterdeck.record.tables import record

LARGEST = 2**53
MOST_EVIDENCE = 50
"""Facts that one statement can be shown by."""


def review(tx: Tx, number: int) -> Review | None:
    """The review of an incident; None if none was ever owed."""
    return tx.load(REVIEW, number)


def factors(tx: Tx, number: int) -> Factors | None:
    """The contributing factors of an incident; None if none was ever found."""
    return tx.load(FACTORS, number)


def streams_at(tx: Tx, positions: Sequence[int]) -> dict[int, str]:
    """Which stream the fact at each of these positions belongs to; positions where nothing stands are left out."""
    wanted = [position for position in positions if 0 < position < LARGEST]
    query = select(record.c.position, record.c.stream).where(record.c.position.in_(wanted))
    return {row.position: row.stream for row in tx.connection.execute(query)} if wanted else {}


def duties_in_force(tx: Tx) -> Duties:
    """What is owed by when: as revised last, or as it comes."""
    return tx.load(DUTIES, KEY) or Duties()


def calendar(tx: Tx) -> Calendar:
    """The plan's working days; Monday to Friday, UTC, before there is a plan."""
    found = in_force(tx)
    return found.plan.calendar if found else Calendar()


def streams_of(number: int) -> frozenset[str]:
    """The streams that an incident's timeline is read from."""
    return frozenset(f"{name}/{number}" for name in STREAMS)


def evidence_at(tx: Tx, positions: Sequence[int]) -> tuple[Evidence, ...]:
    """Links to the facts at these positions. Raises `Invalid` with every position where nothing stands."""
    once = list(dict.fromkeys(positions))
    if len(once) > MOST_EVIDENCE:
        raise Invalid("That is too much evidence for one statement.", (f"evidence: at most {MOST_EVIDENCE} links",))
    found = streams_at(tx, once)
    if missing := [position for position in once if position not in found]:
        errors = tuple(f"evidence: there is nothing at position {position}" for position in missing)
        raise Invalid("That is not on the record.", errors)
    return tuple(Evidence(position=position, stream=found[position]) for position in once)


@dataclass(frozen=True)
class Keys:
    """What is shown to a tracker, and what its webhook shows to us."""

    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """How far a tracker has been read; nothing is asked of it before `paused_until`."""

    since: str = ""
    etag: str = ""
    paused_until: Instant | None = None


def tracker_keys(tx: Tx, tracker: str) -> Keys | None:
    """None if it was removed."""
    row = tx.connection.execute(select(tracker_secret).where(tracker_secret.c.tracker == tracker)).first()
    return Keys(row.token, row.secret) if row else None


def reading_of(tx: Tx, tracker: str) -> Reading:
    row = tx.connection.execute(select(tracker_reading).where(tracker_reading.c.tracker == tracker)).first()
    if row is None:
        return Reading()
    paused = None if row.paused_until is None else from_micros(row.paused_until)
    return Reading(row.since, row.etag, paused)
