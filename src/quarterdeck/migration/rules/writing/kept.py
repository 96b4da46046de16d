"""An incident on its way out: its facts as they were recorded, its people by the names that others may read. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.naming import SOURCE, Names
from quarterdeck.migration.rules.native import PEOPLE

_PECULIAR = {
    "command.StageEntered": ("stage",),
    "command.TaskDone": ("task",),
    "command.TaskSkipped": ("task",),
    "command.RoleAssigned": ("role",),
}
OWN = "quarterdeck"
"""The system of incidents that were managed here."""


@dataclass(frozen=True)
class KeptFact:
    """One recorded fact. `data`: as it was recorded, people replaced by `source/NAME`."""

    type: str
    at: Instant
    recorded_at: Instant
    by: str
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        """`Incident declared` of `command.IncidentDeclared`."""
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", self.type.rpartition(".")[2])
        return words.capitalize()

    @property
    def activity(self) -> str:
        """The same, with what tells one from another: `Stage entered: Awaiting Vendor`, `Task done: isolate`."""
        peculiar = next((self.data[key] for key in _PECULIAR.get(self.type, ()) if self.data.get(key)), None)
        return f"{self.name}: {peculiar}" if peculiar else self.name


@dataclass(frozen=True)
class Kept:
    """`row`: the read table's; `source`: `SYSTEM:NUMBER`, unique wherever it is read again; `activities`: if asked."""

    number: int
    source: str
    row: Any
    commander: str
    facts: Sequence[KeptFact]
    activities: Sequence[Any] = ()


class Outward:
    """Makes what is kept readable for others: ids become names, or pseudonyms."""

    def __init__(self, people: Mapping[str, str], names: Names) -> None:
        self._people, self._names = people, names

    def person(self, id: Any) -> str:
        """`source/NAME`; of nobody, `source/`."""
        text = str(id or "").removeprefix("person/")
        if text.startswith(SOURCE):
            return self._names(text.removeprefix(SOURCE))
        if text in ("engine", "local") or text.startswith(("key/", "history/")):
            return SOURCE
        return self._names(self._people.get(text, text))

    def fact(self, type_: str, at: Instant, recorded_at: Instant, data: str) -> KeptFact:
        found: dict[str, Any] = msgspec.json.decode(data)
        if "redacted" in found and len(found) <= 2:
            # Its text is gone for ever; that something was said stays.
            said = {"at": at, "text": "Redacted", "by": SOURCE}
            return KeptFact("command.NoteAdded", at, recorded_at, SOURCE, _plain(said))
        if type_ == "command.IncidentDeclared":
            found["number"] = 0  # ours means nothing elsewhere, and the next home gives its own
        for name in PEOPLE:
            if name in found:
                found[name] = self.person(found[name])
        if type_ == "command.CommandTransferred":
            found["was"] = self.person(found.get("was"))
        if self._names.pseudonymous:
            found = {
                name: self._names.text(v) if isinstance(v, str) and name in _TEXTS else v for name, v in found.items()
            }
        by = found.get("by") or found.get("declared_by") or SOURCE
        return KeptFact(type_, at, recorded_at, str(by), found)


_TEXTS = ("title", "summary", "text", "reason", "statement", "how")


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return found


def fact_text(fact: KeptFact) -> str:
    """Its data as JSON, in the order in which it was recorded."""
    return msgspec.json.encode(fact.data).decode()


def iso(at: Instant | None) -> str:
    """`2016-02-29T01:16:00.000000Z`: always as long, so that texts sort like instants."""
    return "" if at is None else f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def shown(person: str) -> str:
    return person.removeprefix(SOURCE)
