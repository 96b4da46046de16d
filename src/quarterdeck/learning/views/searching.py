"""What has these words: incidents, reviews, lessons and the plan's documents, the best first, with the place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.projections.knowledge import knowledge_word
from quarterdeck.learning.rules.knowledge import KINDS, Kind, document, kind_of, number_of, span
from quarterdeck.learning.rules.likeness import Known, Question, Statistics, known
from quarterdeck.learning.rules.wording import counted, snippet, words
from quarterdeck.learning.views.finding import beginning_with, passages, size, standings

LONGEST = 200
"""Characters of what is asked for."""
MOST = 50
_WORDS = 8
_COMPLETIONS = 8
_COMPARED = 100


@dataclass(frozen=True)
class Found:
    """A text with what was looked for. `href`: where to read it; `snippet`: pieces, True where a word was found."""

    kind: Kind
    key: str
    number: int
    title: str
    href: str
    at: Instant
    snippet: tuple[tuple[str, bool], ...]
    has_all: bool
    """Every word that was asked for stands in it."""
    points: float


@dataclass(frozen=True)
class Asked:
    """What somebody typed: the words, each with the words of the index it may stand for, and what has to stand so."""

    words: tuple[tuple[str, ...], ...]
    phrases: tuple[str, ...]

    @property
    def terms(self) -> list[str]:
        return [term for alternatives in self.words for term in alternatives]


def search(conn: Connection, text: str, kinds: Sequence[str] = (), limit: int = 20) -> list[Found]:
    """The texts with all of these words first, then those with some; of equal ones, the newer.

    `"in quotation marks"` has to stand so; the last word may be only begun; `INC-12` finds that incident first.
    `kinds`: of which kinds; none: of all. Raises `Invalid`.
    """
    wanted = _kinds(kinds)
    if len(text) > LONGEST:
        raise Invalid("That is too much to look for.", (f"q: at most {LONGEST} characters",))
    asked = _asked(conn, text)
    limit = max(1, min(limit, MOST))
    named = _named(conn, text, wanted)
    found = [one for kind in wanted for one in _of_kind(conn, asked, kind)] if asked.words else []
    found.sort(key=lambda one: (not one.has_all, -one.points, -one.at.timestamp(), one.kind, one.number))
    if any(one.has_all for one in found):
        found = [one for one in found if one.has_all]
    first = {(one.kind, one.number) for one in named}
    return [*named, *(one for one in found if (one.kind, one.number) not in first)][:limit]


def _kinds(kinds: Sequence[str]) -> tuple[Kind, ...]:
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise Invalid("There is no such kind.", tuple(f"kind: {one!r}; use {', '.join(KINDS)}" for one in unknown))
    return tuple(kind for kind in KINDS if not kinds or kind in kinds)


def _asked(conn: Connection, text: str) -> Asked:
    phrases = tuple(one.strip().casefold() for one in re.findall(r'"([^"]{2,})"', text))
    plain = list(dict.fromkeys(words(text)))[:_WORDS]
    alternatives: list[tuple[str, ...]] = [(word,) for word in plain]
    begun = re.search(r"(\w{3,})$", text)
    if plain and begun and not phrases:
        start = words(begun[1])[-1:] or [plain[-1]]
        more = beginning_with(conn, start[0], _COMPLETIONS)
        alternatives[-1] = tuple(dict.fromkeys((plain[-1], *more)))
    return Asked(tuple(alternatives), phrases)


def _named(conn: Connection, text: str, kinds: Sequence[Kind]) -> list[Found]:
    number = re.fullmatch(r"(?:inc-|#)?(\d{1,8})", text.strip().casefold())
    if number is None or "incident" not in kinds:
        return []
    rows = passages(conn, [document("incident", int(number[1]))])
    return [_found(row, frozenset(), has_all=True, points=0.0) for row in rows.values()]


def _of_kind(conn: Connection, asked: Asked, kind: Kind) -> list[Found]:
    total, length = size(conn, kind)
    if total == 0:
        return []
    found = standings(conn, asked.terms, kind, total, _COMPARED)
    statistics = Statistics(total, length, {term: one.frequency for term, one in found.items()})
    question = Question(Known(dict.fromkeys(asked.terms, 1)), statistics)
    candidates = _with_all(conn, asked, kind)
    if not candidates:
        rarest = sorted(asked.terms, key=statistics.rarity, reverse=True)
        candidates = list(dict.fromkeys(one for term in rarest for one in found[term].documents))
    rows = passages(conn, candidates[:_COMPARED])
    marked = frozenset(asked.terms)
    shown = []
    for row in rows.values():
        text = f"{row.title}\n{row.text}"
        if not all(phrase in text.casefold() for phrase in asked.phrases):
            continue
        other = known(row.title, counted(text), frozenset())
        has_all = all(any(term in other.words for term in alternatives) for alternatives in asked.words)
        shown.append(_found(row, marked, has_all=has_all, points=question.likeness(other).points))
    return shown


def _with_all(conn: Connection, asked: Asked, kind: Kind) -> list[int]:
    """The latest documents in which every word stands, found in the index alone."""
    first, after = span(kind)
    table = [knowledge_word.alias(f"w{n}") for n in range(len(asked.words))]
    query = select(table[0].c.document).where(table[0].c.document >= first, table[0].c.document < after)
    for alternatives, of in zip(asked.words, table, strict=True):
        same = of.c.document == table[0].c.document if of is not table[0] else None
        query = query.where(of.c.word.in_(alternatives), *([] if same is None else [same]))
    found = conn.execute(query.distinct().order_by(table[0].c.document.desc()).limit(_COMPARED))
    return list(found.scalars())


def _found(row: Any, marked: frozenset[str], *, has_all: bool, points: float) -> Found:
    kind, number = kind_of(row.document), number_of(row.document)
    return Found(
        kind=kind,
        key=row.key,
        number=number,
        title=row.title,
        href=_href(kind, number, row.key),
        at=from_micros(row.at),
        snippet=snippet(row.text, marked),
        has_all=has_all,
        points=round(points, 3),
    )


def _href(kind: Kind, number: int, key: str) -> str:
    if kind in ("incident", "review"):
        return f"/{kind}s/{number}"
    if kind == "lesson":
        return f"/lessons/{number}"
    return "/plan" if kind == "plan" else f"/plan#{kind}-{key}"
