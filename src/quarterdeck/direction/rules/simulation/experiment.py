"""What would change, and how sure is that: two processes through the same years; months held out. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, nan

import numpy as np

from quarterdeck.direction.rules.simulation.drawing import draw
from quarterdeck.direction.rules.simulation.history import (
    NIGHTLY,
    WEEK,
    Answered,
    Numbers,
    Seen,
    World,
    learn,
)
from quarterdeck.direction.rules.simulation.responding import Response, Year, run
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
        drawn = draw(world, weeks, lucky, now.arrivals)
        again = drawn if then.arrivals == now.arrivals else draw(world, weeks, lucky, then.arrivals)
        rows.append((figures(world, run(world, now, drawn), targets), figures(world, run(world, then, again), targets)))
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
    in_time, judged = _in_time(world, year, targets)
    paged = year.pages > 0
    middle, slow = _quantiles(year.acknowledged[paged], 0.5, 0.9)
    (ended,) = _quantiles(year.ended[paged], 0.5)
    return np.array(
        [
            middle,
            slow,
            in_time / judged if judged else nan,
            float(year.pages.sum()),
            float((year.pages * NIGHTLY[year.hour]).sum()),
            ended,
            _mean(year.waited[paged] > 15),
        ]
    )


def _in_time(world: World, year: Year, targets: Mapping[str, float]) -> tuple[int, int]:
    """How many were acknowledged in time, and of how many: who was paged for something that has a target."""
    limit = np.array([targets.get(name, inf) for name in world.severities])[year.severity]
    judged = np.isfinite(limit) & (year.pages > 0)
    return int(np.count_nonzero(judged & (year.acknowledged <= limit))), int(np.count_nonzero(judged))


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
        year = run(world, process, draw(world, weeks, int(rng.integers(0, 2**62))))
        in_time, judged = _in_time(world, year, targets)
        (middle,) = _quantiles(year.acknowledged[year.pages > 0], 0.5)
        rows.append([float(year.pages.size), middle, in_time / judged if judged else nan])
    told = np.array(rows)
    names = (("incidents", "in these weeks"), ("median time to acknowledge", "min"), ("acknowledged in time", "share"))
    known = np.array([one.acknowledged for one in after if one.acknowledged is not None])
    kept = [
        one.acknowledged is not None and one.acknowledged <= targets[one.severity]
        for one in after
        if one.severity in targets
    ]
    happened = (float(len(after)), *_quantiles(known, 0.5), _mean(np.array(kept, dtype=bool)))
    predicted = tuple(_figure(name, told[:, i], 1.0, unit) for i, (name, unit) in enumerate(names))
    return BackTest(weeks, len(before), len(after), predicted, happened)


def _figure(name: str, values: Numbers, scale: float, unit: str | None = None) -> Figure:
    unit = unit or MEASURES[name]
    values = values[~np.isnan(values)] * (scale if unit == "a year" else 1.0)
    if not values.size:
        return Figure(name, unit, nan, nan, nan)
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975], method="inverted_cdf")
    return Figure(name, unit, float(middle), float(low), float(high))


def _apart(before: Numbers, after: Numbers) -> Numbers:
    """Never and never are no different."""
    same = before == after
    return np.subtract(after, before, where=~same, out=np.zeros_like(before))


def _quantiles(values: Numbers, *shares: float) -> list[float]:
    """For each share, rising, the smallest value that so many do not exceed; nan if there are none.

    Not interpolated: between a number and never there is nothing.
    """
    found: list[float] = []
    passed, rest = 0, values
    for share in shares:
        if not values.size:
            found.append(nan)
            continue
        place = max(ceil(share * values.size) - 1, passed)
        rest = np.partition(rest, place - passed)[place - passed :]
        passed = place
        found.append(float(rest[0]))
    return found


def _mean(values: Flags) -> float:
    return float(np.mean(values)) if values.size else nan
