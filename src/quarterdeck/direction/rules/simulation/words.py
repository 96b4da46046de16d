"""A prediction in sentences and as JSON, with how far the model can be trusted. Pure."""

from math import isfinite, isnan
from typing import Any

from quarterdeck.direction.rules.simulation.experiment import BackTest, Change, Figure
from quarterdeck.direction.rules.simulation.predicting import Prediction


def value_words(value: float, unit: str) -> str:
    """`12 min`, `83 %`, `140 a year`, `never`, `nothing to say`."""
    if isnan(value):
        return "nothing to say"
    if not isfinite(value):
        return "never"
    if unit == "share":
        return f"{value:.0%}".replace("%", " %")
    number = f"{value:,.1f}" if abs(value) < 10 else f"{value:,.0f}"
    return f"{number} {unit}"


def range_words(figure: Figure) -> str:
    """`12 min (9 min to 16 min)`."""
    if isnan(figure.value):
        return "nothing to say"
    low, high = value_words(figure.low, figure.unit), value_words(figure.high, figure.unit)
    return f"{value_words(figure.value, figure.unit)} ({low} to {high})"


def change_words(change: Change) -> str:
    """One line: the measure, now, then, and whether the difference is more than luck."""
    now, then = range_words(change.now), range_words(change.then)
    if change.now == change.then:
        return f"{change.now.name}: {now}, unchanged"
    told = "a change" if change.seen else "no change to be seen"
    return f"{change.now.name}: {now} now, {then} then: {told}"


def held_out_words(test: BackTest | None) -> str:
    """What the test on held-out weeks says, in a sentence or two."""
    if test is None:
        return "The history is too short to hold any of it out: nothing shows how well this model predicts."
    told = "; ".join(
        f"{one.name} {value_words(happened, one.unit)}, predicted {range_words(one)}"
        + ("" if one.low <= happened <= one.high else " (missed)")
        for one, happened in zip(test.predicted, test.happened, strict=True)
    )
    n = len(test.predicted)
    verdict = f"The model, taught without the last {test.weeks} weeks, had {test.within} of {n} right there"
    caution = "." if test.within == n else ". Take what it says about the future with that much caution."
    return f"{verdict}: {told}{caution}"


def document(found: Prediction) -> dict[str, Any]:
    """As JSON. A value that is `never` or nothing to say is null, and `words` says which."""
    return {
        "incidents": found.incidents,
        "pages": found.pages,
        "answers_from_pages": found.from_pages,
        "replications": found.replications,
        "seed": found.seed,
        "measures": [
            {
                "name": change.now.name,
                "unit": change.now.unit,
                "now": _figure(change.now),
                "then": _figure(change.then),
                "change": _figure(change.change),
                "seen": change.seen,
                "words": change_words(change),
            }
            for change in found.changes
        ],
        "back_test": None
        if found.held_out is None
        else {
            "weeks": found.held_out.weeks,
            "learned": found.held_out.learned,
            "held_out": found.held_out.held_out,
            "measures": [
                {"name": one.name, "unit": one.unit, "predicted": _figure(one), "happened": _number(happened)}
                for one, happened in zip(found.held_out.predicted, found.held_out.happened, strict=True)
            ],
            "within": found.held_out.within,
            "words": held_out_words(found.held_out),
        },
    }


def _figure(figure: Figure) -> dict[str, float | None]:
    return {"value": _number(figure.value), "low": _number(figure.low), "high": _number(figure.high)}


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
