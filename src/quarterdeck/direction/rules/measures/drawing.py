"""Figures as charts, for the console and for paper alike."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING, Columns
from quarterdeck.direction.rules.measures.definition import Duration, Share
from quarterdeck.direction.rules.measures.figures import Figure
from quarterdeck.direction.rules.measures.load import DAYS as WEEKDAYS
from quarterdeck.direction.rules.measures.load import Load
from quarterdeck.direction.rules.measures.slicing import DAY
from quarterdeck.direction.rules.measures.wording import percent, sentence
from quarterdeck.direction.rules.statistics import Flags, Stretch, stretches, survival
from quarterdeck.paper.charts import (
    Bar,
    Chart,
    Curve,
    Level,
    Point,
    bars,
    distribution,
    duration,
    heat,
    number,
    series,
)
from quarterdeck.paper.charts import survival as survival_chart

Rows = Sequence[tuple[str | None, Figure]]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BARS, STEPS = 12, 800
"""Slices that are drawn; and steps of a curve, more than which no eye tells apart."""


def spread(figure: Figure, target: float | None = None) -> Chart:
    """How long each took; with its median and interval."""
    median = figure.median
    assert median is not None
    known = median.value is not None and np.isfinite(median.value)
    high = median.high if median.high is None or np.isfinite(median.high) else None
    shown = (median.value or 0.0, median.low if high is not None else None, high) if known else None
    return distribution(
        f"spread-{figure.measure.id}",
        f"{figure.measure.name}, each {_one(figure)}",
        figure.values,
        still_open=figure.ages,
        median=shown,
        target=target,
        said=sentence(figure),
    )


def _one(figure: Figure) -> str:
    return {"incidents": "incident", "queues": "visit", "lessons": "lesson"}.get(figure.measure.of, "one")


def still_open(figure: Figure, target: float | None = None) -> Chart:
    """What share lasts longer than so long, the open ones counted for as long as they have lasted."""
    found = survival(figure.values, figure.ages)
    steps = np.unique(np.linspace(0, max(0, len(found.times) - 1), STEPS).astype(np.int64))[: len(found.times)]
    curve = Curve(*(one[steps].tolist() for one in (found.times, found.share, found.low, found.high)))
    marks = figure.ages.tolist() if len(figure.ages) <= 60 else ()
    title = f"{figure.measure.name}: the share that lasts longer"
    return survival_chart(f"open-{figure.measure.id}", title, curve, target=target, said=sentence(figure), marks=marks)


def by_month(rows: Rows, target: float | None = None) -> Chart | None:
    """The figure month by month; a month with too few is a hollow dot without an interval."""
    if not rows:
        return None
    measure = rows[0][1].measure
    points = [_point(name or "", figure) for name, figure in rows]
    last = next((figure for _, figure in reversed(rows) if figure.n), rows[-1][1])
    return series(
        f"months-{measure.id}",
        f"{measure.name} by month",
        points,
        durations=isinstance(measure, Duration),
        words=_percent if isinstance(measure, Share) else number,
        most=1.0 if isinstance(measure, Share) else None,
        target=target,
        said=f"{len(rows)} months. The last with any: {sentence(last)}",
    )


def _point(month: str, figure: Figure) -> Point:
    main, year_month = figure.main, month.split("-")
    label = MONTHS[int(year_month[1]) - 1] + (f" {year_month[0]}" if year_month[1] == "01" else "")
    if not figure.n or main.value is None or not np.isfinite(main.value):
        return Point(label, 0.0 if figure.rate is not None else None)
    if main.low is None or main.high is None or not np.isfinite(main.high):
        return Point(label, main.value, n=figure.n)
    return Point(label, main.value, main.low, main.high, figure.n)


def _percent(value: float) -> str:
    return f"{value * 100:.0f} %"


def by_slice(rows: Rows, names: dict[str, str], by: str) -> Chart | None:
    """The largest slices side by side, each with its interval or "too few to say"."""
    shown = [(name, figure) for name, figure in rows if figure.n][:BARS]
    if not shown:
        return None
    measure = shown[0][1].measure
    timed = isinstance(measure, Duration)
    return bars(
        f"slices-{measure.id}-{by}",
        f"{measure.name} by {by}",
        [_bar(names.get(name or "", name or "none"), figure) for name, figure in shown],
        words=duration if timed else _percent if isinstance(measure, Share) else number,
        log=timed,
        pareto=not timed and not isinstance(measure, Share),
        said=" ".join(f"{names.get(name or '', name or 'none')}: {sentence(figure)}" for name, figure in shown[:5]),
    )


def _bar(name: str, figure: Figure) -> Bar:
    main = figure.main
    if figure.share is not None:
        return Bar(name, main.value, main.low, main.high, f"{_percent(main.value or 0)} of {figure.n}")
    if figure.rate is not None:
        return Bar(name, float(figure.n))
    if main.low is None or main.high is None or not np.isfinite(main.high) or main.value is None:
        return Bar(name, None, said=f"too few to say, n {figure.n}")
    return Bar(name, main.value, main.low, main.high, f"{duration(main.value)}, n {figure.n}")


def weekly(columns: Columns, rows: Flags, since: int, until: int) -> tuple[Chart, str] | None:
    """How many in each whole week, and whether their rate changed."""
    when = columns["when"][rows & (columns["when"] != MISSING)]
    if not len(when):
        return None
    since = max(since, int(when.min()))
    weeks = int((until - since) // (7 * DAY))
    if weeks < 2:
        return None
    first = until - weeks * 7 * DAY
    counts = np.bincount((when[when >= first] - first) // (7 * DAY), minlength=weeks)[:weeks]
    found = stretches(counts)
    said = changes(found, weeks)
    points = [Point(_day(first + i * 7 * DAY), float(one)) for i, one in enumerate(counts)]
    levels = [Level(one.first, one.last, one.rate.value or 0.0) for one in found]
    return series("weekly", "Incidents a week", points, levels=levels, said=said), said


def _day(at: int) -> str:
    day = datetime.fromtimestamp(at / 1e6, UTC)
    return f"{day.day} {MONTHS[day.month - 1]}"


def changes(found: Sequence[Stretch], weeks: int) -> str:
    """`About 4.2 a week throughout.` or `6.1 a week until 14 weeks ago, 11 since.`"""
    rates = [one.rate for one in found]
    if len(found) == 1:
        only = rates[0]
        interval = f"95 %: {_ends(only.low, only.high)}"
        return f"{number(only.value or 0)} a week ({interval}) in {weeks} weeks, and no change to be seen."
    last, before = found[-1], rates[-2]
    return (
        f"{number(before.value or 0)} a week until {weeks - last.first} weeks ago, {number(rates[-1].value or 0)} since"
        f" (95 %: {_ends(rates[-1].low, rates[-1].high)})."
    )


def _ends(low: float | None, high: float | None) -> str:
    return f"{number(low or 0)} to {number(high or 0)}"


def hours(found: Load) -> Chart:
    """When people are paged, by their own clocks."""
    return heat(
        "pages-by-hour",
        "Pages by weekday and hour, by the clocks of those who were paged",
        WEEKDAYS,
        [f"{hour:02d}" for hour in range(24)],
        found.hours.tolist(),
        said=f"{found.pages} pages; {percent(found.at_night)} of them between 22:00 and 07:00.",
    )


def nights(found: Load) -> Chart | None:
    """How many people had how many nights broken: a count of people, without their names."""
    if not len(found.nights):
        return None
    most = int(found.nights[-1])
    edges = [(0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, max(11, most))]
    rows = []
    for low, high in edges:
        people = int(np.count_nonzero((found.nights >= low) & (found.nights <= high)))
        if low <= most:
            rows.append(Bar(f"{low}" if low == high else f"{low} to {high}", float(people)))
    said = f"Of {found.people} people {found.broken} had at least one night broken."
    return bars("nights", "People by the number of nights that pages broke", rows, said=said)
