"""The whole review of an incident: what the record says, what people wrote, what they agree contributed?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.command.views import Entry, timeline
from quarterdeck.kernel.errors import NotFound
from quarterdeck.learning.rules.gaps import Gap
from quarterdeck.learning.rules.ripe import lacking
from quarterdeck.learning.views.drafting import MOST_FACTS, Draft, drafted
from quarterdeck.learning.views.factoring import FactorRow, factors
from quarterdeck.learning.views.reviewing import ReviewRow, review
from quarterdeck.learning.views.writing import (
    CommentRow,
    ObservationRow,
    TextRow,
    comments,
    entries_told,
    observations,
    texts,
)


@dataclass(frozen=True)
class Account:
    """A review as it is read. `shown`: the sentences of the facts that are evidence, by position."""

    review: ReviewRow
    draft: Draft
    texts: Mapping[str, TextRow]
    observations: tuple[ObservationRow, ...]
    factors: tuple[FactorRow, ...]
    comments: tuple[CommentRow, ...]
    shown: Mapping[int, str]
    lacking: tuple[Gap, ...]
    """What it still wants before somebody else reads it."""

    @property
    def agreed(self) -> tuple[FactorRow, ...]:
        return tuple(one for one in self.factors if one.state == "agreed")


def account(conn: Connection, number: int) -> Account:
    """Raises `NotFound` where no review was ever owed."""
    found = review(conn, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(f"review of incident {number}")
    entries = timeline(conn, number, limit=MOST_FACTS)
    written, noticed = texts(conn, number), observations(conn, number)
    named, said = factors(conn, [number]), comments(conn, number)
    return Account(
        review=found,
        draft=drafted(conn, number, entries, entries_told(conn, number)),
        texts=written,
        observations=tuple(noticed),
        factors=tuple(named),
        comments=tuple(said),
        shown=_sentences(entries, [*noticed, *named]),
        lacking=tuple(
            lacking(
                texts={prompt: row.text for prompt, row in written.items()},
                observations=noticed,
                factors=named,
                facilitator=found.facilitator,
                comments_open=sum(one.settled_at is None for one in said),
            )
        ),
    )


def _sentences(entries: Sequence[Entry], stated: Iterable[ObservationRow | FactorRow]) -> dict[int, str]:
    wanted = {link.position for one in stated for link in one.evidence}
    return {entry.position: entry.sentence for entry in entries if entry.position in wanted}
