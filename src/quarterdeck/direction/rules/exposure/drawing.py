"""Exposure as charts: what most of the loss comes from, and how likely a year is to lose more than so much."""

from collections.abc import Mapping, Sequence

from quarterdeck.direction.rules.exposure.weighing import Exposure, exceedance, few_make_most
from quarterdeck.direction.rules.exposure.wording import bad_year, figures, sentence, short, unit_words
from quarterdeck.paper.charts import Bar, Chart, Curve, Point, bars, series
from quarterdeck.paper.charts import exceedance as exceedance_chart

BARS = 12
WIDE = 30
"""A bad year as many times a good one, from which on the axis is logarithmic."""


def pareto(rows: Sequence[tuple[str | None, Exposure]], names: Mapping[str, str], by: str, unit: str) -> Chart | None:
    """The kinds with the largest expected loss; the rest as one bar, so that the shares are of the whole."""
    lost = [(name, one) for name, one in rows if one.annual.value]
    if not lost:
        return None
    shown = [
        Bar(names.get(name or "", name or f"no {by}"), one.annual.value, one.annual.low, one.annual.high)
        for name, one in lost[:BARS]
    ]
    if rest := lost[BARS:]:
        shown.append(Bar(f"{len(rest)} more", sum(one.annual.value or 0.0 for _, one in rest)))
    few = few_make_most([one.annual.value or 0.0 for _, one in lost])
    said = f"{few} of {len(lost)} make four fifths of the loss; the largest is {shown[0].label}."
    title = f"Expected {unit_words(unit)} a year by {by}"
    return bars(
        f"pareto-{by}",
        title,
        shown,
        words=lambda value: short(value, unit),
        pareto=by != "factor",
        said=said,
    )


def curve(found: Exposure, unit: str) -> Chart | None:
    """The loss-exceedance curve of a year."""
    points = exceedance(found.by_year)
    if not points:
        return None
    return exceedance_chart(
        "loss-exceedance",
        "How likely a year is to lose more than so much",
        Curve([loss for loss, _ in points], [share for _, share in points]),
        target=found.bad_year,
        words=figures,
        log=points[-1][0] > WIDE * max(points[len(points) // 10][0], 1e-9),
        said=f"{sentence(found, unit)} {bad_year(found, unit)}",
    )


def by_budget(points: Sequence[tuple[float, float]], unit: str) -> Chart | None:
    """What the best set for so many person-days avoids: where more days stop buying much."""
    if len(points) < 2:
        return None
    last = points[-1]
    return series(
        "by-budget",
        f"{unit_words(unit).capitalize() if unit.islower() else unit} avoided a year, by person-days spent",
        [Point(f"{days:.10g}", avoided) for days, avoided in points],
        words=lambda value: short(value, unit),
        said=f"{last[0]:.10g} person-days avoid {short(last[1], unit)} a year; each point is the best for its budget.",
    )
