"""What a change may be expected to do: the measures, in words, and what follows from a clause or a factor. Pure."""

import re
from collections.abc import Iterable

from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import taxonomy

TIMES = {
    "acknowledge": "Time from the declaration to the first acknowledgement",
    "mitigate": "Time from the detection until the impact ended",
    "resolve": "Time from the detection to the resolution",
}
MOST_USES, MOST_DAYS = 1_000, 1_000
_SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
_STEP = re.compile(rf"step:({_SLUG})/({_SLUG})")
_CLAUSE = re.compile(rf"procedures\.({_SLUG})\.steps\.({_SLUG})(\..*)?")
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")


def step_of(measure: str) -> tuple[str, str] | None:
    """Procedure and step, if the measure is how a step is followed."""
    found = _STEP.fullmatch(measure)
    return (found[1], found[2]) if found else None


def factor_of(measure: str) -> str | None:
    """The factor's code, if the measure is how often it returns."""
    return measure.removeprefix("factor:") if measure.startswith("factor:") else None


def words(measure: str) -> str:
    """The measure for people."""
    if step := step_of(measure):
        return f"Uses in which step {step[1]} of {step[0]} was followed"
    if code := factor_of(measure):
        return f"Incidents in which it came up again: {taxonomy.words_for(code)}"
    return TIMES.get(measure, measure)


def checked(expects: Expectation) -> Expectation:
    """Raises `Invalid` with every fault."""
    errors = []
    code = factor_of(expects.measure)
    if code is not None:
        if code not in taxonomy.codes():
            errors.append(f"expects.measure: the taxonomy has no factor {code[:60]!r}")
    elif expects.measure not in TIMES and not step_of(expects.measure):
        known = ", ".join(("step:PROCEDURE/STEP", "factor:CODE", *TIMES))
        errors.append(f"expects.measure: {expects.measure[:80]!r}; use one of {known}")
    for name, value in (("type", expects.type), ("service", expects.service)):
        if value is not None and not _PLACE.fullmatch(value):
            errors.append(f"expects.{name}: {value[:80]!r} is no {name}'s id")
    if not 1 <= expects.uses <= MOST_USES:
        errors.append(f"expects.uses: 1 to {MOST_USES:,}")
    if not 1 <= expects.days <= MOST_DAYS:
        errors.append(f"expects.days: 1 to {MOST_DAYS:,}")
    if errors:
        raise Invalid("What is it expected to do?", tuple(errors))
    return expects


Falls = tuple[float, float, float]
"""By what share a loss should fall, 0 to 1: at least, most likely and at most."""


def falls_fault(falls: Falls | None, expects: Expectation | None) -> str | None:
    if falls is None:
        return None
    if not 0 <= falls[0] <= falls[1] <= falls[2] <= 1:  # NaN is none of these
        return "falls_by: at least, most likely and at most, rising, each from 0 to 100 %"
    return None if expects else "falls_by: say what it should change, so that it is known which loss should fall"


def falls_said(text: str) -> Falls | None:
    """`10/30/50`: by what share the loss falls, in percent: at least, most likely, at most; `30` alone: sure of it."""
    if not text.strip():
        return None
    try:
        given = [float(part.replace(",", ".")) / 100 for part in text.replace("%", "").replace(" ", "").split("/")]
    except ValueError:
        given = []
    if len(given) == 1:
        given *= 3
    if len(given) != 3:
        raise Invalid("By how much should it fall?", (f"falls_by: {text[:40]!r}; write it as 10/30/50, in percent",))
    return given[0], given[1], given[2]


def falls_words(falls: Falls | None) -> str:
    """`10/30/50`, as it is asked for; empty where nobody has said."""
    return "/".join(f"{share * 100:.10g}" for share in falls) if falls else ""


def expected(measure: str | None, service: str | None, type: str | None) -> Expectation | None:
    """As a form or a command gives it. Raises `Invalid` where it is said of what, and not what."""
    if not measure:
        if service or type:
            raise Invalid("What should it change?", ("measure: name one, so that it is known what should change",))
        return None
    return Expectation(measure=measure, service=service or None, type=type or None)


def expected_of(
    clause: str | None, factors: Iterable[str], type: str | None, service: str | None
) -> Expectation | None:
    """What follows by itself: the clause's step is followed, or the factor does not return. None: nothing does."""
    if step := _CLAUSE.fullmatch(clause or ""):
        return Expectation(measure=f"step:{step[1]}/{step[2]}", type=type)
    for code in factors:
        return Expectation(measure=f"factor:{code}", type=type, service=None if type else service)
    return None
