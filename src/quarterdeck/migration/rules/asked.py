"""What a reader of histories is asked, and what it saw of the file on its way. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quarterdeck.migration.rules.mapping import Mapping as Map
from quarterdeck.migration.rules.naming import Names

Progress = Callable[[str, int, int], None]
"""`progress(phase, done, total)`: what is done now, in units of its own."""
COUNTED = ("state", "priority", "impact", "urgency", "service_level", "type", "service", "team")
"""Fields of which a dry run shows every value."""
FREE = ("type", "service")
"""Fields whose values need no meaning."""
MOST_VALUES = 500


def _silent(phase: str, done: int, total: int) -> None:
    return None


@dataclass
class Seen:
    """What the file turned out to be. `fitted`: our fields → its columns; `values`: field → value → how often."""

    encoding: str = ""
    delimiter: str = ""
    dates: str = ""
    zone: str = ""
    columns: tuple[str, ...] = ()
    fitted: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    values: dict[str, Counter[str]] = field(default_factory=dict)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, name: str, value: str) -> None:
        seen = self.values.setdefault(name, Counter())
        if value in seen or len(seen) < MOST_VALUES:
            seen[value] += 1


@dataclass
class Asked:
    """`look`: a dry run, so that every value is counted."""

    names: Names
    mapping: Map | None = None
    look: bool = False
    progress: Progress = _silent
    seen: Seen = field(default_factory=Seen)
