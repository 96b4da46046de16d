"""A figure in a sentence: what it says, how sure that is, and what it rests on."""

from datetime import date, timedelta

from quarterdeck.direction.rules.measures.definition import Count, Duration, Share
from quarterdeck.direction.rules.measures.figures import Figure
from quarterdeck.direction.rules.statistics import Estimate, fewest, smallest_n
from quarterdeck.paper.charts.scales import duration, number, time_words

_ONE = {"incidents": "incident", "near misses": "near miss"}


def sentence(figure: Figure) -> str:
    """`Half of 47 were restored within 38 min (95 %: 33 to 76 min). 2 are still open.`"""
    measure = figure.measure
    if figure.n == 0:
        return "Nothing to measure yet."
    match measure:
        case Duration():
            return _duration(figure, measure)
        case Share():
            return f"{figure.some} of {figure.n} {measure.what}: {percent(figure.share)}."
        case Count():
            what = _ONE.get(measure.what, measure.what) if figure.n == 1 else measure.what
            return f"{figure.n} {what}: {number(figure.main.value or 0)} in 30 days{_between(figure.rate)}."


def elsewhere(on_record: tuple[date, date] | None) -> str:
    """`What is on record lies between 2013-01-02 and 2014-05-07.` Empty if nothing is."""
    return f"What is on record lies between {on_record[0]} and {on_record[1]}." if on_record else ""


def span_options(on_record: tuple[date, date] | None) -> str:
    """The same for the command line: `--from 2013-01-02 --to 2014-05-08`, the day after the last."""
    return f"--from {on_record[0]} --to {on_record[1] + timedelta(days=1)}" if on_record else ""


def _duration(figure: Figure, measure: Duration) -> str:
    still = f" {figure.still_open} {'is' if figure.still_open == 1 else 'are'} still open." if figure.still_open else ""
    median = figure.median
    assert median is not None and median.value is not None
    if not median.enough:
        counted = "One incident" if figure.n == 1 else f"{figure.n} incidents"
        few, of_these = smallest_n(0.5), fewest(0.5)
        why = "most are still open"
        if figure.n < few:
            why = f"a median needs {few}"
        elif figure.n < of_these and median.value != float("inf"):
            why = f"a median needs {of_these} where some are still open"
        return f"Too few to say: {counted}, and {why}. Every one is shown.{still}"
    if median.value == float("inf"):
        return f"Fewer than half of {figure.n} were {measure.done} so far.{still}"
    assert median.low is not None and median.high is not None
    return (
        f"Half of {figure.n} were {measure.done} within {duration(median.value)}"
        f" (95 %: {time_words(median.low, median.high)}).{still}"
    )


def percent(found: Estimate | None) -> str:
    """`82 % (95 %: 69 to 90 %)`."""
    if found is None or found.value is None:
        return "nothing to say"
    if found.low is None or found.high is None:
        return f"{found.value * 100:.0f} %"
    return f"{found.value * 100:.0f} % (95 %: {found.low * 100:.0f} to {found.high * 100:.0f} %)"


def _between(found: Estimate | None) -> str:
    if found is None or found.low is None or found.high is None:
        return ""
    return f" (95 %: {number(found.low)} to {number(found.high)})"


def left_out(figure: Figure) -> str:
    """`Left out: 3 drills; 2 ended before they began, by their own times.` Empty if nothing was."""
    words = "; ".join(f"{count} {why}" for why, count in figure.left_out.items())
    return f"Left out: {words}." if words else ""
