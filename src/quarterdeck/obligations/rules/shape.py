"""What a pack file may hold, read entry by entry: a value of the wrong kind is a fault at its place. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from quarterdeck.governance.rules.words import line_fault
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import Reading

REGIME = (
    *("id", "title", "source", "jurisdiction", "effective_from", "effective_to", "applies_to", "counting", "zone"),
    *("options", "asks", "helps", "anchors", "clocks", "examples", "draft"),
)
HELP = ("cite", "text")
ANCHOR = ("title", "cite", "means", "suggest", "optional")
CLOCK = ("title", "cite", "to", "due", "rolls", "late", "contents", "only_if", "unless", "counting")
CONTENT = ("cite", "text", "fills")
LIMB = ("from", "within", "unless_later", "only_if", "unless", "needs", "until", "after", "cite")
ROLLS = ("to", "unless")
EXAMPLE = ("says", "zone", "options", "holidays", "anchors", "submitted", "due")
LONGEST = 4_000
MOST = 200
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Entry:
    """A value of the file and where it stands. What is wrong with it becomes a fault of the reading."""

    def __init__(self, reading: Reading, path: Path, given: Any) -> None:
        self.reading = reading
        self.path = path
        self.given = given

    def blame(self, name: str, problem: str, remedy: str) -> None:
        self.reading.blame((*self.path, name), problem, remedy)

    def blame_self(self, problem: str, remedy: str) -> None:
        self.reading.blame(self.path, problem, remedy)

    def only(self, *allowed: str) -> None:
        """No other keys than these."""
        if not isinstance(self.given, dict):
            self.blame_self("this is no map of keys", f"give {', '.join(allowed)}")
            self.given = {}
        for key in self.given:
            if key not in allowed:
                self.reading.blame((*self.path, key), "there is no such key", f"use {', '.join(allowed)}", key=True)

    def value(self, name: str) -> Any:
        return self.given.get(name) if isinstance(self.given, dict) else None

    def entry(self, name: str) -> "Entry | None":
        found = self.value(name)
        return Entry(self.reading, (*self.path, name), found) if isinstance(found, dict) else None

    def keys_of(self, name: str) -> set[str]:
        found = self.value(name)
        return set(found) if isinstance(found, dict) else set()

    def map(self, name: str, *, required: bool = True) -> Iterator[tuple[str, "Entry"]]:
        found = self.value(name)
        if not isinstance(found, dict) or (required and not found):
            if required or found not in (None, {}):
                self.blame(name, "it is missing or no map", "give at least one, each under its id")
            return
        if len(found) > MOST:
            self.blame(name, f"there are more than {MOST}", "give fewer")
        for id, inner in list(found.items())[:MOST]:
            if not _ID.fullmatch(id):
                self.reading.blame((*self.path, name, id), "this is no id", "use a-z, 0-9, '-' and '_'", key=True)
            yield id, Entry(self.reading, (*self.path, name, id), inner)

    def list(self, name: str, *, required: bool = True) -> Iterator["Entry"]:
        found = self.value(name)
        if not isinstance(found, list) or (required and not found):
            if required or found not in (None, []):
                self.blame(name, "it is missing or no list", "give at least one entry")
            return
        if len(found) > MOST:
            self.blame(name, f"there are more than {MOST}", "give fewer")
        for index, inner in enumerate(found[:MOST]):
            yield Entry(self.reading, (*self.path, name, index), inner)

    def text(self, name: str, *, required: bool = True) -> str:
        found = self.value(name)
        if found is None and not required:
            return ""
        return Entry(self.reading, (*self.path, name), found).own_text()

    def own_text(self) -> str:
        if not isinstance(self.given, str) or not self.given.strip() or len(self.given) > LONGEST:
            self.blame_self("it is missing or no text", f"write 1 to {LONGEST:,} characters")
            return ""
        if _UNSEEN.search(self.given):
            self.blame_self("it holds control characters", "write plain text")
        return " ".join(self.given.split())

    def line(self, name: str, *, required: bool = True, longest: int = 200) -> str:
        found = self.value(name)
        if found is None and not required:
            return ""
        fault = line_fault(name, found, longest) if isinstance(found, str) else f"{name}: must be text"
        if fault:
            self.blame(name, fault.partition(": ")[2], f"write one line of at most {longest} characters")
            return ""
        return str(found).strip()

    def id(self, name: str) -> str:
        found = self.value(name)
        if not isinstance(found, str) or not _ID.fullmatch(found):
            self.blame(name, "this is no id", "use 1 to 60 of a-z, 0-9, '-' and '_'")
            return ""
        return found

    def flag(self, name: str) -> bool:
        found = self.value(name)
        if found not in (None, True, False):
            self.blame(name, "it is neither true nor false", "write true or leave it out")
        return found is True

    def choice(self, name: str, known: Sequence[str], default: Any) -> Any:
        found = self.value(name)
        if found is None:
            return default
        if found not in known:
            self.blame(name, f"{str(found)[:60]!r} is not known", f"use one of {', '.join(known) or '(there is none)'}")
            return default
        return found

    def entry_of(self, name: str, known: Collection[str]) -> "Entry":
        """A map of which every key is known."""
        found = self.entry(name) or Entry(self.reading, (*self.path, name), {})
        found.only(*sorted(known))
        return found

    def hour(self, name: str) -> str | None:
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, str) or not _HOUR.fullmatch(found):
            self.blame(name, f"{str(found)[:40]!r} is no time of day", 'write it in quotes, as "17:30"')
            return None
        return found

    def day(self, name: str, *, required: bool = True) -> date | None:
        found = self.value(name)
        if found is None and not required:
            return None
        return Entry(self.reading, (*self.path, name), found).own_day()

    def own_day(self) -> date | None:
        if isinstance(self.given, str) and _DAY.fullmatch(self.given):
            try:
                return date.fromisoformat(self.given)
            except ValueError:
                pass
        self.blame_self(f"{str(self.given)[:40]!r} is no day", "write it as 2026-03-01")
        return None
