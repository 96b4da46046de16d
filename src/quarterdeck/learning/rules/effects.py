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


def expected_of(
    clause: str | None, factors: Iterable[str], type: str | None, service: str | None
) -> Expectation | None:
    """What follows by itself: the clause's step is followed, or the factor does not return. None: nothing does."""
    if step := _CLAUSE.fullmatch(clause or ""):
        return Expectation(measure=f"step:{step[1]}/{step[2]}", type=type)
    for code in factors:
        return Expectation(measure=f"factor:{code}", type=type, service=None if type else service)
    return None
