"""Exposure as charts: what most of the loss comes from, and how likely a year is to lose more than so much."""

from collections.abc import Mapping, Sequence

from quarterdeck.direction.rules.exposure.weighing import Exposure, exceedance, few_make_most
from quarterdeck.direction.rules.exposure.wording import bad_year, figures, sentence, short, unit_words
from quarterdeck.paper.charts import Bar, Chart, Curve, bars
from quarterdeck.paper.charts import exceedance as exceedance_chart

BARS = 12


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
        pareto=by != "cause",
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
        said=f"{sentence(found, unit)} {bad_year(found, unit)}",
    )
