"""Did the loss fall: since an improvement was verified, since a revision of the plan was published?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.rules.exposure.falling import Fall, fall, words
from quarterdeck.direction.rules.measures import MISSING
from quarterdeck.direction.rules.statistics import Flags
from quarterdeck.direction.views.exposing.exposure import SEED
from quarterdeck.direction.views.exposing.ledger import DAYS, Ledger, ledger
from quarterdeck.direction.views.exposing.touching import Touching, touched_words
from quarterdeck.direction.views.measuring.documents import estimate
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.views import ActionRow, improvement, improvements, lessons_of_revision
from quarterdeck.plan.views import revisions

LOOKED_BACK = 365.25 * 86_400e6
"""At most so long before the change."""
SHOWN = 20
_YEAR = 365.25 * 86_400e6


@dataclass(frozen=True)
class After:
    """One change: when, what it was about in words, and the loss on either side."""

    what: str
    title: str
    href: str
    at: Instant
    touches: str
    fall: Fall
    sentence: str


def afterwards(conn: Connection, now: Instant, unit: str | None = None, seed: int = SEED) -> tuple[Ledger, list[After]]:
    """Verified improvements that something was expected of, and revisions of the plan; the latest first."""
    book = ledger(conn, now, unit, DAYS)
    touching = Touching(conn, book)
    found = [
        _after_action(book, touching, row, row.verified_at, now, seed)
        for row in improvements(conn, "verified", limit=SHOWN)[0]
        if row.expects is not None and row.verified_at is not None
    ]
    for row in revisions(conn, limit=SHOWN):
        if row.revision > 1:
            title, href = f"Revision {row.revision} of the plan", f"/plan/revisions/{row.revision}"
            rows, about = _about_revision(conn, touching, row.revision)
            what = f"revision {row.revision}"
            found.append(_after(book, what, title, href, row.published_at, about, rows, now, seed))
    return book, sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def _about_revision(conn: Connection, touching: Touching, revision: int) -> tuple[Flags | None, str]:
    """The incidents that the lessons behind it are about; of a revision without lessons every incident."""
    lessons = [one for one in lessons_of_revision(conn, revision) if one.expects is not None]
    if not lessons:
        return None, "every incident"
    rows = [touching.losses(one.expects) for one in lessons if one.expects is not None]
    words = dict.fromkeys(touched_words(one.expects) for one in lessons if one.expects is not None)
    found: Flags = np.logical_or.reduce(rows)
    return found, "; ".join(words)


def after_action(conn: Connection, number: int, now: Instant, seed: int = SEED) -> After | None:
    """One verified improvement; None where there is nothing to compare."""
    row = improvement(conn, number)
    if row.verified_at is None or row.expects is None:
        return None
    book = ledger(conn, now)
    return _after_action(book, Touching(conn, book), row, row.verified_at, now, seed)


def _after_action(book: Ledger, touching: Touching, row: ActionRow, at: Instant, now: Instant, seed: int) -> After:
    assert row.expects is not None
    rows, about = touching.losses(row.expects), touched_words(row.expects)
    return _after(book, row.name, row.title, f"/actions/{row.number}", at, about, rows, now, seed)


def _after(
    book: Ledger,
    what: str,
    title: str,
    href: str,
    at: Instant,
    touches: str,
    rows: Flags | None,
    now: Instant,
    seed: int,
) -> After:
    when = book.population.columns["when"]
    instants, losses, moment = when[book.losses.rows], book.losses.values, micros(at)
    first = int(when[when != MISSING].min()) if np.any(when != MISSING) else moment
    begin = max(first, book.asked.since, int(moment - LOOKED_BACK))
    inside = np.ones(len(losses), dtype=np.bool_) if rows is None else rows
    found = fall(
        losses[inside & (instants >= begin) & (instants < moment)],
        max(0.0, (moment - begin) / _YEAR),
        losses[inside & (instants >= moment)],
        max(0.0, (micros(now) - max(moment, begin)) / _YEAR),
        np.random.default_rng(seed),
    )
    return After(what, title, href, at, touches, found, words(found, book.unit))


def after_document(one: After) -> dict[str, Any]:
    return {
        "what": one.what,
        "title": one.title,
        "at": one.at,
        "touches": one.touches,
        "verdict": one.fall.verdict,
        "change": estimate(one.fall.change),
        "chance_lower": None if one.fall.chance is None else round(one.fall.chance, 4),
        "before": _side(one.fall.before.n, one.fall.before.years, one.fall.before.annual.value),
        "after": _side(one.fall.after.n, one.fall.after.years, one.fall.after.annual.value),
        "sentence": one.sentence,
    }


def _side(n: int, years: float, value: float | None) -> dict[str, Any]:
    return {"n": n, "years": round(years, 4), "a_year": None if value is None else round(value, 4)}
