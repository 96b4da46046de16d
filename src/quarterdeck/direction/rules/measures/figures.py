"""A measure computed: the figure with its interval, its n, what is still open, and what was left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING, Columns
from quarterdeck.direction.rules.measures.definition import AnyMeasure, Clock, Count, Duration, Share
from quarterdeck.direction.rules.statistics import (
    Counts,
    Estimate,
    Flags,
    Survival,
    Values,
    geometric_mean,
    ordered,
    percentile,
    rate,
    share,
    survival,
)
from quarterdeck.kernel.errors import Invalid

NO_INCIDENT = ("declined", "merged", "cancelled")
_SECOND = 1e6
MONTH = 30.0
"""Days to which counts are brought, so that periods of different lengths compare."""
_NOTHING: Values = ordered([])


@dataclass(frozen=True)
class Figure:
    """`n`: what the figure rests on. Durations are in seconds; of a share `some` of `n`; a rate is in 30 days."""

    measure: AnyMeasure
    clock: Clock
    n: int
    left_out: Mapping[str, int]
    imported: int
    """Of `n`, those brought in from elsewhere."""
    still_open: int = 0
    some: int = 0
    median: Estimate | None = None
    p90: Estimate | None = None
    p95: Estimate | None = None
    geometric: Estimate | None = None
    share: Estimate | None = None
    rate: Estimate | None = None
    values: Values = field(default_factory=lambda: _NOTHING, repr=False)
    """The durations that have ended, sorted."""
    ages: Values = field(default_factory=lambda: _NOTHING, repr=False)
    """How long the others have lasted."""

    @property
    def main(self) -> Estimate:
        """The one that stands for it: median, share or rate."""
        found = self.median or self.share or self.rate
        assert found is not None
        return found


@dataclass(frozen=True)
class Spans:
    """Of each row that counts its duration in seconds, and whether it has ended; the rows left out by reason."""

    rows: Counts
    seconds: Values
    ended: Flags
    left_out: Mapping[str, Counts]


def eligible(columns: Columns, chosen: Flags) -> tuple[Flags, dict[str, Counts]]:
    """The chosen rows without drills and without what was no incident after all; and which those were."""
    drill = columns["drill"] == 1
    state = columns.words["state"]
    none = np.zeros(len(columns), dtype=np.bool_)
    for name in NO_INCIDENT:
        none |= state.where(name)
    left_out = {
        "drills": np.flatnonzero(chosen & drill),
        "declined, merged or cancelled": np.flatnonzero(chosen & none & ~drill),
    }
    return chosen & ~drill & ~none, left_out


def spans(measure: Duration, columns: Columns, chosen: Flags, now: int, clock: Clock = "occurred") -> Spans:
    """Negative ones are left out and counted: clocks that disagree are a finding, not a duration."""
    counted, left_out = eligible(columns, chosen)
    twin = "_recorded" if clock == "recorded" else ""
    if twin:
        brought_in = counted & (columns.words["source"].codes >= 0)
        left_out["brought in, so written down long after"] = np.flatnonzero(brought_in)
        counted &= ~brought_in
    start, end = columns[measure.start + twin], columns.first_known([name + twin for name in measure.ends])
    begun, over = start != MISSING, end != MISSING
    running = ~over & (columns.first_known(measure.halts) == MISSING)
    seconds = (np.where(over, end, now) - start) / _SECOND
    good = counted & begun & (over | running)
    backwards = good & (seconds < 0)
    for why, rows in (
        (measure.unknown, counted & ~begun),
        (measure.never, counted & begun & ~over & ~running),
        ("ended before they began, by their own times", backwards),
    ):
        left_out[why or "without a start"] = np.flatnonzero(rows)
    rows = np.flatnonzero(good & ~backwards)
    return Spans(rows, seconds[rows], over[rows], left_out)


def evaluate(
    measure: AnyMeasure, columns: Columns, chosen: Flags, now: int, days: float, clock: Clock = "occurred"
) -> Figure:
    """The measure over the chosen rows. `now` in microseconds; `days`: how long the period is, for rates."""
    if clock not in measure.clocks:
        raise Invalid(f"{measure.id} has one clock only: it counts {measure.unit}, and nothing between two instants.")
    match measure:
        case Duration():
            found = spans(measure, columns, chosen, now, clock)
            return _duration(measure, clock, columns, found)
        case Share():
            counted, left_out = eligible(columns, chosen)
            part, whole = (np.where(counted, one, 0) for one in measure.counted(columns, now))
            n, some = int(whole.sum()), int(part.sum())
            imported = int(whole[columns.words["source"].codes >= 0].sum())
            return Figure(measure, clock, n, _some(left_out), imported, some=some, share=share(some, n))
        case Count():
            counted, left_out = eligible(columns, chosen)
            rows = counted & measure.counted(columns)
            n = int(np.count_nonzero(rows))
            imported = int(np.count_nonzero(rows & (columns.words["source"].codes >= 0)))
            return Figure(measure, clock, n, _some(left_out), imported, some=n, rate=rate(n, days / MONTH))


def _duration(measure: Duration, clock: Clock, columns: Columns, found: Spans) -> Figure:
    values, ages = ordered(found.seconds[found.ended]), ordered(found.seconds[~found.ended])
    curve = survival(values, ages) if len(ages) else None
    positive = values[values > 0]
    return Figure(
        measure,
        clock,
        len(found.rows),
        _some(found.left_out),
        int(np.count_nonzero(columns.words["source"].codes[found.rows] >= 0)),
        still_open=len(ages),
        some=len(values),
        median=_percentile(values, curve, 0.5),
        p90=_percentile(values, curve, 0.9),
        p95=_percentile(values, curve, 0.95),
        geometric=geometric_mean(positive),
        values=values,
        ages=ages,
    )


def _percentile(values: Values, curve: Survival | None, of: float) -> Estimate:
    """By order statistics; with open ones among them by Kaplan-Meier, and then from more of them on."""
    return percentile(values, of) if curve is None else curve.percentile(of)


def _some(left_out: Mapping[str, Counts]) -> dict[str, int]:
    return {why: len(rows) for why, rows in left_out.items() if len(rows)}
