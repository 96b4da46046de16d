"""What a pager recorded of an incident → its course: acknowledged, assigned, paged, noted, resolved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.course import ASSIGNEE
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.told import LONGEST_NUMBER, Rejection, Told, line_of, long_text

What = Literal["acknowledged", "assigned", "paged", "noted", "stage", "mitigated", "reopened", "resolved"]


@dataclass(frozen=True)
class Entry:
    """One entry of its log. `whom`: who was assigned or paged; `text`: a note, how somebody was paged, or a stage."""

    at: Instant
    what: What
    by: str = ""
    whom: str = ""
    text: str = ""


@dataclass(kw_only=True)
class Paged:
    """An incident of a pager. `entries` in any order; `ended`: if the log does not say it, the incident itself may."""

    system: str
    number: str
    line: int
    title: str
    opened: Instant
    severity: str
    grade: str = ""
    urgency: str = ""
    opened_by: str = ""
    service: str = ""
    teams: Sequence[str] = ()
    summary: str = ""
    entries: Sequence[Entry] = ()
    impact_started: Instant | None = None
    acknowledged: Instant | None = None
    acknowledged_by: str = ""
    ended: Instant | None = None
    ended_by: str = ""
    merged_into: str = ""
    """Another incident of the pager, in which it went on: this one was never resolved, whatever its status."""


def told_by_pager(found: Paged, names: Names) -> Told | Rejection:
    if not 0 < len(found.number) <= LONGEST_NUMBER:
        return Rejection(found.line, f"its id has {len(found.number)} characters; 1 to {LONGEST_NUMBER} are wanted")
    people = {found.opened_by, found.acknowledged_by, found.ended_by} | {
        one for entry in found.entries for one in (entry.by, entry.whom)
    }
    told = Told(
        system=found.system,
        number=found.number,
        line=found.line,
        title=names.text(found.title, people),
        at=found.opened,
        impact_started=found.impact_started,
        severity=found.severity,
        severity_reason=found.grade or found.urgency or None,
        urgency=found.urgency or None,
        by=names(found.opened_by),
        service=found.service or None,
        summary=names.text(found.summary, people),
    )
    told.steps = _Log(found, names, people).steps()
    return told


class _Log:
    """One pass over the entries, in the order of time."""

    def __init__(self, found: Paged, names: Names, people: set[str]) -> None:
        self._found, self._names, self._people = found, names, people
        self._steps: list[Event] = []
        self._acknowledged = self._active = self._over = False
        self._assignee = ""

    def steps(self) -> list[Event]:
        found = self._found
        entries = sorted(found.entries, key=lambda entry: entry.at)
        for team in found.teams[:1]:
            self._steps.append(ev.TeamAssigned(at=found.opened, team=line_of(team), by=self._names("")))
        if found.acknowledged is not None and not any(entry.what == "acknowledged" for entry in entries):
            self._acknowledge(found.acknowledged, found.acknowledged_by)
        for entry in entries:
            self._enter(entry)
        if found.ended is not None and not self._over:
            self._resolve(found.ended, found.ended_by)
        return self._steps

    def _enter(self, entry: Entry) -> None:
        by = self._names(entry.by)
        text = long_text(self._names.text(entry.text, self._people), 10_000)
        if entry.what == "acknowledged":
            self._acknowledge(entry.at, entry.by)
        elif entry.what == "assigned" and entry.whom and entry.whom != self._assignee:
            if self._assignee:
                person = self._names(self._assignee)
                self._steps.append(ev.RoleReleased(at=entry.at, role=ASSIGNEE, person=person, by=by))
            self._steps.append(ev.RoleAssigned(at=entry.at, role=ASSIGNEE, person=self._names(entry.whom), by=by))
            self._assignee = entry.whom
        elif entry.what == "paged":
            whom = self._names(entry.whom).removeprefix("source/")
            self._steps.append(ev.NoteAdded(at=entry.at, text=f"Paged {whom}{f' by {text}' if text else ''}", by=by))
        elif entry.what == "noted" and text:
            self._steps.append(ev.NoteAdded(at=entry.at, text=text, by=by))
        elif entry.what == "stage" and text:
            self._steps.append(ev.StageEntered(at=entry.at, stage=line_of(text, 100), by=by))
        elif entry.what == "mitigated":
            self._activate(entry.at, entry.by)
            self._steps.append(ev.IncidentMitigated(at=entry.at, by=by))
        elif entry.what == "reopened" and self._over:
            self._steps.append(ev.IncidentReopened(at=entry.at, by=by, reason=""))
            self._over, self._active = False, True
        elif entry.what == "resolved" and not self._over:
            self._resolve(entry.at, entry.by)

    def _acknowledge(self, at: Instant, by: str) -> None:
        if not self._acknowledged:
            self._steps.append(ev.IncidentAcknowledged(at=at, by=self._names(by)))
        self._acknowledged = True
        self._activate(at, by)

    def _activate(self, at: Instant, by: str) -> None:
        if not self._active:
            self._steps.append(ev.IncidentActivated(at=at, by=self._names(by)))
        self._active = True

    def _resolve(self, at: Instant, by: str) -> None:
        """A pager knows no closing: what is resolved is over."""
        self._activate(at, by)
        who, severity = self._names(by), self._found.severity
        self._over = True
        if self._found.merged_into:
            reason = f"merged into {line_of(self._found.merged_into)}"
            self._steps.append(ev.IncidentCancelled(at=at, by=who, reason=reason))
            return
        reason, nobody = "as told by the source", self._names("")
        self._steps.append(ev.IncidentResolved(at=at, by=who, reason=reason, severity=severity, commander=nobody))
        self._steps.append(ev.IncidentClosed(at=at, by=who))
