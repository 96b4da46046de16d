"""Which paths did incidents really take: how often, how long, where they waited, and what the plan says to it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Engine, select

from quarterdeck.catalog.views import services
from quarterdeck.command.views import titles as incident_titles
from quarterdeck.direction.projections import measured_path
from quarterdeck.direction.rules.measures import Asked, Columns, chosen
from quarterdeck.direction.rules.paths import (
    KINDS,
    OVER,
    Against,
    Detail,
    Expected,
    Graph,
    Handovers,
    Log,
    against,
    columns_of,
    durations,
    expected,
    graph,
    handovers,
    log_of,
    median,
    paths_of,
    words_of,
)
from quarterdeck.direction.rules.statistics import Counts, Estimate, Flags, share
from quarterdeck.direction.views.measuring.held import Held
from quarterdeck.direction.views.measuring.population import population
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.plan.views import revision

COVER = 80
"""Per cent of the incidents whose paths are drawn unless asked otherwise."""
VARIANTS = 40
MEMBERS = 200
_HELD = Held(measured_path)
_logs: WeakKeyDictionary[Engine, tuple[Columns, Log]] = WeakKeyDictionary()
_lock = Lock()


@dataclass(frozen=True)
class Variant:
    """A path taken alike. `lasted`: seconds to the last resolution; `kept`: nothing left out or turned round."""

    id: str
    keys: tuple[str, ...]
    n: int
    share: float
    lasted: Estimate
    kept: Estimate
    drawn: bool


@dataclass(frozen=True)
class Walked:
    """`n` incidents whose paths are over; `open` and `drills` are left out. `graph`: of all, `drawn`: of the commonest.

    `covered`: incidents on the `drawn_paths` that are drawn; `paths`: how many there are in all.
    """

    asked: Asked
    detail: Detail
    cover: int
    n: int
    open: int
    drills: int
    imported: int
    paths: int
    drawn_paths: int
    covered: int
    variants: tuple[Variant, ...]
    graph: Graph
    drawn: Graph
    against: Against
    kept: Estimate
    lasted: Estimate
    backwards: int
    handovers: Handovers
    procedures: int
    """Of the plans under which these incidents were managed."""
    titles: dict[str, str]


@dataclass(frozen=True)
class Walker:
    """One incident that took a path."""

    number: int
    title: str
    lasted: float


@dataclass(frozen=True)
class Taken:
    """One path with its incidents, the longest first."""

    variant: Variant
    rows: tuple[Walker, ...]
    graph: Graph
    titles: dict[str, str]


class Tracing:
    """One question: of these incidents, at this detail. Answered as a whole, or for one path."""

    def __init__(self, conn: Connection, asked: Asked, detail: Detail = "course") -> None:
        self._conn, self.asked, self.detail = conn, asked, detail
        found = population(conn, "incidents")
        self._columns = found.columns
        rows = chosen(found.columns, asked, found.causes)
        real, over = found.columns["drill"] == 0, _over(found.columns)
        self.drills = int(np.count_nonzero(rows & ~real))
        self.open = int(np.count_nonzero(rows & real & ~over))
        self._places = np.flatnonzero(rows & real & over)
        self._wanted = found.columns["number"][self._places]
        self._log = _log(conn)
        self._paths = paths_of(self._log, self._wanted, detail)
        self._titles: dict[str, str] = {}
        groups = self._groups()
        self._procedures = len({one.procedure for one, _ in groups if one.procedure})
        self._against = against(self._log, self._wanted, groups)
        self._spans = durations(self._paths)
        self._broken = self._against.broken[np.searchsorted(self._wanted, self._paths.number)]

    def answer(self, cover: int = COVER) -> Walked:
        paths, n = self._paths, len(self._paths)
        drawn = drawn_variants(paths.counts, cover)
        shown = paths.variant < drawn
        imported = self._columns.words["source"].codes[self._places] >= 0
        return Walked(
            asked=self.asked,
            detail=self.detail,
            cover=cover,
            n=n,
            open=self.open,
            drills=self.drills,
            imported=int(np.count_nonzero(imported)),
            paths=len(paths.counts),
            drawn_paths=drawn,
            covered=int(np.count_nonzero(shown)),
            variants=tuple(self._variant(i, drawn) for i in range(min(VARIANTS, len(paths.counts)))),
            graph=graph(paths, np.ones(n, dtype=np.bool_)),
            drawn=graph(paths, shown),
            against=self._against,
            kept=share(int(np.count_nonzero(~self._broken)), n),
            lasted=median(self._spans),
            backwards=int(np.count_nonzero(self._spans < 0)),
            handovers=self.handovers(),
            procedures=self._procedures,
            titles=self._titles,
        )

    def handovers(self) -> Handovers:
        owners = {one.id: one.team for one in services(self._conn, retired=True) if one.team}
        named = team_names(self._conn)
        return handovers(self._log, self._wanted, {id: named.get(team, team) for id, team in owners.items()})

    def taken(self, id: str, limit: int = MEMBERS) -> Taken:
        """Raises `NotFound` if none of these incidents took that path."""
        place = next((i for i, keys in enumerate(self._paths.variants) if id_of(keys) == id), None)
        if place is None:
            raise NotFound(f"path {id[:20]!r} of these incidents")
        paths, cases = self._paths, self._paths.variant == place
        numbers = paths.number[cases]
        spans = self._spans[cases]
        order = np.argsort(-spans, kind="stable")[:limit]
        named = incident_titles(self._conn, [int(one) for one in numbers[order]])
        rows = tuple(Walker(int(numbers[i]), named.get(int(numbers[i]), ""), float(spans[i])) for i in order)
        return Taken(self._variant(place, len(paths.counts)), rows, graph(paths, cases), self._titles)

    def _variant(self, place: int, drawn: int) -> Variant:
        paths = self._paths
        cases = paths.variant == place
        n, keys = int(paths.counts[place]), paths.variants[place]
        kept = share(int(np.count_nonzero(cases & ~self._broken)), n)
        return Variant(id_of(keys), keys, n, n / len(paths), median(self._spans[cases]), kept, place < drawn)

    def _groups(self) -> list[tuple[Expected, Counts]]:
        """What is expected of which, by the plan under which each was managed; titles of its steps are kept."""
        columns, places = self._columns, self._places
        if not len(places):
            return []
        revisions = np.maximum(columns["plan_revision"][places], 0)
        types, severities = columns.words["type"], columns.words["severity"]
        kinds = np.stack((revisions, types.codes[places].astype(np.int64), severities.codes[places].astype(np.int64)))
        found, inverse = np.unique(kinds, axis=1, return_inverse=True)
        order = np.argsort(inverse.reshape(-1), kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(inverse.reshape(-1), minlength=found.shape[1]))[:-1])
        groups = []
        plans = {int(one): revision(self._conn, int(one)).plan for one in np.unique(found[0]) if one}
        for (number, type_, severity), cases in zip(found.T.tolist(), parts, strict=True):
            plan = plans.get(number)
            one = expected(plan, types.names[type_] if type_ >= 0 else None, severities.names[severity])
            groups.append((one, np.sort(cases)))
        for _, plan in sorted(plans.items()):
            for procedure in plan.procedures.values():
                self._titles |= {f"step:{step.id}": step.title for step in procedure.steps}
            self._titles |= {f"role:{id}": f"{role.title} named" for id, role in plan.roles.items()}
        return groups


@dataclass(frozen=True)
class Activity:
    """One step of an incident's way. `team`: who had it from here on, where that is told."""

    key: str
    words: str
    at: int
    team: str | None


