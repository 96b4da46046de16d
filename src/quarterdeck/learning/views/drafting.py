"""What does the record say about this incident, put together so that a review of it need not begin on a blank page?

Derived on each reading, never typed: response times on both clocks, the story, the plan step by step, decisions with
what was known, updates against their pace, pages, who was there, and what the record leaves open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.catalog.views import service
from quarterdeck.command.views import Conformance, Entry, IncidentRow, conformance, incident, role_titles, timeline
from quarterdeck.governance.views import people
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules import clocks, known, presence, promises
from quarterdeck.learning.rules.clocks import Measure, Moment
from quarterdeck.learning.rules.gaps import Gap, gaps
from quarterdeck.learning.rules.known import Decision
from quarterdeck.learning.rules.promises import Pace
from quarterdeck.learning.rules.saying import lead
from quarterdeck.learning.views.writing import EntryRow, entries_told

MOST_FACTS = 20_000
"""Entries that are read; an incident with more is told from its first ones, and says so."""


@dataclass(frozen=True)
class ToldRow:
    """One entry of the story. `title` and `at` are how the review tells it; `sentence` and `occurred_at` the record."""

    position: int
    at: Instant
    title: str
    body: str | None
    actor_name: str
    icon: str
    occurred_at: Instant
    recorded_at: Instant
    sentence: str
    late: bool
    """Written down a minute or more after it occurred."""
    changed: EntryRow | None

    @property
    def corrected(self) -> bool:
        return self.at != self.occurred_at


@dataclass(frozen=True)
class Stated:
    """A statement of the impact, or a severity, and since when it stood."""

    at: Instant
    by: str
    text: str
    position: int


@dataclass(frozen=True)
class PagedRow:
    """How often somebody was paged, and how often of that at night in their own zone."""

    person: str
    name: str
    pages: int
    at_night: int
    declined: bool
    failed: int
    acknowledged: bool


@dataclass(frozen=True)
class PresentRow:
    person: str
    name: str
    why: tuple[str, ...]
    acts: int
    first_at: Instant
    last_at: Instant


@dataclass(frozen=True)
class DecisionRow:
    """A decision, with the name of who took it."""

    decision: Decision
    by_name: str | None


@dataclass(frozen=True)
class Draft:
    """Everything that the record says. `facts`: how many entries it rests on; `whole` False: there are more."""

    incident: IncidentRow
    service: str | None
    tolerance: timedelta | None
    """How long the service's owner tolerates an interruption."""
    moments: tuple[Moment, ...]
    measures: tuple[Measure, ...]
    lead: str
    """The incident in two sentences."""
    statements: tuple[Stated, ...]
    severities: tuple[Stated, ...]
    story: tuple[ToldRow, ...]
    facts: int
    whole: bool
    conformance: Conformance
    decisions: tuple[DecisionRow, ...]
    paces: tuple[Pace, ...]
    paged: tuple[PagedRow, ...]
    present: tuple[PresentRow, ...]
    gaps: tuple[Gap, ...]

    @property
    def impact(self) -> timedelta | None:
        """From the beginning of the impact to its end (M - S), as far as both are known."""
        return next((one.occurred for one in self.measures if one.formula == "M - S"), None)


def draft(conn: Connection, number: int) -> Draft:
    """Of any incident, whether or not it owes a review. Raises `NotFound`."""
    return drafted(conn, number, timeline(conn, number, limit=MOST_FACTS), entries_told(conn, number))


def drafted(conn: Connection, number: int, entries: Sequence[Entry], told: Mapping[int, EntryRow]) -> Draft:
    """The same of a timeline that has been read already."""
    row = incident(conn, number)
    facts = sorted(entries, key=lambda entry: entry.position)
    everybody = people(conn)
    names = {one.id: one.name for one in everybody}
    moments = clocks.moments(facts)
    measured = clocks.measures(moments)
    followed = conformance(conn, number)
    paces = promises.paces(facts)
    pages = presence.paged(facts, {one.id: one.zone for one in everybody})
    found = service(conn, row.service) if row.service else None
    return Draft(
        incident=row,
        service=found.name if found else row.service,
        tolerance=timedelta(minutes=found.tolerance) if found and found.tolerance else None,
        moments=tuple(moments.values()),
        measures=tuple(measured),
        lead=lead(row.severity, found.name if found else row.service, moments, {one.formula: one for one in measured}),
        statements=_statements(facts),
        severities=_severities(facts),
        story=_story(entries, told),
        facts=len(facts),
        whole=len(facts) < MOST_FACTS,
        conformance=followed,
        decisions=tuple(DecisionRow(one, _name(names, one.by)) for one in known.decisions(facts)),
        paces=tuple(paces),
        paged=tuple(
            PagedRow(
                one.person,
                names.get(one.person, one.person),
                one.pages,
                one.at_night,
                one.declined,
                one.failed,
                one.acknowledged,
            )
            for one in pages
        ),
        present=tuple(
            PresentRow(one.person, names.get(one.person, one.person), one.why, one.acts, one.first_at, one.last_at)
            for one in presence.present(facts, role_titles(conn, number))
        ),
        gaps=tuple(
            gaps(
                facts,
                moments,
                statement=row.statement,
                paces=paces,
                pages=pages,
                unexplained=[step.title for step in followed.steps if step.wants_explanation],
            )
        ),
    )


def _story(entries: Sequence[Entry], told: Mapping[int, EntryRow]) -> tuple[ToldRow, ...]:
    """Key events unless somebody decided otherwise, by the time at which they are told."""
    rows = [
        _told(entry, told.get(entry.position))
        for entry in entries
        if (told[entry.position].told if entry.position in told else entry.key and not _of_review(entry))
    ]
    return tuple(sorted(rows, key=lambda row: (row.at, row.position)))


def _of_review(entry: Entry) -> bool:
    """The work on the review itself is no part of the story."""
    return entry.type.startswith("learning.")


def _told(entry: Entry, changed: EntryRow | None) -> ToldRow:
    return ToldRow(
        position=entry.position,
        at=(changed.occurred_at if changed else None) or entry.occurred_at,
        title=(changed.title if changed else None) or entry.sentence,
        body=entry.body,
        actor_name=entry.actor_name,
        icon=entry.icon,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        sentence=entry.sentence,
        late=entry.late,
        changed=changed,
    )


def _statements(facts: Sequence[Entry]) -> tuple[Stated, ...]:
    return _stated(facts, {"command.IncidentDeclared": "summary", "command.ImpactStated": "statement"})


def _severities(facts: Sequence[Entry]) -> tuple[Stated, ...]:
    return _stated(facts, {"command.IncidentDeclared": "severity", "command.SeverityChanged": "severity"})


def _stated(facts: Sequence[Entry], fields: Mapping[str, str]) -> tuple[Stated, ...]:
    """What facts of these types say in these fields, where they say anything."""
    return tuple(
        Stated(fact.occurred_at, fact.actor_name, text, fact.position)
        for fact in facts
        if fact.type in fields and (text := str(fact.data.get(fields[fact.type]) or ""))
    )


def _name(names: Mapping[str, str], id: str | None) -> str | None:
    others = {"engine": "Quarterdeck", "local": "the operator"}
    return None if id is None else names.get(id, others.get(id, "a key" if id.startswith("key/") else id))
