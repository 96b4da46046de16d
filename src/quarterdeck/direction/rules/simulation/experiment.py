"""What would change, and how sure is that: two processes through the same years; months held out. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.direction.rules.simulation.history import (
    WEEK,
    Answered,
    Numbers,
    Seen,
    World,
    at_night,
    learn,
)
from quarterdeck.direction.rules.simulation.responding import Response, Year, draw, run
from quarterdeck.direction.rules.statistics import Flags

Told = Callable[[int, int], None]

YEAR = 52
MEASURES: Mapping[str, str] = {
    "median time to acknowledge": "min",
    "90th percentile of the time to acknowledge": "min",
    "acknowledged in time": "share",
    "pages": "a year",
    "pages at night": "a year",
    "median time to the end of the impact": "min",
    "waited for a responder over 15 min": "share",
}
"""What is compared, with its unit. Distributions, never a mean of durations."""


@dataclass(frozen=True)
class Figure:
    """A predicted value with the interval of 95 of 100 simulated years; `inf`: never, nan: nothing to say."""

    name: str
    unit: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """One measure now and then. `change`: of the same years, pair by pair, with its 95 % interval."""

    now: Figure
    then: Figure
    change: Figure

    @property
    def seen(self) -> bool:
        """The change is larger than what the luck of a year makes of it."""
        return self.change.low > 0 or self.change.high < 0


def compare(
    world: World,
    now: Response,
    then: Response,
    targets: Mapping[str, float],
    replications: int,
    seed: int,
    told: Told = lambda done, total: None,
    weeks: int = YEAR,
) -> list[Change]:
    """Both processes through so many years. `targets`: severity → minutes to acknowledge. Same seed, same answer."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[Numbers, Numbers]] = []
    for done in range(replications):
        lucky = int(rng.integers(0, 2**62))
        pair = [
            figures(
                world, run(world, process, draw(world, weeks, np.random.default_rng(lucky), process.arrivals)), targets
            )
            for process in (now, then)
        ]
        rows.append((pair[0], pair[1]))
        told(done + 1, replications)
    before, after = (np.array([row[i] for row in rows]) for i in (0, 1))
    scale = YEAR / weeks
    return [
        Change(
            _figure(name, before[:, i], scale),
            _figure(name, after[:, i], scale),
            _figure(name, _apart(before[:, i], after[:, i]), scale),
        )
        for i, name in enumerate(MEASURES)
    ]


def figures(world: World, year: Year, targets: Mapping[str, float]) -> Numbers:
    """The measures of one year, in the order of `MEASURES`; nan where there is nothing to measure."""
    limit = np.array([targets.get(name, np.inf) for name in world.severities])[year.severity]
    paged = year.pages > 0
    judged = paged & np.isfinite(limit)
    night = np.array([at_night(h) for h in range(168)])[year.hour]
    acknowledged = year.acknowledged[paged]
    return np.array(
        [
            _quantile(acknowledged, 0.5),
            _quantile(acknowledged, 0.9),
            _mean(year.acknowledged[judged] <= limit[judged]),
            float(year.pages.sum()),
            float(year.pages[night].sum()),
            _quantile(year.ended[paged], 0.5),
            _mean(year.waited[paged] > 15),
        ]
    )


@dataclass(frozen=True)
class BackTest:
    """The model taught with what came before the held-out weeks, and asked for them: predicted beside what happened."""

    weeks: int
    learned: int
    """Incidents it was taught with."""
    held_out: int
    predicted: tuple[Figure, ...]
    happened: tuple[float, ...]
    """In the order of `predicted`."""

    @property
    def within(self) -> int:
        """How many of what happened lie in the predicted interval."""
        pairs = zip(self.predicted, self.happened, strict=True)
        return sum(one.low <= value <= one.high for one, value in pairs)


def back_test(
    seen: Sequence[Seen],
    answered: Sequence[tuple[float, Answered]],
    severities: Sequence[str],
    process: Response,
    targets: Mapping[str, float],
    weeks: int,
    replications: int,
    seed: int,
) -> BackTest:
    """Hold out the last so many weeks. `answered`: each page with its minute on the clock of `Seen.came`.

    Only what the record tells of the held-out weeks is compared: acknowledgements, and how many incidents came.
    """
    end = max(one.came for one in seen)
    cut = (end // WEEK - weeks + 1) * WEEK
    before = [one for one in seen if one.came < cut]
    after = [one for one in seen if one.came >= cut]
    world = learn(before, [one for at, one in answered if at < cut], severities)
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(replications):
        drawn = draw(world, weeks, rng)
        year = run(world, process, drawn)
        limit = np.array([targets.get(name, np.inf) for name in world.severities])[year.severity]
        paged = year.pages > 0
        judged = paged & np.isfinite(limit)
        rows.append(
            [
                float(drawn.came.size),
                _quantile(year.acknowledged[paged], 0.5),
                _mean(year.acknowledged[judged] <= limit[judged]),
            ]
        )
    told = np.array(rows)
    names = (("incidents", "in these weeks"), ("median time to acknowledge", "min"), ("acknowledged in time", "share"))
    known = np.array([one.acknowledged for one in after if one.acknowledged is not None])
    in_time = [
        one.acknowledged is not None and one.acknowledged <= targets[one.severity]
        for one in after
        if one.severity in targets
    ]
    happened = (float(len(after)), _quantile(known, 0.5), _mean(np.array(in_time, dtype=bool)))
    predicted = tuple(_figure(name, told[:, i], 1.0, unit) for i, (name, unit) in enumerate(names))
    return BackTest(weeks, len(before), len(after), predicted, happened)


def _figure(name: str, values: Numbers, scale: float, unit: str | None = None) -> Figure:
    unit = unit or MEASURES[name]
    values = values[~np.isnan(values)] * (scale if unit == "a year" else 1.0)
    if not values.size:
        return Figure(name, unit, float("nan"), float("nan"), float("nan"))
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975], method="inverted_cdf")
    return Figure(name, unit, float(middle), float(low), float(high))


def _apart(before: Numbers, after: Numbers) -> Numbers:
    """Never and never are no different."""
    same = before == after
    return np.subtract(after, before, where=~same, out=np.zeros_like(before))


def _quantile(values: Numbers, share: float) -> float:
    if not values.size:
        return float("nan")
    # Not interpolated: between a number and never there is nothing.
    found: float = np.quantile(values, share, method="inverted_cdf")
    return float(found)


def _mean(values: Numbers | Flags) -> float:
    return float(np.mean(values)) if values.size else float("nan")
