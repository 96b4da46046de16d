"""The incident history of Google Cloud's status page (`incidents.json`), and of pages in its form → incidents."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.documents import each, instant, needed, text, words
from quarterdeck.migration.rules.published import Published, Update, told_to_the_world
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.opening import opened

_SEVERITIES = {"high": "SEV1", "medium": "SEV2", "low": "SEV3"}
_MEANS = {"AVAILABLE": "resolved"}


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    with opened(path) as file:
        for _, line, one in items(file, ("incidents",)):
            asked.progress("Reading", file.done, file.size)
            asked.seen.rows += 1
            if not isinstance(one, dict):
                yield Rejection(line, "it is no object")
                continue
            try:
                yield told_to_the_world(_published(line, one), asked.names)
            except ValueError as error:
                yield Rejection(line, f"{text(one, 'id', 'number')}: {error}")


def _published(line: int, one: Mapping[str, Any]) -> Published:
    updates = [
        Update(
            at=needed(update, "when", "created"),
            text=text(update, "text"),
            stage=text(update, "status").replace("_", " ").lower(),
            means=_MEANS.get(text(update, "status"), ""),
        )
        for update in each(one, "updates")
    ]
    impact = text(one, "status_impact").replace("_", " ").lower()
    # Several products stand as "Multiple Products" in `service_name`, which says nothing.
    services = words(one, "affected_products") or [text(one, "service_name")]
    return Published(
        system="gcp",
        number=text(one, "id", "number"),
        line=line,
        title=text(one, "external_desc").splitlines()[0] if text(one, "external_desc") else "",
        began=needed(one, "begin", "created"),
        opened=instant(one, "created"),
        ended=instant(one, "end"),
        severity=_SEVERITIES.get(text(one, "severity"), "SEV3"),
        impact=impact,
        services=tuple(dict.fromkeys(name for name in services if name)),
        summary=text(one, "external_desc"),
        updates=updates,
    )
