"""What the cells of a row say of an incident, by a mapping that was fitted to the file's columns. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.instants import ReadInstant
from quarterdeck.migration.rules.mapping import Mapping as Map
from quarterdeck.migration.rules.mapping import State
from quarterdeck.migration.rules.naming import Names

MOST_STRANGE = 1_000
"""Different values without a meaning that are remembered of one field."""


def meanings(mapping: Map, field: str) -> dict[str, str] | None:
    """What the values of a field mean, by the value without regard to case; None: they stand as they are."""
    given: dict[str, str] | None = getattr(mapping.values, field, None)
    return None if given is None else {theirs.strip().casefold(): ours for theirs, ours in given.items()}


@dataclass
class Cells:
    """What the cells of a row say, by a fitted mapping; remembers which values the mapping gives no meaning to."""

    mapping: Map
    columns: Mapping[str, str]
    read_instant: ReadInstant
    names: Names
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._missing = frozenset(self.mapping.missing)
        self._states: Any = meanings(self.mapping, "state")
        self._severities: Any = meanings(self.mapping, "priority")
        self._levels: Any = meanings(self.mapping, "service_level")
        self._words: Any = {name: meanings(self.mapping, name) for name in ("type", "service")}

    def value(self, row: Mapping[str, str], field: str) -> str | None:
        """What the row says of this field of ours; None: nothing."""
        column = self.columns.get(field)
        if column is None:
            return None
        text = row.get(column, "").strip()
        return None if text in self._missing else text

    def instant(self, row: Mapping[str, str], field: str) -> Instant | None:
        """Raises `ValueError` with the column."""
        text = self.value(row, field)
        if text is None:
            return None
        try:
            return self.read_instant(text)
        except ValueError as error:
            raise ValueError(f"{self.columns[field]}: {error}") from None

    def severity(self, row: Mapping[str, str]) -> str:
        text = self.value(row, "priority")
        return (self._severities.get(text.casefold()) if text else None) or self.mapping.default_priority

    def state(self, row: Mapping[str, str]) -> tuple[str, State | None] | None:
        """The source's word, and what it means; None: no word."""
        text = self.value(row, "state")
        if text is None:
            return None
        return text, self._states.get(text.casefold())

    def level(self, row: Mapping[str, str]) -> bool | None:
        text = self.value(row, "service_level")
        found = self._levels.get(text.casefold()) if text else None
        return None if found is None else found == "met"

    def word(self, row: Mapping[str, str], field: str) -> str | None:
        text = self.value(row, field)
        return None if text is None else self._words[field].get(text.casefold(), text)

    def count(self, row: Mapping[str, str]) -> int | None:
        text = self.value(row, "reassignments")
        return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None

    def people(self, row: Mapping[str, str]) -> list[str | None]:
        return [self.value(row, field) for field in ("opened_by", "by", "person", "resolved_by")]

    def note_strange(self, row: Mapping[str, str]) -> None:
        """Values that the mapping gives no meaning to; told nevertheless, and counted so that somebody can mend it."""
        meanings = (("state", self._states), ("priority", self._severities), ("service_level", self._levels))
        for name, known in meanings:
            text = self.value(row, name)
            if text is None or text.casefold() in known:
                continue
            seen = self.unmapped.setdefault(name, Counter())
            if text in seen or len(seen) < MOST_STRANGE:
                seen[text] += 1
