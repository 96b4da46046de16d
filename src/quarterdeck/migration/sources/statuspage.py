"""The incidents of a Statuspage (`/api/v2/incidents.json`) → incidents; scheduled maintenance is set apart."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.documents import each, instant, needed, text, words
from quarterdeck.migration.rules.published import Published, Update, told_to_the_world
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.opening import opened

_SEVERITIES = {"critical": "SEV1", "major": "SEV2", "minor": "SEV3", "none": "SEV4"}
_MEANS = {"monitoring": "mitigated", "resolved": "resolved", "postmortem": "resolved"}


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    with opened(path) as file:
        for _, line, one in items(file, ("incidents", "scheduled_maintenances")):
            asked.progress("Reading", file.done, file.size)
            asked.seen.rows += 1
            if not isinstance(one, dict):
                yield Rejection(line, "it is no object")
                continue
            try:
                found = _published(line, one)
            except ValueError as error:
                yield Rejection(line, f"{text(one, 'id')}: {error}")
                continue
            yield found if isinstance(found, Rejection) else told_to_the_world(found, asked.names)


def _published(line: int, one: Mapping[str, Any]) -> Published | Rejection:
    impact, number = text(one, "impact"), text(one, "id")
    if impact == "maintenance" or one.get("scheduled_for"):
        return Rejection(line, f"{number}: planned maintenance", apart=True)
    updates = [
        Update(
            at=needed(update, "display_at", "created_at"),
            text=text(update, "body"),
            stage=text(update, "status"),
            means=_MEANS.get(text(update, "status"), ""),
        )
        for update in each(one, "incident_updates")
    ]
    affected = [name for update in each(one, "incident_updates") for name in words(update, "affected_components")]
    began = instant(one, "started_at", "created_at")
    return Published(
        system="statuspage",
        number=number,
        line=line,
        title=text(one, "name"),
        began=began or needed(one, "created_at"),
        opened=instant(one, "created_at"),
        mitigated=instant(one, "monitoring_at"),
        ended=instant(one, "resolved_at"),
        severity=_SEVERITIES.get(impact, "SEV3"),
        impact=impact,
        services=tuple(dict.fromkeys([*words(one, "components"), *affected])),
        summary=text(one, "postmortem_body")[:500],
        updates=updates,
    )
