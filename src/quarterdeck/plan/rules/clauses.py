"""A clause of a plan by its dotted path: its name in words, what it says, and what it is part of."""

from quarterdeck.plan.rules import difference_words
from quarterdeck.plan.rules.differences import clauses
from quarterdeck.plan.rules.model import Plan

LONGEST = 1_000


def named(plan: Plan, clause: str) -> str:
    """`SEV1: update every`; its path where the plan does not have it."""
    return difference_words.subject(plan, tuple(clause.split(".")))


def said(plan: Plan, clause: str) -> str | None:
    """What it says, in words; None if the plan has no such clause."""
    found = clauses(plan)
    if clause not in found:
        return None
    words = difference_words.value(plan, tuple(clause.split(".")), found[clause])
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def trail(plan: Plan, clause: str) -> tuple[tuple[str, str], ...]:
    """The clauses that it is part of, outermost first, each with its name; the words for whole sections are plain."""
    parts = clause.split(".")
    found = clauses(plan)
    above = [".".join(parts[:length]) for length in range(1, len(parts))]
    return tuple((one, _short(plan, one)) for one in above if one in found)


def _short(plan: Plan, clause: str) -> str:
    parts = clause.split(".")
    words = difference_words.subject(plan, tuple(parts))
    return words if len(parts) > 1 and not words.startswith("The plan") else parts[-1].replace("_", " ")
