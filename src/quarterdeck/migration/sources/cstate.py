"""The issues of a cState status page, Markdown with front matter → incidents; maintenance is set apart.

A file is an issue; a folder is all of its Markdown files. The number of an incident is the name of its file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.instants import reader
from quarterdeck.migration.rules.published import Published, Update, told_to_the_world
from quarterdeck.migration.rules.told import Rejection, Told

LARGEST = 1_000_000
_SEVERITIES = {"down": "SEV1", "disrupted": "SEV2", "notice": "SEV4"}
_PLANNED = re.compile(
    r"maintenance|\bplanned\b|\bscheduled\b|\bupgrade|\bmigration\b|\bbrownout\b|\brestart\b|\boperation on\b"
    r"|\bremoval of\b|\b(?:version|dns) update|\bupdate of\b|^update .+ to .*\d",
    re.IGNORECASE,
)
"""Titles of what somebody meant to do …"""
_TROUBLE = re.compile(
    r"\boutage|\bdown\b|unavailable|\bincident\b|\bproblem|\berror|\bfail|\bexpired|\boffline\b|\bslow\b",
    re.IGNORECASE,
)
"""… unless it went wrong."""
_TRACK = re.compile(r"\{\{<\s*track\s+\"([^\"]{1,40})\"\s*>\}\}")
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL)
_INSTANT = reader("Y-M-D")


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
    if not files:
        raise Invalid("There is nothing to bring in.", (f"{path.name}: holds no Markdown file",))
    for done, file in enumerate(files):
        asked.progress("Reading", done, len(files))
        asked.seen.rows += 1
        try:
            yield _issue(file, asked)
        except ValueError as error:
            yield Rejection(0, f"{file.name}: {error}")


def _issue(file: Path, asked: Asked) -> Told | Rejection:
    if file.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST:,} bytes")
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from None
    front, body = _parted(text)
    title, severity = _word(front, "title") or file.stem, _word(front, "severity").lower()
    if _word(front, "informational").lower() == "true":
        return Rejection(0, f"{file.name}: news, no incident ({title[:80]})", apart=True)
    if _PLANNED.search(title) and not _TROUBLE.search(title):
        return Rejection(0, f"{file.name}: planned work by its title ({title[:80]})", apart=True)
    began = _instant(front, "date")
    if began is None:
        raise ValueError("the front matter has no date")
    affected = front.get("affected")
    published = Published(
        system="cstate",
        number=file.stem,
        line=1,
        title=title,
        began=began,
        ended=_instant(front, "resolvedWhen") if _word(front, "resolved").lower() != "false" else None,
        severity=_SEVERITIES.get(severity, "SEV3"),
        impact=severity,
        services=tuple(str(one)[:100] for one in affected if one) if isinstance(affected, list) else (),
        updates=_updates(body, began),
    )
    return told_to_the_world(published, asked.names)


def _parted(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT.match(text)
    if found is None:
        raise ValueError("it has no front matter between two lines of ---")
    try:
        front = YAML(typ="base", pure=True).load(found[1])
    except (YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"the front matter is no YAML: {' '.join(str(error).split())[:150]}") from None
    if not isinstance(front, dict):
        raise ValueError("the front matter is no map")
    return front, found[2].strip()


def _word(front: dict[str, Any], name: str) -> str:
    value = front.get(name)
    return value.strip() if isinstance(value, str) else ""


def _instant(front: dict[str, Any], name: str) -> Instant | None:
    value = _word(front, name)
    if not value:
        return None
    try:
        return _INSTANT(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _updates(body: str, began: Instant) -> list[Update]:
    """Paragraphs that end with cState's `track` have times of their own; the rest of the text has the issue's."""
    updates, rest = [], []
    for paragraph in re.split(r"\n\s*\n", body):
        tracked = _TRACK.search(paragraph)
        if tracked is None:
            rest.append(paragraph)
            continue
        try:
            updates.append(Update(_INSTANT(tracked[1]), _TRACK.sub("", paragraph).strip()))
        except ValueError:
            rest.append(paragraph)
    whole = "\n\n".join(one for one in rest if one.strip())
    return [*([Update(began, whole)] if whole else []), *updates]
