"""Real incidents with what is known about which are alike: two public sets, and the rules by which pairs were labelled.

The labels were fixed before anything was ranked. docs/explanation/similar-incidents.md says what they are worth.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from quarterdeck.migration.rules.postmortem import times
from quarterdeck.migration.sources.postmortem import read

SAME_CAUSE: Sequence[frozenset[str]] = (
    frozenset({"PM2019-009", "PM2019-010", "PM2019-011"}),  # each cites another: addresses ran out, and what followed
    frozenset({"PM2020-002", "PM2020-009"}),  # KIAM itself went down
    frozenset({"PM2020-002", "PM2021-004"}),  # a certificate that nobody watched expired
    frozenset({"PM2020-003", "PM2020-006"}),  # ADSync
    frozenset({"PM2020-005", "PM2021-005", "PM2021-006", "PM2021-007"}),  # the load balancers lost their targets
    frozenset({"PM2021-001", "PM2021-002", "PM2021-003", "PM2022-002"}),  # logs were no longer shipped
    frozenset({"PM2021-008", "PM2021-009", "PM2021-010", "PM2022-006"}),  # Traefik, the way into the cluster
    frozenset({"PM2020-007", "PM2022-001", "PM2022-003"}),  # Prometheus took a node's memory
    frozenset({"PM2022-004", "PM2022-007"}),  # metrics of Kafka were missing
    frozenset({"PM2020-008", "PM2022-008"}),  # an admission webhook answered too late or not at all
    frozenset({"PM2021-011", "PM2022-005"}),  # malicious or vulnerable code from elsewhere
)
"""The DFDS post-mortems by the part that failed, as one reader filed them from their summaries and factors."""

_PLANNED = re.compile(
    r"maint|migrat|upgrad|update|operation|removal|brownou?n?t|window|convert|changes|preparation|activate|new-", re.I
)
_TICKET = re.compile(r"(?:helpdesk/issues/|INFRA-)(\d+)")
_ADDRESS = re.compile(r"https?://\S+|INFRA-\d+")


@dataclass(frozen=True)
class Case:
    """An incident: `first` is what was known when it began, `whole` what was written in the end."""

    id: str
    at: datetime
    title: str
    first: str
    whole: str
    service: str | None = None
    tickets: frozenset[str] = frozenset()
    affected: frozenset[str] = frozenset()
    planned: bool = False
    alike: frozenset[str] = field(default=frozenset())


def postmortems(folder: Path) -> list[Case]:
    """Of DFDS: what was known first is the title and the row of the timeline at which it was noticed."""
    cases = []
    for path in sorted(folder.glob("PM20*")):
        written = read(path.read_text(encoding="utf-8"), path.name)
        found = times(written)
        noticed = next((row.text for row in written.rows if found and row.at == found.detected), "")
        alike = frozenset().union(*(group for group in SAME_CAUSE if written.name in group)) - {written.name}
        at = found.began if found else datetime(int(written.name[2:6]), 1, int(written.name[-3:]), tzinfo=UTC)
        cases.append(Case(written.name, at, written.title, noticed, written.text, alike=alike))
    return cases


def status_issues(folder: Path) -> list[Case]:
    """Of the Jenkins project: what was known first is the title and the message marked as the initial one."""
    cases = []
    for path in sorted((folder / "content" / "issues").glob("*.md")):
        parts = re.match(r"---\n(.*?)\n---\n(.*)", path.read_text(encoding="utf-8"), re.S)
        if parts is None:
            continue
        matter, body = parts.groups()
        title = re.search(r"^title: *(.*)$", matter, re.M)
        affected = frozenset(re.findall(r"^ +- *(.+)$", matter, re.M))
        text = _ADDRESS.sub(" ", body)
        cases.append(
            Case(
                id=path.stem,
                at=datetime.fromisoformat(path.stem[:10]).replace(tzinfo=UTC),
                title=title[1].strip("\"' ") if title else path.stem,
                first=re.split(r"\[Initial message\]", text, flags=re.I)[-1],
                whole=text,
                service=min(affected, default=None),
                tickets=frozenset(_TICKET.findall(body)),
                affected=affected,
                planned=bool(_PLANNED.search(path.stem)),
            )
        )
    return sorted(cases, key=lambda case: (case.at, case.id))


def same_thing(cases: Sequence[Case]) -> dict[str, frozenset[str]]:
    """Alike: at least half of what is affected by either is affected by both, and both were planned or both not."""

    def alike(one: Case, other: Case) -> bool:
        shared, either = one.affected & other.affected, one.affected | other.affected
        return one.planned == other.planned and bool(either) and 2 * len(shared) >= len(either)

    return _pairs(cases, alike)


def same_ticket(cases: Sequence[Case]) -> dict[str, frozenset[str]]:
    """Alike: both cite one ticket. The numbers and all addresses were taken out of the texts."""
    return _pairs(cases, lambda one, other: bool(one.tickets & other.tickets))


def same_cause(cases: Sequence[Case]) -> dict[str, frozenset[str]]:
    return {case.id: case.alike for case in cases}


def _pairs(cases: Sequence[Case], alike: object) -> dict[str, frozenset[str]]:
    assert callable(alike)
    return {one.id: frozenset(two.id for two in cases if one is not two and alike(one, two)) for one in cases}
