"""Bringing in a history: begun, advanced batch by batch, ended. What was here before is found again, not doubled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from quarterdeck.command import events as ev
from quarterdeck.command.rules import INCIDENT
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.ids import new_id
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.events import (
    ImportAdvanced,
    ImportBegun,
    ImportEnded,
    IncidentBroughtIn,
    RejectedRow,
    RowsRejected,
)
from quarterdeck.migration.rules import IMPORT, ORIGIN, Origin
from quarterdeck.migration.rules.origins import key_of, standing
from quarterdeck.migration.rules.told import Rejection, Told, digest, facts, with_doubts
from quarterdeck.record import Tx

MOST_REJECTED_AT_ONCE = 1_000
_Life = tuple[int, Sequence[Event]]


@dataclass(frozen=True)
class Advance:
    """What became of a batch, or of several together. `rejections`: every one, those found here included."""

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
    rejections: tuple[Rejection, ...] = field(default=(), repr=False)

    def __add__(self, other: "Advance") -> "Advance":
        """Counts add up; the rejections are those of `other`, so that a long import holds no more than a batch."""
        counts = ("incidents", "continued", "known", "differing", "facts", "doubts", "rejected", "apart")
        instants = [one for one in (self.earliest, other.earliest) if one is not None]
        ends = [one for one in (self.latest, other.latest) if one is not None]
        return Advance(
            **{name: getattr(self, name) + getattr(other, name) for name in counts},
            earliest=min(instants, default=None),
            latest=max(ends, default=None),
            rejections=other.rejections,
        )


@permitted(Permission.ADMINISTER)
def begin_import(
    tx: Tx,
    *,
    format: str,
    file: str,
    size: int,
    digest: str = "",
    mapping: str = "",
    mapping_text: str = "",
    pseudonymous: bool = False,
) -> str:
    """Say that a file is brought in; returns the import's id, which `advance` and `end_import` want."""
    id = new_id(tx.now)
    begun = ImportBegun(
        at=tx.now,
        format=format,
        file=file[:200],
        size=size,
        digest=digest,
        mapping=mapping[:200],
        mapping_text=mapping_text,
        pseudonymous=pseudonymous,
        by=tx.by.person or tx.by.id,
    )
    tx.append_many([(IMPORT, id, [begun])], fresh=True)
    return id


@permitted(Permission.ADMINISTER)
def advance(tx: Tx, *, run: str, told: Sequence[Told], rejected: Sequence[Rejection] = ()) -> Advance:
    """Record a batch: new incidents get numbers of ours, those that go on their new facts, and the rest is counted.

    To be performed as `history(run)`, so that no reaction follows. Of two with one source the second is rejected.
    """
    tx.lock()
    unique, rejections = _once(told, rejected)
    before = tx.load_many(ORIGIN, [key_of(source) for source in unique])
    fresh = [one for source, one in unique.items() if key_of(source) not in before]
    numbers = dict(zip([one.source for one in fresh], tx.next_numbers("incident", len(fresh)), strict=True))
    lives: list[_Life] = []
    tails: list[_Life] = []
    origins: list[tuple[Any, str, Sequence[Event]]] = []
    done = Advance(known=0)
    for source, one in unique.items():
        known = before.get(key_of(source))
        number = known.number if known else numbers[source]
        all_facts = facts(one, number)
        match standing(known, all_facts):
            case "new":
                lives.append((number, list(with_doubts(all_facts, tx.now))))
                done = replace(done, incidents=done.incidents + 1)
            case "continued":
                assert known is not None
                tails.append((number, list(with_doubts(all_facts, tx.now, known.events))))
                done = replace(done, continued=done.continued + 1)
            case "known":
                done = replace(done, known=done.known + 1)
                continue
            case "differing":
                assert known is not None
                rejections.append(_told_otherwise(one, known))
                done = replace(done, differing=done.differing + 1)
                continue
        origins.append((ORIGIN, key_of(source), [_brought(tx, source, number, all_facts)]))
    for layer in _layers(lives):
        tx.append_many([(INCIDENT, number, [event]) for number, event in layer], fresh=True)
    tx.append_many([(INCIDENT, number, events) for number, events in tails])
    tx.append_many(origins)
    done = _counted(done, [*lives, *tails], rejections)
    tx.append_many([(IMPORT, run, [*_rejections(tx, rejections), _advanced(tx, done)])])
    return done


@permitted(Permission.ADMINISTER)
def end_import(
    tx: Tx, *, run: str, rows: int = 0, failure: str = "", unmapped: dict[str, dict[str, int]] | None = None
) -> None:
    """The file was read to its end, or could not be. `Refused` if that has been said."""
    if tx.existing(IMPORT, run).ended:
        raise Refused("AlreadyEnded", f"The import {run} has ended.")
    tx.append(IMPORT, run, [ImportEnded(at=tx.now, rows=rows, failure=failure[:2_000], unmapped=unmapped or {})])


def _once(told: Sequence[Told], rejected: Sequence[Rejection]) -> tuple[dict[str, Told], list[Rejection]]:
    unique: dict[str, Told] = {}
    rejections = list(rejected)
    for one in told:
        first = unique.setdefault(one.source, one)
        if first is not one:
            rejections.append(Rejection(one.line, f"{one.number} stands at {first.line} already; this one is left out"))
    return unique, rejections


def _told_otherwise(one: Told, known: Origin) -> Rejection:
    why = f"{one.number} is INC-{known.number} and was told otherwise before; it stays as it was told first"
    return Rejection(one.line, why)


def _brought(tx: Tx, source: str, number: int, all_facts: Sequence[Event]) -> IncidentBroughtIn:
    return IncidentBroughtIn(at=tx.now, source=source, number=number, events=len(all_facts), digest=digest(all_facts))


def _layers(lives: Sequence[_Life]) -> Iterator[list[tuple[int, Event]]]:
    """The first events of all, then the second ones, each layer by type: projections take runs of a type at once."""
    numbers = [number for number, _ in lives]
    for layer in zip_longest(*(events for _, events in lives)):
        there = [(number, event) for number, event in zip(numbers, layer, strict=True) if event is not None]
        yield sorted(there, key=lambda pair: type(pair[1]).__name__)


def _counted(done: Advance, lives: Sequence[_Life], rejections: Sequence[Rejection]) -> Advance:
    events = [event for _, life in lives for event in life]
    instants = [event.at for event in events if not isinstance(event, ev.DoubtRaised)]
    apart = sum(one.apart for one in rejections)
    return replace(
        done,
        facts=len(events),
        doubts=sum(isinstance(event, ev.DoubtRaised) for event in events),
        rejected=len(rejections) - apart,
        apart=apart,
        earliest=min(instants, default=None),
        latest=max(instants, default=None),
        rejections=tuple(rejections),
    )


def _rejections(tx: Tx, rejections: Sequence[Rejection]) -> Iterator[RowsRejected]:
    for start in range(0, len(rejections), MOST_REJECTED_AT_ONCE):
        some = rejections[start : start + MOST_REJECTED_AT_ONCE]
        rows = tuple(RejectedRow(line=one.line, reason=one.reason[:500], apart=one.apart) for one in some)
        yield RowsRejected(at=tx.now, rows=rows)


def _advanced(tx: Tx, done: Advance) -> ImportAdvanced:
    names = (name for name in Advance.__dataclass_fields__ if name != "rejections")
    return ImportAdvanced(at=tx.now, **{name: getattr(done, name) for name in names})
