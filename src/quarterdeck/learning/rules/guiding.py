"""A guideline grown from lessons: a document of the plan that says what to do, and quotes what was seen. Pure."""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quarterdeck.kernel.errors import Invalid

MOST = 30
"""Lessons of one guideline."""


@dataclass(frozen=True)
class Quoted:
    """A lesson as a guideline quotes it; `source` is where it comes from, as `INC-12`."""

    number: int
    source: str
    observation: str
    insight: str = ""
    change: str = ""

    @property
    def name(self) -> str:
        return f"L-{self.number}"

    @property
    def asks(self) -> str:
        """What to do, or else what follows, in one line."""
        return " ".join((self.change or self.insight).split())


def slug(title: str, taken: Collection[str]) -> str:
    """The key of a new document with this title, unlike any that is there."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")
    stem = stem if stem[:1].isalpha() else f"guideline-{stem}".strip("-")
    return next(key for n in range(1, len(taken) + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in taken)


def document(title: str, *, owner: str, procedure: str, shared: str, lessons: Sequence[Quoted]) -> str:
    """The text of its file: front matter, what to do, and every lesson as it was seen."""
    asked = [one for one in lessons if one.asks]
    common = f" that share: {_line(shared)}" if shared.strip() else ""
    lines = [
        "---",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        f"owner: {owner}",
        f"procedure: {procedure}",
        "---",
        "",
        f"# {_line(title)}",
        "",
        f"Drawn from {len(lessons)} lesson{'s' if len(lessons) > 1 else ''}{common}.",
        "",
        "## What to do",
        "",
        *(f"- {_line(one.asks)} ({one.name})" for one in asked),
        *(["- Say here what to do; the lessons below do not."] if not asked else []),
        "",
        "## What was seen",
        "",
    ]
    for one in lessons:
        lines += [f"**{one.name}**, from {_line(one.source)}:", "", *_quoted(one.observation), ""]
        lines += [*_quoted(one.insight), ""] if one.insight and one.change else []
    return "\n".join(lines).rstrip() + "\n"


def checked(title: str, numbers: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Title and lessons, each once. Raises `Invalid` with every fault."""
    title = _line(title)
    errors = []
    if not 3 <= len(title) <= 120:
        errors.append("title: 3 to 120 characters")
    once = tuple(dict.fromkeys(numbers))
    if not 1 <= len(once) <= MOST:
        errors.append(f"lessons: name 1 to {MOST}")
    if errors:
        raise Invalid("The guideline cannot be made like this.", tuple(errors))
    return title, once


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _quoted(text: str) -> list[str]:
    return [f"> {line.rstrip()}".rstrip() for line in text.strip().splitlines()]
