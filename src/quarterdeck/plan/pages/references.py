"""What a reason's references lead to: `L-7` to the lesson, the incident behind it, and whatever else a room numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from quarterdeck.kernel.panel import Reference, Told

_PATTERN = re.compile(
    r"(?<![\w/-])(?:(?P<prefix>[A-Z]{1,6})-(?P<number>[0-9]{1,9})"
    r"|(?P<kind>change|revision|draft|service|policy|procedure|guideline):(?P<id>[a-z0-9][a-z0-9._-]{0,62}))(?![\w-])",
    re.ASCII,
)
_DEEPEST = 3
"""Lesson, incident, and what stands behind that: further back nobody reads on a page about a clause."""
_MOST = 12
_OWN = {
    "change": "/plan/changes#change-{}",
    "revision": "/plan/revisions/{}/changes",
    "draft": "/plan/drafts/{}",
    "service": "/services/{}",
    "policy": "/plan/documents/policy:{}",
    "procedure": "/plan/documents/procedure:{}",
    "guideline": "/plan/documents/guideline:{}",
}


@dataclass(frozen=True)
class Run:
    """A run of a text. `href`: where it leads, if it is a reference."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Behind:
    """What a reference is, and what stands behind it in turn."""

    reference: str
    what: str
    told: Told
    because: tuple["Behind", ...] = ()


@dataclass
class Trail:
    """Follows references with what the rooms have hung up; each reference is asked for once."""

    conn: Any
    references: Sequence[Reference]
    _told: dict[str, Told | None] = field(default_factory=dict)

    def runs(self, text: str) -> tuple[Run, ...]:
        """The text in runs, its references with their links; what leads nowhere stays text."""
        found, end = list[Run](), 0
        for match in _PATTERN.finditer(text):
            if (href := self._href(match)) is not None:
                found += [Run(text[end : match.start()]), Run(match[0], href)]
                end = match.end()
        return tuple(run for run in (*found, Run(text[end:])) if run.text)

    def behind(self, *texts: str | None) -> tuple[Behind, ...]:
        """What the references in these texts are: lessons and incidents with what stands behind them."""
        return tuple(self._behind(texts, frozenset(), _DEEPEST))

    def _behind(self, texts: Sequence[str | None], met: frozenset[str], depth: int) -> Iterator[Behind]:
        here = [match for text in texts if text for match in _PATTERN.finditer(text) if match["prefix"]]
        for match in {one[0]: one for one in here[:_MOST]}.values():
            reference = self._reference(match["prefix"])
            told = self._ask(match) if match[0] not in met else None
            if reference is None or told is None:
                continue
            further = self._behind(told.because, met | {match[0]}, depth - 1) if depth > 1 else ()
            yield Behind(match[0], reference.what, told, tuple(further))

    def _href(self, match: re.Match[str]) -> str | None:
        if match["prefix"]:
            told = self._ask(match)
            return told.href if told else None
        numbered = match["kind"] in ("change", "revision", "draft")
        if numbered and not (match["id"].isdigit() and len(match["id"]) < 10):
            return None
        return _OWN[match["kind"]].format(quote(match["id"]))

    def _ask(self, match: re.Match[str]) -> Told | None:
        name, reference = match[0], self._reference(match["prefix"])
        if name not in self._told and len(self._told) < 200:
            self._told[name] = reference.told(self.conn, int(match["number"])) if reference else None
        return self._told.get(name)

    def _reference(self, prefix: str) -> Reference | None:
        return next((one for one in self.references if one.prefix == prefix), None)
