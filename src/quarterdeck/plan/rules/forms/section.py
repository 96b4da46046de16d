"""A section of the plan as people keep it: what it is called, and what is asked of an entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.forms.asking import Ask


@dataclass(frozen=True)
class Section:
    """`single`: one form. `entries`: a map of ids. `listed`: a list whose items carry their name in `key`."""

    key: str
    title: str
    one: str
    about: str
    path: Path
    asks: tuple[Ask, ...]
    shape: Literal["single", "entries", "listed"] = "entries"
    naming: str = "title"
    """The field that names an entry to people."""
    key_field: str = ""
    new: Mapping[str, Any] = field(default_factory=dict)
    """What a new entry begins with, beside its name."""
    folder: bool = False
    """Whether an entry has a Markdown file of its own."""
