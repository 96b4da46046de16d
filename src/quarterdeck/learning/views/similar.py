"""Which past incidents are like this one, why, and what ended them?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import nlargest
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from quarterdeck.command.views import IncidentRow, incidents_numbered, tasks
from quarterdeck.intake.views import earlier_incidents
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.rules.knowledge import document
from quarterdeck.learning.rules.likeness import LEAST, Because, Known, Likeness, Question, Statistics, known
from quarterdeck.learning.rules.prompts import SUMMARY
from quarterdeck.learning.rules.wording import counted, opening, written
from quarterdeck.learning.views.factoring import factors
from quarterdeck.learning.views.finding import Standing, passages, size, standings
from quarterdeck.learning.views.lessoning import lessons
from quarterdeck.learning.views.reviewing import review
from quarterdeck.learning.views.writing import texts

MOST = 20
_LOOKED_UP = 60
"""Words of the asked incident that are looked up, before the rarest of them are compared."""
_GLANCE = 60
"""Of each word, the latest incidents that are looked at first: how close together they lie says how rare it is."""
_LOOKED_AT = 400
"""Of a word that is rare enough to matter, the latest incidents that are looked at."""
_COMMON = 20
"""A word of every twentieth incident or more only counts where other words have led."""
_COMPARED = 60
"""Incidents that are compared in full."""
_TEXT = 4_000
"""Characters of an incident that are compared: what it was about stands at its beginning."""


@dataclass(frozen=True)
class Step:
    """A step that was done, with what was shown for it."""

    title: str
    evidence: str


@dataclass(frozen=True)
class Taught:
    """A lesson of it, and what became of that: `state`, and the plan's revision that closed it."""

    number: int
    headline: str
    state: str
    revision: int | None


@dataclass(frozen=True)
class Remedy:
    """What is on record about how an incident ended; anything may be missing."""

    said: str | None
    """How it was mitigated or resolved, in the words of whoever did it."""
    steps: tuple[Step, ...] = ()
    review: str | None = None
    """What its review found."""
    lessons: tuple[Taught, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.said or self.steps or self.review or self.lessons)


@dataclass(frozen=True)
class Similar:
    """A past incident: `degree` from 0 to 1, the reasons with the weightiest first, and what ended it."""

    number: int
    title: str
    state: str
    severity: str
    service: str | None
    declared_at: Instant
    resolved_at: Instant | None
    degree: float
    because: tuple[Because, ...]
    remedy: Remedy = field(default_factory=lambda: Remedy(None))

    @property
    def day(self) -> str:
        """`21 Jan 2020`."""
        return f"{self.declared_at.day} {self.declared_at:%b %Y}"

    @property
    def review_opening(self) -> str:
        """What the review begins with, headings apart."""
        return opening(self.remedy.review or "", 240)

    @property
    def reasons(self) -> list[str]:
        """Each reason in words."""
        return [in_words(one) for one in self.because]


def in_words(because: Because) -> str:
    """`same service: checkout`, `words in common: expired, certificate`."""
    names = taxonomy.codes() if because.fact == "factor" else {}
    what = ", ".join(names.get(one, one) for one in because.what)
    return {
        "alert": f"raised by the same alert: {what}",
        "service": f"same service: {what}",
        "factor": f"same contributing factor: {what}",
        "type": f"same type: {what}",
        "words": f"words in common: {what}",
    }[because.fact]


def _spelt(because: Because, spelt: dict[str, str]) -> Because:
    """Words as the asked incident has them, not as they are looked up."""
    if because.fact != "words":
        return because
    return replace(because, what=tuple(dict.fromkeys(spelt.get(word, word) for word in because.what)))


def similar_incidents(conn: Connection, number: int, limit: int = 5) -> list[Similar]:
    """Past incidents like this one, the likest first. None for an incident that is not there."""
    own = passages(conn, [document("incident", number)]).get(document("incident", number))
    if own is None:
        return []
    alerts = earlier_incidents(conn, number)
    codes = [factor.code for factor in factors(conn, [number])]
    facts = _facts(own.service, own.type, alerts.values(), codes)
    text = f"{own.title}\n{own.text[:_TEXT]}"
    asked = known(own.title, counted(text), facts)
    return _similar(conn, asked, written(text), alerts, without=number, limit=limit)


def similar_to(
    conn: Connection, title: str, service: str | None = None, type: str | None = None, limit: int = 5
) -> list[Similar]:
    """Past incidents like one that has not been declared yet."""
    title = title[:_TEXT]
    asked = known(title, counted(title), _facts(service, type))
    return _similar(conn, asked, written(title), {}, without=0, limit=limit)


def _facts(
    service: str | None, type: str | None, alerts: Iterable[str] = (), factors: Iterable[str] = ()
) -> frozenset[str]:
    facts = {f"{name}:{value}" for name, value in (("service", service), ("type", type)) if value}
    facts |= {f"alert:{alert}" for alert in alerts} | {f"factor:{code}" for code in factors}
    return frozenset(facts)