def activities(conn: Connection, numbers: Sequence[int]) -> dict[int, list[Activity]]:
    """Everything that was done with these incidents, as paths are made of it, in the order of the record."""
    c = measured_path.c
    found = conn.execute(select(c.number, c.at, c.activity, c.detail).where(c.number.in_(numbers)).order_by(c.place))
    log = log_of(columns_of([tuple(row) for row in found]))
    told: dict[int, list[Activity]] = {}
    for row in np.flatnonzero(log.is_(*KINDS["everything"])).tolist():
        key = log.keys[log.code[row]]
        team = log.detail.named(row) if key in ("queue", "handed") else None
        one = Activity(key, words_of(key, {}), int(log.at[row]), team)
        told.setdefault(int(log.number[row]), []).append(one)
    return told


def id_of(keys: Sequence[str]) -> str:
    """What a path is called in an address: the same path is called the same in every home."""
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:10]


def drawn_variants(counts: Counts, cover: int) -> int:
    """How many of the commonest paths it takes to cover so many per cent of the incidents."""
    if not len(counts):
        return 0
    so_far = np.cumsum(counts)
    return int(np.searchsorted(so_far, so_far[-1] * cover / 100 - 1e-9)) + 1


def _over(columns: Columns) -> Flags:
    state = columns.words["state"]
    return np.isin(state.codes, [code for code, name in enumerate(state.names) if name in OVER])


def _log(conn: Connection) -> Log:
    columns = _HELD.columns(conn)
    with _lock:
        known = _logs.get(conn.engine)
        if known is None or known[0] is not columns:
            known = (columns, log_of(columns))
            _logs[conn.engine] = known
        return known[1]
