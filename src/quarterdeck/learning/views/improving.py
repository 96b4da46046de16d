"""Which improvement actions are there, who owes what by when, and what happened to one?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, case, select

from quarterdeck.command.views import titles
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.projections.improving import improvement as table
from quarterdeck.learning.projections.improving import improvement_step
from quarterdeck.learning.projections.tracking import tracker
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.improving import ENDED, STATES, TO_DO

ACTION_STATES = STATES
MOST = 500


@dataclass(frozen=True)
class ActionRow:
    """An improvement action as it stands; people by id, with their names."""

    number: int
    state: str
    version: int
    title: str
    details: str
    source: str | None
    incident: int | None
    incident_title: str | None
    lesson: int | None
    severity: str | None
    owner: str | None
    owner_name: str | None
    owner_left: bool
    author: str
    author_name: str
    proposed_at: Instant
    due: Instant
    rule: str
    expects: Expectation | None
    person_days: float | None
    money: float | None
    currency: str | None
    needs: tuple[int, ...]
    """Numbers of actions that have to be done first."""
    falls_by: effects.Falls | None
    """By what share the loss should fall, 0 to 1: at least, most likely and at most."""
    done_at: Instant | None
    doer: str | None
    doer_name: str | None
    shown: str | None
    verified_at: Instant | None
    verifier: str | None
    verifier_name: str | None
    found: str | None
    reason: str | None

    @property
    def name(self) -> str:
        return f"A-{self.number}"

    @property
    def open(self) -> bool:
        return self.state not in ENDED

    @property
    def to_do(self) -> bool:
        """Not done yet, so that its day counts."""
        return self.state in TO_DO

    @property
    def expected(self) -> str | None:
        """The measure that it should change, in words."""
        return effects.words(self.expects.measure) if self.expects else None

    @property
    def falls_words(self) -> str:
        """`10/30/50 %`: at least, most likely, at most."""
        said = effects.falls_words(self.falls_by)
        return f"{said} %" if said else ""

    @property
    def cost(self) -> str:
        """`3 person-days, 1,200 EUR`."""
        days = "" if self.person_days is None else f"{self.person_days:,.10g} person-day"
        days += "s" if days and self.person_days != 1 else ""
        money = "" if self.money is None else f"{self.money:,.2f} {self.currency}".replace(".00 ", " ")
        return ", ".join(part for part in (days, money) if part)


@dataclass(frozen=True)
class ActionStep:
    """What happened to it; `by_name` None: time did."""

    at: Instant
    by_name: str | None
    what: str
    text: str
    by: str | None = None


def improvements(
    conn: Connection,
    state: str | None = None,
    *,
    owner: str | None = None,
    incident: int | None = None,
    lesson: int | None = None,
    now: Instant | None = None,
    cursor: int = 0,
    limit: int = 50,
) -> tuple[list[ActionRow], int | None]:
    """What is to be done first, by its day; then what waits to be verified; and the cursor of what follows.

    `state` may be `open`, or `overdue` (by `now`).
    """
    if state is not None and state not in ("open", "overdue", *STATES):
        known = ", ".join(("open", "overdue", *STATES))
        raise Invalid("The filter is not right.", (f"state: {state[:60]!r}; use one of {known}",))
    query = select(table)
    if state == "open":
        query = query.where(table.c.state.not_in(ENDED))
    elif state == "overdue" and now is not None:
        query = query.where(table.c.state.in_(TO_DO), table.c.due < micros(now))
    elif state is not None:
        query = query.where(table.c.state == state)
    for column, wanted in ((table.c.owner, owner), (table.c.incident, incident), (table.c.lesson, lesson)):
        query = query.where(column == wanted) if wanted is not None else query
    order = case((table.c.state.in_(TO_DO), 0), (table.c.state == "done", 1), else_=2)
    by_date = case((table.c.state.in_(TO_DO), table.c.due), else_=-table.c.number)
    limit = max(1, min(limit, MOST))
    rows = _rows(conn, query.order_by(order, by_date, table.c.number).offset(cursor).limit(limit + 1))
    return rows[:limit], cursor + limit if len(rows) > limit else None


def improvement(conn: Connection, number: int) -> ActionRow:
    """One improvement action. Raises `NotFound`."""
    found = next(iter(_rows(conn, select(table).where(table.c.number == number))), None)
    if found is None:
        raise NotFound(f"improvement action A-{number}")
    return found


def improvement_steps(conn: Connection, number: int) -> list[ActionStep]:
    """What happened to an action, in order."""
    names = _names(conn)
    query = select(improvement_step).where(improvement_step.c.action == number).order_by(improvement_step.c.place)
    return [
        ActionStep(from_micros(one.at), names.get(one.by, one.by), one.what, names.get(one.text, one.text), one.by)
        for one in conn.execute(query)
    ]


def open_actions_of(conn: Connection, person: str) -> list[ActionRow]:
    """What somebody looks after that is not over."""
    mine = select(table).where(table.c.owner == person, table.c.state.not_in(ENDED))
    return _rows(conn, mine.order_by(table.c.number))


def actions_numbered(conn: Connection, numbers: Sequence[int]) -> list[ActionRow]:
    """The actions with these numbers, in the order of their numbers."""
    query = select(table).where(table.c.number.in_(list(numbers))).order_by(table.c.number)
    return _rows(conn, query) if numbers else []


def _rows(conn: Connection, query: Any) -> list[ActionRow]:
    rows = conn.execute(query).all()
    names = _names(conn) if rows else {}
    title_of = titles(conn, [row.incident for row in rows if row.incident is not None])
    return [
        ActionRow(
            number=row.number,
            state=row.state,
            version=row.version,
            title=row.title,
            details=row.details,
            source=row.source,
            incident=row.incident,
            incident_title=title_of.get(row.incident) if row.incident is not None else None,
            lesson=row.lesson,
            severity=row.severity,
            owner=row.owner,
            owner_name=names.get(row.owner, row.owner),
            owner_left=row.owner_left,
            author=row.author,
            author_name=names.get(row.author, row.author),
            proposed_at=from_micros(row.proposed_at),
            due=from_micros(row.due),
            rule=row.rule,
            expects=msgspec.convert(row.expects, Expectation) if row.expects else None,
            person_days=row.person_days,
            money=row.money,
            currency=row.currency,
            needs=tuple(row.needs),
            falls_by=(row.falls_by[0], row.falls_by[1], row.falls_by[2]) if row.falls_by else None,
            done_at=_instant(row.done_at),
            doer=row.doer,
            doer_name=names.get(row.doer, row.doer),
            shown=row.shown,
            verified_at=_instant(row.verified_at),
            verifier=row.verifier,
            verifier_name=names.get(row.verifier, row.verifier),
            found=row.found,
            reason=row.reason,
        )
        for row in rows
    ]


def _names(conn: Connection) -> dict[str, str]:
    """Of people, and of the trackers whose people did something."""
    titles = conn.execute(select(tracker.c.id, tracker.c.title))
    return person_names(conn) | {f"tracker/{row.id}": row.title for row in titles}


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
