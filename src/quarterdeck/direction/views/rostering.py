"""Which rosters were built, and what is one: who serves when, how the load is shared, how near it is to the best?"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.direction.projections.rostering import roster as table
from quarterdeck.direction.rules.rostering.document import NeedsText, check
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros

NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class RosterRow:
    """A roster in a list. `gap`: the share of the cost that a better one might still save, at most."""

    number: int
    title: str
    state: str
    built_at: Instant
    built_by: str
    starts: date
    weeks: int
    people: int
    unfilled: int
    without_seniors: int
    unfairness: float
    unwelcome: int
    cost: float
    bound: float
    seed: int
    steps: int
    why: tuple[str, ...]
    schedules: tuple[str, ...]
    settled_at: Instant | None
    settled_by: str | None
    reason: str | None

    @property
    def gap(self) -> float:
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost > NEGLIGIBLE else 0.0

    @property
    def proved_best(self) -> bool:
        return self.cost - self.bound <= NEGLIGIBLE * max(1.0, self.cost)


@dataclass(frozen=True)
class Share:
    """What one person carries. `fair`: their share by hours and presence; `kept`: of so many `wishes`."""

    login: str
    turns: int
    first: int
    """Turns in the first place, which is paged first."""
    load: float
    fair: float
    heavy: int
    wishes: int
    kept: int


@dataclass(frozen=True)
class Whole:
    """`weeks`: the day on which each begins, and by rotation the logins of its places."""

    row: RosterRow
    task: NeedsText
    weeks: tuple[tuple[date, tuple[tuple[str | None, ...], ...]], ...]
    shares: tuple[Share, ...]


def rosters(conn: Connection, limit: int = 100) -> list[RosterRow]:
    """The latest first."""
    rows = conn.execute(select(table).order_by(table.c.number.desc()).limit(limit)).all()
    names = person_names(conn) if rows else {}
    return [_row(row, names) for row in rows]


def roster(conn: Connection, number: int) -> Whole:
    """One roster, whole. Raises `NotFound`."""
    there = 0 < number < 2**31
    found = conn.execute(select(table).where(table.c.number == number)).one_or_none() if there else None
    if found is None:
        raise NotFound(f"roster {number}")
    task = check(found.task)
    weeks = tuple(
        (task.monday_of(week), tuple(tuple(group) for group in groups)) for week, groups in enumerate(found.weeks)
    )
    return Whole(_row(found, person_names(conn)), task, weeks, tuple(_shares(task, found.weeks)))


def roster_document(whole: Whole) -> dict[str, Any]:
    """A roster as JSON; instants and days as text."""
    return {
        **roster_row_document(whole.row),
        "task": whole.task.model_dump(mode="json"),
        "assignments": [
            {"week": day, "rotations": dict(zip((one.id for one in whole.task.rotations), groups, strict=True))}
            for day, groups in whole.weeks
        ],
        "shares": whole.shares,
    }


def roster_row_document(row: RosterRow) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in row.__dataclass_fields__}, "gap": row.gap}


def _shares(task: NeedsText, weeks: Any) -> list[Share]:
    needs = task.needs()
    served: dict[str, list[tuple[int, int, int]]] = {person.login: [] for person in task.people}
    for week, groups in enumerate(weeks):
        for r, group in enumerate(groups):
            for place, login in enumerate(group):
                if login is not None:
                    served[login].append((week, r, place))
    found = []
    for member, fair in zip(needs.members, needs.fair(), strict=True):
        mine = served[member.id]
        on = {week for week, _, _ in mine}
        found.append(
            Share(
                member.id,
                len(mine),
                sum(place == 0 for _, _, place in mine),
                sum(needs.load(needs.rotations[r], week) for week, r, _ in mine),
                fair,
                sum(needs.heavy.get(week, 1.0) > 1 for week in on),
                len(member.spare),
                len(member.spare - on),
            )
        )
    return found


def _row(row: Any, names: dict[str, str]) -> RosterRow:
    task = row.task
    return RosterRow(
        number=row.number,
        title=row.title,
        state=row.state,
        built_at=from_micros(row.built_at),
        built_by=_name(row.built_by, names) or "",
        starts=date.fromisoformat(task["starts"]),
        weeks=task["weeks"],
        people=len(task["people"]),
        unfilled=row.unfilled,
        without_seniors=row.without_seniors,
        unfairness=row.unfairness,
        unwelcome=row.unwelcome,
        cost=row.cost,
        bound=row.bound,
        seed=row.seed,
        steps=row.steps,
        why=tuple(row.why),
        schedules=tuple(row.schedules),
        settled_at=None if row.settled_at is None else from_micros(row.settled_at),
        settled_by=_name(row.settled_by, names),
        reason=row.reason,
    )


def _name(by: str | None, names: dict[str, str]) -> str | None:
    return None if by is None else names.get(by.removeprefix("person/"), by)
