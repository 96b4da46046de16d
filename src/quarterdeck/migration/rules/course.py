"""The course of an incident by its rows: who had it, what it was taken for, how it stood, how it ended. Pure."""

from collections.abc import Mapping, Sequence

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.cells import Cells
from quarterdeck.migration.rules.mapping import ENDED, State
from quarterdeck.migration.rules.told import Told, line_of, long_text

Dated = tuple[int, Instant | None, Mapping[str, str]]
"""A row with its line and its instant; a table's row has none."""
ASSIGNEE = "assignee"
"""The role of the person to whom another system had assigned it."""


class Course:
    """One pass over the rows of an incident, from what was known to what became known."""

    def __init__(self, cells: Cells, told: Told, rows: Sequence[Dated]) -> None:
        self._cells, self._told, self._rows = cells, told, rows
        self._steps: list[Event] = []
        self._last = rows[-1][2]
        self._team: str | None = None
        self._person: str | None = None
        self._count: int | None = None
        self._level: bool | None = None
        self._word: str | None = None
        self._meaning: State = "new"
        self._acknowledged = False
        self._active = False
        self._severity = told.severity
        self._grades = (told.impact, told.urgency)
        self._classified = (told.type, told.service)
        self._states = [cells.state(row) for _, _, row in rows]
        self._final = _final_resolution(self._states)

    def steps(self) -> list[Event]:
        log, before = self._cells.mapping.kind == "log", self._told.at
        for index, (_, at, row) in enumerate(self._rows):
            moment = before = at or before
            by = self._cells.names(self._cells.value(row, "by"))
            self._assignments(row, moment, by)
            if index:
                self._revisions(row, moment, by)
            if log:
                self._state(row, moment, by, index)
            if note := self._cells.value(row, "note"):
                text = self._cells.names.text(note, self._cells.people(row))
                self._add(ev.NoteAdded(at=moment, text=long_text(text, 10_000), by=by))
            if log:
                self._judge(row, moment)
        if log:
            self._end_of_log(before)
        else:
            self._table()
        return self._steps

    def _add(self, event: Event) -> None:
        self._steps.append(event)

    # -- who has it -----------------------------------------------------------------------------

    def _assignments(self, row: Mapping[str, str], at: Instant, by: str) -> None:
        team = self._cells.value(row, "team")
        if team is not None and team != self._team:
            self._add(ev.TeamAssigned(at=at, team=line_of(team), was=self._team and line_of(self._team), by=by))
            self._team = team
        count = self._cells.count(row)
        if count is not None and count != self._count:
            self._add(ev.ReassignmentsCounted(at=at, count=count))
            self._count = count
        person = self._cells.value(row, "person")
        if person is not None and person != self._person:
            if self._person is not None:
                self._add(ev.RoleReleased(at=at, role=ASSIGNEE, person=self._cells.names(self._person), by=by))
            self._add(ev.RoleAssigned(at=at, role=ASSIGNEE, person=self._cells.names(person), by=by))
            self._person = person

    # -- what it is -----------------------------------------------------------------------------

    def _revisions(self, row: Mapping[str, str], at: Instant, by: str) -> None:
        cells = self._cells
        severity, grades = cells.severity(row), (cells.value(row, "impact"), cells.value(row, "urgency"))
        if severity != self._severity:
            self._add(
                ev.SeverityChanged(
                    at=at,
                    severity=severity,
                    was=self._severity,
                    computed_severity=severity,
                    impact=grades[0] and line_of(grades[0], 64),
                    urgency=grades[1] and line_of(grades[1], 64),
                    reason=cells.value(row, "priority") or "as told by the source",
                    by=by,
                )
            )
            self._severity = severity
        classified = (cells.word(row, "type"), cells.word(row, "service"))
        if classified != self._classified and any(classified):
            kept = (classified[0] or self._classified[0], classified[1] or self._classified[1])
            if kept != self._classified:
                type_, service = (one and line_of(one, longest) for one, longest in zip(kept, (64, 100), strict=True))
                self._add(ev.IncidentClassified(at=at, type=type_, service=service, by=by))
            self._classified = kept

    # -- how it stands --------------------------------------------------------------------------

    def _state(self, row: Mapping[str, str], at: Instant, by: str, index: int) -> None:
        found = self._states[index]
        if found is None or found[0] == self._word:
            return
        word, meaning = found
        self._word = word
        if meaning is None or meaning == "ignore":
            self._add(ev.StageEntered(at=at, stage=line_of(word, 100), by=by))
            return
        self._enter(meaning, word, at, by, index, row)

    def _enter(self, meaning: State, word: str, at: Instant, by: str, index: int, row: Mapping[str, str]) -> None:
        was, self._meaning = self._meaning, meaning
        if meaning == "resolved":
            self._resolve(at, by, row, word, final=index == self._final)
        elif meaning == "mitigated":
            self._begin(at, by)
            self._add(ev.IncidentMitigated(at=at, by=by))
        elif meaning in ENDED:
            self._end(meaning, self._told_end(index) or at, by, row)
        else:
            if was in ("resolved", *ENDED) and self._is_over():
                self._add(ev.IncidentReopened(at=at, by=by, reason=""))
                self._active = True
            if meaning != "new":
                self._begin(at, by, acknowledged=True)
            self._add(ev.StageEntered(at=at, stage=line_of(word, 100), waiting=meaning == "waiting", by=by))

    def _is_over(self) -> bool:
        over = (ev.IncidentResolved, ev.IncidentClosed, ev.IncidentCancelled)
        last = next((one for one in reversed(self._steps) if isinstance(one, (*over, ev.IncidentReopened))), None)
        return isinstance(last, over)

    def _begin(self, at: Instant, by: str, *, acknowledged: bool = False) -> None:
        if acknowledged and not self._acknowledged:
            self._acknowledged = True
            self._add(ev.IncidentAcknowledged(at=at, by=by))
        if not self._active:
            self._active = True
            self._add(ev.IncidentActivated(at=at, by=by))

    def _resolve(self, at: Instant, by: str, row: Mapping[str, str], word: str, *, final: bool) -> None:
        """Of several resolutions the last has the time that the source states; where it states none, it is a stage."""
        cells = self._cells
        if final and "resolved_at" in cells.columns:
            stated = cells.instant(self._last, "resolved_at")
            if stated is None:
                self._add(ev.StageEntered(at=at, stage=line_of(word, 100), by=by))
                return
            at = stated
        self._begin(at, by)
        self._add(self._resolution(at, row if not final else self._last, by))

    def _resolution(self, at: Instant, row: Mapping[str, str], by: str) -> ev.IncidentResolved:
        cells = self._cells
        resolver = cells.value(row, "resolved_by")
        reason = cells.names.text(cells.value(row, "reason") or "", cells.people(row))
        return ev.IncidentResolved(
            at=at,
            by=cells.names(resolver) if resolver else by,
            reason=long_text(reason, 2_000) or "as told by the source",
            severity=self._severity,
            commander=self._told.commander,
        )

    def _end(self, meaning: State, at: Instant, by: str, row: Mapping[str, str]) -> None:
        if meaning == "closed":
            self._add(ev.IncidentClosed(at=at, by=by))
            return
        reason = self._cells.names.text(self._cells.value(row, "reason") or "", self._cells.people(row))
        self._add(ev.IncidentCancelled(at=at, by=by, reason=long_text(reason, 2_000) or "as told by the source"))

    def _told_end(self, index: int) -> Instant | None:
        """The source's own time of closing, for the last closing."""
        later = self._states[index + 1 :]
        if any(found and found[1] not in (*ENDED, None, "ignore") for found in later):
            return None
        return self._cells.instant(self._last, "closed_at")

    # -- what the columns say at the end ---------------------------------------------------------

    def _end_of_log(self, last_at: Instant) -> None:
        """The log stops before its incident did, or has no states: what the last row's columns say comes after it."""
        cells, row = self._cells, self._last
        if self._meaning in ("resolved", *ENDED):
            return
        by = cells.names(cells.value(row, "by"))
        resolved, closed = cells.instant(row, "resolved_at"), cells.instant(row, "closed_at")
        bare = "state" not in cells.columns
        if resolved is not None and (bare or resolved >= last_at):
            self._begin(resolved, by)
            self._add(self._resolution(resolved, row, by))
            self._settle_level(row, resolved)
        if closed is not None and (bare or closed >= last_at):
            self._end("closed", closed, by, row)
            self._settle_level(row, closed)

    def _table(self) -> None:
        """A table's course: the columns say when what happened, the state how it ended."""
        cells, row, by = self._cells, self._last, self._cells.names(self._cells.value(self._last, "by"))
        seen, mitigated, resolved, closed = (
            cells.instant(row, f"{what}_at") for what in ("acknowledged", "mitigated", "resolved", "closed")
        )
        word, meaning = cells.state(row) or ("", None)
        if seen is not None:
            self._begin(seen, by, acknowledged=True)
        if mitigated is not None:
            self._begin(mitigated, by)
            self._add(ev.IncidentMitigated(at=mitigated, by=by))
        if resolved is not None:
            self._begin(resolved, by)
            self._add(self._resolution(resolved, row, by))
            self._settle_level(row, resolved)
        if meaning in ENDED or (closed is not None and meaning not in ("new", "active", "waiting", "mitigated")):
            end = closed or resolved or self._told.at
            self._end("cancelled" if meaning == "cancelled" else "closed", end, by, row)
            self._settle_level(row, end)
            return
        last = closed or resolved or mitigated or seen or self._told.at
        if resolved is not None and meaning in ("new", "active", "waiting", "mitigated"):
            self._add(ev.IncidentReopened(at=last, by=by, reason=f"the source says: {line_of(word, 100)}"))
        elif word and meaning != "new":
            if meaning in ("active", "waiting"):
                self._begin(last, by)
            self._add(ev.StageEntered(at=last, stage=line_of(word, 100), waiting=meaning == "waiting", by=by))
        if cells.level(row) is False:
            self._settle_level(row, last)

    # -- the service level -----------------------------------------------------------------------

    def _judge(self, row: Mapping[str, str], at: Instant) -> None:
        """Missed as soon as it is told; met only when it is over, because until then it can still be missed."""
        made = self._cells.level(row)
        if made is False or (made is True and self._meaning in ("resolved", *ENDED)):
            self._settle_level(row, at)

    def _settle_level(self, row: Mapping[str, str], at: Instant) -> None:
        made = self._cells.level(row)
        if made is not None and made is not self._level:
            self._level = made
            self._add(ev.ServiceLevelJudged(at=at, made=made))


def _final_resolution(states: Sequence[tuple[str, State | None] | None]) -> int | None:
    """The row with which the last stretch of being resolved begins; None: it was never set to resolved."""
    found, was = None, None
    for index, state in enumerate(states):
        meaning = state[1] if state else None
        if meaning is None or meaning == "ignore":
            continue
        if meaning == "resolved" and was != "resolved":
            found = index
        was = meaning
    return found
