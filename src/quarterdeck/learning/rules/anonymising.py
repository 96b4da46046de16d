"""Names, logins and addresses out of a review, free text included: roles and letters stand in their place. Pure.

Who was there is also known by a first or last name alone; rather one word too many is replaced than one too few.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,189}")
_GENERIC = frozenset(("admin", "root", "operator", "local", "engine", "system", "user", "test", "ops", "dev"))
"""Logins that say nothing about a person, and would take a word of everyday speech away."""
_SHORTEST = 3
ADDRESS = "[address]"


@dataclass(frozen=True)
class Somebody:
    """A person of the house. `there`: their first or last name alone is replaced, too."""

    id: str
    login: str
    name: str
    email: str
    there: bool = False


@dataclass(frozen=True)
class _Pattern:
    """What to find, as tokens in lower case; `exact`: only in this very spelling (a name that may be a word, too)."""

    tokens: tuple[str, ...]
    person: str
    exact: str | None = None


@dataclass
class Hiding:
    """Replaces people by labels: those given, and `person A`, `person B` … for others in the order they come."""

    people: Sequence[Somebody]
    labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._letters = 0
        self._by_first: dict[str, list[_Pattern]] = {}
        self._signs: list[tuple[str, str]] = []
        self._addresses = {one.email.casefold(): one.id for one in self.people if one.email}
        self._whole = {key: one.id for one in self.people for key in (one.id, one.login, one.name) if key}
        for one in self.people:
            for pattern in _patterns(one):
                self._by_first.setdefault(pattern.tokens[0], []).append(pattern)
            if one.name and not any(c.islower() or c.isupper() for c in one.name) and len(one.name) > 1:
                self._signs.append((one.name, one.id))
        for patterns in self._by_first.values():
            patterns.sort(key=lambda pattern: -len(pattern.tokens))

    def whole(self, value: Any) -> Any:
        """Every string in a document of plain values; the keys are field names and stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.whole(one) for key, one in value.items()}
        return [self.whole(one) for one in value] if isinstance(value, list | tuple) else value

    def text(self, value: str) -> str:
        if value in self._whole:
            return self.label(self._whole[value])
        value = _ADDRESS.sub(self._address, unicodedata.normalize("NFC", value))
        for name, person in self._signs:
            if name in value:
                value = value.replace(name, self.label(person))
        return self._named(value)

    def label(self, person: str) -> str:
        if person not in self.labels:
            self.labels[person] = f"person {_letters(self._letters)}"
            self._letters += 1
        return self.labels[person]

    def _address(self, found: re.Match[str]) -> str:
        person = self._addresses.get(found[0].rstrip(".").casefold())
        return self.label(person) if person else ADDRESS

    def _named(self, value: str) -> str:
        tokens = _TOKENS.findall(value)
        folded = [" " if token.isspace() else token.casefold() for token in tokens]
        said: list[str] = []
        at = 0
        while at < len(tokens):
            pattern = self._at(tokens, folded, at)
            if pattern is None:
                said.append(tokens[at])
                at += 1
                continue
            label = self.label(pattern.person)
            said.append(label[0].upper() + label[1:] if at == 0 else label)
            at += len(pattern.tokens)
        return "".join(said)

    def _at(self, tokens: Sequence[str], folded: Sequence[str], at: int) -> _Pattern | None:
        for pattern in self._by_first.get(folded[at], ()):
            if pattern.exact is not None:
                if tokens[at] == pattern.exact:
                    return pattern
            elif tuple(folded[at : at + len(pattern.tokens)]) == pattern.tokens:
                return pattern
        return None


def _patterns(one: Somebody) -> list[_Pattern]:
    found = [
        _Pattern(_folded(known), one.id)
        for known in dict.fromkeys((one.name, one.login, one.id))
        if len(known) >= _SHORTEST and known.casefold() not in _GENERIC
    ]
    if one.there:
        parts = [part for part in re.findall(r"\w+", one.name) if len(part) >= _SHORTEST and part[0].isupper()]
        found += [_Pattern((part.casefold(),), one.id, part) for part in parts]
        found += [_Pattern((f"{part}s".casefold(),), one.id, f"{part}s") for part in parts]
    return [pattern for pattern in found if pattern.tokens]


def _folded(text: str) -> tuple[str, ...]:
    found = _TOKENS.findall(unicodedata.normalize("NFC", text.strip()))
    return tuple(" " if token.isspace() else token.casefold() for token in found)


def _letters(n: int) -> str:
    """A … Z, AA, AB …"""
    word = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        word = chr(ord("A") + rest) + word
    return word


def roles(commander: str, facilitator: str | None) -> Mapping[str, str]:
    """Labels of those who are known by what they did."""
    named = {commander: "the commander"} if commander else {}
    return {**({facilitator: "the facilitator"} if facilitator else {}), **named}