def _similar(
    conn: Connection, asked: Known, spelt: dict[str, str], alerts: dict[int, str], *, without: int, limit: int
) -> list[Similar]:
    total, length = size(conn, "incident")
    words = sorted(asked.words, key=lambda word: (word not in asked.title, -asked.words[word]))[:_LOOKED_UP]
    facts = {f"={fact}": fact for fact in asked.facts if not fact.startswith("alert:")}
    found = standings(conn, [*words, *facts], "incident", total, _GLANCE)
    own = 1 if without else 0
    frequency = {facts.get(term, term): max(one.frequency - own, 0.0) for term, one in found.items()}
    frequency |= {f"alert:{alert}": count for alert, count in Counter(alerts.values()).items()}
    question = Question(asked, Statistics(max(total - own, 0), length, frequency))
    worth = _worth(conn, question, found, alerts, total)
    worth.pop(without, None)
    best = [number for _, number in nlargest(_COMPARED, ((points, number) for number, points in worth.items()))]
    texts_ = passages(conn, [document("incident", number) for number in best])
    compared = [pair for pair in _compared(conn, question, alerts, texts_) if pair[1].degree >= LEAST][: MOST * 2]
    shown = list(islice(_shown(conn, compared, limit), min(limit, MOST)))
    return [_told(conn, row, how, spelt, texts_[document("incident", row.number)].remedy) for row, how in shown]


def _shown(
    conn: Connection, compared: list[tuple[int, Likeness]], limit: int
) -> Iterator[tuple[IncidentRow, Likeness]]:
    """Those that are incidents of their own; as many are looked up together as are likely to do."""
    for some in (compared[: limit + 2], compared[limit + 2 :]):
        rows = {row.number: row for row in incidents_numbered(conn, [number for number, _ in some])} if some else {}
        for number, how in some:
            if number in rows and rows[number].merged_into is None and not rows[number].drill:
                yield rows[number], how


def _worth(
    conn: Connection, question: Question, found: dict[str, Standing], alerts: dict[int, str], total: int
) -> dict[int, float]:
    """Incidents with something in common, each with what that is roughly worth.

    What is common has been looked at; what is rarer is looked up further back, since it is what matters.
    """
    nominating = {**{term: term for term in question.terms}, **{f"={fact}": fact for fact in question.asked.facts}}
    further = [
        term
        for term in nominating
        if term in found and len(found[term].documents) == _GLANCE and found[term].frequency * _COMMON < total
    ]
    found = {**found, **standings(conn, further, "incident", total, _LOOKED_AT)}
    worth = {number: question.worth.get(f"alert:{alert}", 0.0) for number, alert in alerts.items()}
    for term, name in nominating.items():
        for number in found[term].documents if term in found else ():
            worth[number] = worth.get(number, 0.0) + question.worth.get(name, 0.0)
    return worth


def _compared(
    conn: Connection, question: Question, alerts: dict[int, str], rows: dict[int, Any]
) -> list[tuple[int, Likeness]]:
    numbers = list(rows)
    codes: dict[int, list[str]] = {}
    for factor in factors(conn, numbers) if numbers else ():
        codes.setdefault(factor.number, []).append(factor.code)
    compared = []
    for number, row in rows.items():
        facts = _facts(row.service, row.type, [alerts[number]] if number in alerts else [], codes.get(number, ()))
        other = known(row.title, counted(f"{row.title}\n{row.text[:_TEXT]}"), facts)
        compared.append((number, question.likeness(other)))
    return sorted(compared, key=lambda pair: (-pair[1].degree, -pair[0]))


def _found_by_review(conn: Connection, number: int) -> str | None:
    """In short, once somebody has approved it."""
    held = review(conn, number)
    if held is None or held.state not in ("approved", "published"):
        return None
    summary = texts(conn, number).get(SUMMARY)
    return summary.text if summary else None


def _told(conn: Connection, row: IncidentRow, how: Likeness, spelt: dict[str, str], said: str | None) -> Similar:
    steps = tuple(
        Step(task.title, task.outcome)
        for task in tasks(conn, row.number)
        if task.state == "done" and task.outcome and task.outcome.strip()
    )
    taught = tuple(
        Taught(one.number, one.headline, one.state, one.revision)
        for one in lessons(conn, incident=row.number, limit=5)[0]
        if one.closing != "rejection"
    )
    return Similar(
        number=row.number,
        title=row.title,
        state=row.state,
        severity=row.severity,
        service=row.service,
        declared_at=row.declared_at,
        resolved_at=row.resolved_at,
        degree=round(how.degree, 3),
        because=tuple(_spelt(one, spelt) for one in how.because),
        remedy=Remedy(said, steps[:5], _found_by_review(conn, row.number), taught),
    )
