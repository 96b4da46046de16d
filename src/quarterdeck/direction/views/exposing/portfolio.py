"""What should the next days of work buy: open improvements by the loss that they should avoid, and the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.rules.exposure.wording import amount, figures, unit_words
from quarterdeck.direction.rules.portfolio import (
    Effect,
    Improvement,
    Portfolio,
    Ranked,
    cells,
    checked,
    most_promising,
    portfolio,
    usable,
)
from quarterdeck.direction.rules.statistics import Flags
from quarterdeck.direction.views.exposing.exposure import SEED
from quarterdeck.direction.views.exposing.ledger import DAYS, Ledger, ledger
from quarterdeck.direction.views.exposing.touching import Touching, touched_words
from quarterdeck.direction.views.measuring.documents import estimate
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.views import ActionRow, actions_numbered, improvements
from quarterdeck.paper.spreadsheets import harmless

BUDGET = 30.0
MOST_ACTIONS = 500
NO_EFFORT = "no effort named"
NO_EFFECT = "nobody has said by how much the loss should fall"
SATISFIED = ("done", "verified")


@dataclass(frozen=True)
class Row:
    """An improvement with its place; `touches`: which incidents it is about, in words."""

    action: ActionRow
    ranked: Ranked
    touches: str


@dataclass(frozen=True)
class Unranked:
    """An improvement that cannot be weighed, and why."""

    action: ActionRow
    why: str


@dataclass(frozen=True)
class Advice:
    """`rows`: the most avoided per person-day first. `found` None: nothing can be weighed."""

    ledger: Ledger
    budget: float
    found: Portfolio | None
    rows: tuple[Row, ...]
    unranked: tuple[Unranked, ...]

    @property
    def unit(self) -> str:
        return self.ledger.unit

    @property
    def chosen(self) -> tuple[Row, ...]:
        """What to buy, the most avoided per day first, but nothing before what it needs."""
        bought = {row.action.number: row for row in self.rows if row.ranked.bought}
        placed: dict[int, Row] = {}
        for number in bought:
            _place(number, bought, placed, set())
        return tuple(placed.values())

    @property
    def sentence(self) -> str:
        """`The next 30 person-days should buy A-3 and A-7: about 120 hours of harm a year less (95 %: 40 to 210).`"""
        if self.found is None:
            return "No improvement can be weighed yet: each needs its effort and by how much the loss should fall."
        days = f"{self.budget:.10g} person-days"
        if not self.chosen:
            return f"{days} buy nothing that would avoid a loss on record."
        names = [row.action.name for row in self.chosen]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        avoided = self.found.avoided
        sure = "" if avoided.low is None else f" (95 %: {figures(avoided.low)} to {figures(avoided.high or 0)})"
        return (
            f"The next {days} should buy {listed}: about {amount(avoided.value or 0, self.unit)} a year less{sure},"
            f" for {self.found.effort:.10g} person-days."
        )

    @property
    def proof(self) -> str:
        if self.found is None:
            return ""
        if self.found.proved:
            looked = f", after {self.found.examined:,} branches" if self.found.examined else ""
            return f"Proved{looked}: no other set within the budget avoids more."
        return f"Not proved: another set might avoid up to {self.found.gap * 100:.1f} % more."


def _place(number: int, bought: Mapping[int, Row], placed: dict[int, Row], above: set[int]) -> None:
    if number not in placed and number in bought and number not in above:
        for need in bought[number].action.needs:
            _place(need, bought, placed, above | {number})
        placed[number] = bought[number]


def advice(
    conn: Connection, now: Instant, days: float = BUDGET, unit: str | None = None, seed: int = SEED, back: int = DAYS
) -> Advice:
    """`days`: the budget in person-days; `back`: days of history to weigh by."""
    budget = checked(days)
    book = ledger(conn, now, unit, back)
    touching = Touching(conn, book)
    rows = [row for row in improvements(conn, "open", limit=MOST_ACTIONS)[0] if row.to_do]
    candidates, why = _candidates(rows, touching, _met(conn, rows))
    kept, lacking = usable(list(candidates.values()))
    why |= lacking
    if book.too_short:
        why |= {one.id: "less than 4 weeks on record" for one in kept}
        kept = []
    by_number = {row.number: row for row in rows}
    touches = {one.id: _touches(by_number[one.id], touching, len(book.losses.rows)) for one in kept}
    annual = [float(book.losses.values[touches[one.id]].sum()) * one.effect.mean for one in kept]
    inside, outside = most_promising(kept, annual)
    why |= {kept[i].id: "more were proposed than are weighed, and this one promises less" for i in outside}
    kept = [kept[i] for i in inside]
    found = _weighed(kept, touches, book, budget, seed) if kept else None
    ranked = [
        Row(by_number[one.id], one, touched_words(expects) if (expects := by_number[one.id].expects) else "")
        for one in (found.ranked if found else ())
    ]
    unranked = [Unranked(by_number[id], reason) for id, reason in sorted(why.items())]
    return Advice(book, budget, found, tuple(ranked), tuple(unranked))


def _met(conn: Connection, rows: Sequence[ActionRow]) -> set[int]:
    """Of what is needed first, that which is done already."""
    needed = sorted({need for row in rows for need in row.needs})
    return {row.number for row in actions_numbered(conn, needed) if row.state in SATISFIED}


def _candidates(
    rows: Sequence[ActionRow], touching: Touching, met: set[int]
) -> tuple[dict[int, Improvement], dict[int, str]]:
    """Those that can be weighed; of the others why not. What others need may have no effect of its own."""
    needed = {need for row in rows for need in row.needs}
    candidates, why = dict[int, Improvement](), dict[int, str]()
    for row in rows:
        shares = row.falls_by if row.expects else None
        if row.person_days is None:
            why[row.number] = NO_EFFORT
        elif shares is None and row.number not in needed:
            why[row.number] = NO_EFFECT
        elif shares is not None and row.expects and not touching.losses(row.expects).any() and row.number not in needed:
            why[row.number] = f"no loss on record of {touched_words(row.expects)}"
        else:
            needs = tuple(need for need in row.needs if need not in met)
            candidates[row.number] = Improvement(row.number, row.person_days, Effect(*(shares or (0, 0, 0))), needs)
    return candidates, why


def _touches(row: ActionRow, touching: Touching, size: int) -> Flags:
    return touching.losses(row.expects) if row.expects else np.zeros(size, dtype=np.bool_)


def _weighed(
    kept: Sequence[Improvement], touches: Mapping[int, Flags], book: Ledger, budget: float, seed: int
) -> Portfolio:
    values = book.losses.values
    flags = [touches[one.id] for one in kept]
    parted = cells(flags, values, book.years)
    counts = [int(np.count_nonzero(one)) for one in flags]
    return portfolio(kept, parted, counts, budget, float(values.sum()) / book.years, np.random.default_rng(seed))


def advice_document(given: Advice) -> dict[str, Any]:
    """For programs: losses in the unit named, a year; efforts in person-days."""
    found = given.found
    document: dict[str, Any] = {
        "days": given.budget,
        "unit": given.unit,
        "unit_words": unit_words(given.unit),
        "sentence": given.sentence,
        "chosen": [row.action.number for row in given.chosen],
        "items": [_row(row) for row in given.rows],
        "unranked": [
            {"number": one.action.number, "title": one.action.title, "why": one.why} for one in given.unranked
        ],
        "incidents": len(given.ledger.losses.rows),
        "unknown": given.ledger.losses.unknown,
        "years": round(given.ledger.years, 4),
        "next": None,
    }
    if found is not None:
        document |= {
            "person_days": found.effort,
            "avoided": estimate(found.avoided),
            "loss": round(found.loss, 4),
            "proved": found.proved,
            "bound": round(found.bound, 4),
            "proof": given.proof,
            "by_budget": [{"days": days, "avoided": round(avoided, 4)} for days, avoided in found.by_budget],
        }
    return document


HEADS = (
    "action", "title", "buy", "person-days", "avoids a year", "low", "high", "unit", "in the best set", "rank", "why"
)  # fmt: skip


def advice_table(given: Advice) -> list[tuple[str, ...]]:
    """The ranking as rows of a table, its heads first; those that cannot be ranked at the end."""

    def said(value: float | None) -> str:
        return "" if value is None else f"{value:.6g}"

    rows: list[tuple[str, ...]] = [HEADS]
    for row in given.rows:
        one, name, bought = row.ranked, row.action.name, "yes" if row.ranked.bought else "no"
        figures_ = (said(one.effort), said(one.avoided.value), said(one.avoided.low), said(one.avoided.high))
        firm = (given.unit, f"{one.bought_in:.2f}", str(one.rank), "")
        rows.append((name, harmless(row.action.title), bought, *figures_, *firm))
    left = [(one.action.name, harmless(one.action.title), "no", *("",) * 7, one.why) for one in given.unranked]
    return [*rows, *left]


def _row(row: Row) -> dict[str, Any]:
    one, action = row.ranked, row.action
    return {
        "number": action.number,
        "title": action.title,
        "state": action.state,
        "owner": action.owner,
        "person_days": one.effort,
        "avoided": estimate(one.avoided),
        "avoided_per_person_day": None if one.effort <= 0 else round(one.per_day, 4),
        "bought": one.bought,
        "bought_in": one.bought_in,
        "rank": one.rank,
        "rank_low": one.rank_low,
        "rank_high": one.rank_high,
        "touches": row.touches,
        "incidents": one.incidents,
        "needs": list(action.needs),
        "falls_by": action.falls_by,
    }
