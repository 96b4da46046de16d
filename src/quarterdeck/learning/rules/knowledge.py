"""What can be found: incidents, reviews, lessons and the plan's documents, each under one number. Pure."""

from typing import Literal, get_args

Kind = Literal["incident", "review", "lesson", "policy", "plan", "procedure", "guideline"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLANNED: tuple[Kind, ...] = ("policy", "plan", "procedure", "guideline")
"""Documents of the plan in force."""
_RANGE = 1 << 28
"""Documents of one kind lie together, the later ones last, so that an index gives the newest of a kind first."""


def document(kind: Kind, number: int) -> int:
    """The number under which a text is kept: an incident has its own."""
    assert 0 <= number < _RANGE, number
    return KINDS.index(kind) * _RANGE + number


def kind_of(document: int) -> Kind:
    return KINDS[document // _RANGE]


def number_of(document: int) -> int:
    return document % _RANGE


def span(kind: Kind) -> tuple[int, int]:
    """The first document of a kind, and the first after its last."""
    first = KINDS.index(kind) * _RANGE
    return first, first + _RANGE
