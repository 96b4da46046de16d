"""Every measure there is, by the letters of its instants; a name that says none is refused with what to ask for.

S impact started, D detected, P first paged, A acknowledged, C declared, M mitigated, R restored, F fault resolved,
X closed.
"""

import difflib

import numpy as np

from quarterdeck.direction.rules.measures.columns import Columns
from quarterdeck.direction.rules.measures.definition import AnyMeasure, Count, Duration, Share
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.kernel.errors import Invalid, NotFound


def _of(whole: Flags, part: Flags) -> tuple[Counts, Counts]:
    return (part & whole).astype(np.int64), whole.astype(np.int64)


def _acknowledged_in_time(columns: Columns, now: int) -> tuple[Counts, Counts]:
    """Due once the promised time has passed, whether somebody has acknowledged or not; or sooner, when somebody has."""
    known = columns.known("promised") & columns.known("paged")
    due = columns["paged"] + columns["promised"]
    said = columns.known("acknowledged")
    whole = known & (said | columns.known("resolved") | columns.known("closed") | (due < now))
    return _of(whole, said & (columns["acknowledged"] <= due))


def _reviewed_in_time(columns: Columns, now: int) -> tuple[Counts, Counts]:
    held = columns.known("held")
    whole = (held | (columns["due"] < now)) & (columns["waived"] == 0)
    return _of(whole, held & (columns["held"] <= columns["due"]))


def _improved_in_time(columns: Columns, now: int) -> tuple[Counts, Counts]:
    verified = columns.known("verified")
    whole = (verified | (columns["due"] < now)) & (columns["cancelled"] == 0)
    return _of(whole, verified & (columns["verified"] <= columns["due"]))


MEASURES: dict[str, AnyMeasure] = {
    one.id: one
    for one in (
        Duration(
            id="time-to-detect",
            name="Time to detect",
            letters="D - S",
            definition="From the start of the impact to its detection.",
            start="started",
            ends=("detected",),
            unknown="nobody has said when the impact started",
            done="detected",
        ),
        Duration(
            id="time-to-acknowledge",
            name="Time to acknowledge",
            letters="A - P",
            definition="From the first page of an incident to the first acknowledgement by a person.",
            start="paged",
            ends=("acknowledged",),
            unknown="nobody was paged",
            never="ended without an acknowledgement",
            done="acknowledged",
        ),
        Duration(
            id="time-to-mitigate",
            name="Time to mitigate",
            letters="M - D",
            definition="From detection to the end of the harm to users; where nobody said that it had ended, to the "
            "resolution.",
            start="detected",
            ends=("mitigated", "resolved"),
            done="mitigated",
        ),
        Duration(
            id="time-of-impact",
            name="Time of impact",
            letters="M - S",
            definition="From the start of the impact to the end of the harm to users, or to the resolution.",
            start="started",
            ends=("mitigated", "resolved"),
            unknown="nobody has said when the impact started",
            done="over for users",
        ),
        Duration(
            id="time-to-restore",
            name="Time to restore",
            letters="R - D",
            definition="From detection until the alerts had cleared for good; of an incident without alerts, to the "
            "resolution.",
            start="detected",
            ends=("restored", "resolved"),
            done="restored",
        ),
        Duration(
            id="time-to-resolve",
            name="Time to resolve",
            letters="F - D",
            definition="From detection to the resolution; of a reopened incident, to the last.",
            start="detected",
            ends=("resolved",),
            never="closed without a resolution",
            done="resolved",
        ),
        Duration(
            id="time-to-close",
            name="Time to close",
            letters="X - D",
            definition="From detection until the incident was closed, its review included.",
            start="detected",
            ends=("closed",),
            halts=("closed",),
            done="closed",
        ),
        Share(
            id="acknowledged-in-time",
            needs=("promised",),
            name="Acknowledged in time",
            definition="Incidents acknowledged by a person within the time that their plan revision gives their "
            "severity, counted from the first page, of those paged for whose severity it gives one and for which it "
            "has passed or somebody has acknowledged.",
            better="higher",
            counted=_acknowledged_in_time,
            what="were acknowledged within the plan's time",
        ),
        Share(
            id="reopened",
            name="Reopened",
            definition="Incidents reopened at least once, of those resolved at least once.",
            counted=lambda columns, now: _of(columns["resolutions"] > 0, columns["reopened"] > 0),
            what="were reopened after they had been resolved",
        ),
        Share(
            id="handed-over",
            name="Command handed over",
            definition="Incidents whose command passed from one person to another at least once, of all.",
            counted=lambda columns, now: _of(columns.known("declared"), columns["handovers"] > 0),
            what="passed to another commander",
        ),
        Share(
            id="updates-in-time",
            name="Updates in time",
            definition="Updates sent before any audience's deadline had passed, of those and the deadlines missed.",
            better="higher",
            counted=lambda columns, now: (
                columns["updates_kept"],
                columns["updates_kept"] + columns["updates_missed"],
            ),
            what="updates were in time",
        ),
        Share(
            id="plan-followed",
            name="Plan followed",
            definition="Mandatory steps done in time, in order and by whose task it was, of all that applied, in "
            "closed incidents.",
            better="higher",
            counted=lambda columns, now: (columns["steps_followed"], columns["steps"]),
            what="mandatory steps were followed",
        ),
        Share(
            id="found-by-monitoring",
            name="Found by monitoring",
            definition="Incidents that a signal opened, of all that were declared.",
            better="higher",
            counted=lambda columns, now: _of(columns.known("declared"), columns["monitored"] == 1),
            what="were found by monitoring, the others by people",
        ),
        Share(
            id="recurring",
            needs=("recurs",),
            name="Recurring",
            definition="Incidents with an agreed factor that another incident of the same service had in the 180 days "
            "before, of all with an agreed factor.",
            counted=lambda columns, now: _of(columns.known("recurs"), columns["recurs"] == 1),
            what="had a factor that the service had met before",
        ),
        Share(
            id="service-level-made",
            name="Service level made",
            definition="Incidents of which the system they were brought in from says that their target was met, of "
            "those judged; the last judgement counts.",
            better="higher",
            counted=lambda columns, now: _of(columns.known("level_made"), columns["level_made"] == 1),
            what="met their service level",
        ),
        Share(
            id="reassigned",
            name="Reassigned",
            definition="Incidents that went to another team at least once, of those of which it is known which team "
            "had them or how often that changed.",
            counted=lambda columns, now: _of(columns.known("reassigned"), columns["reassigned"] > 0),
            what="went to another team at least once",
        ),
        Share(
            id="ping-pong",
            needs=("came_back",),
            name="Ping-pong",
            definition="Incidents that came back to a team which had passed them on, of those of which it is known "
            "which teams had them.",
            counted=lambda columns, now: _of(columns.known("came_back"), columns["came_back"] == 1),
            what="came back to a team that had passed them on",
        ),
        Duration(
            id="time-in-queue",
            name="Time in a team's queue",
            definition="From entering a team's queue until the incident went to the next or was resolved; each visit "
            "counts.",
            of="queues",
            start="entered",
            ends=("left",),
            halts=("left",),
            done="passed on or resolved",
        ),
        Count(
            id="incidents",
            name="Incidents",
            definition="Incidents declared.",
            counted=lambda columns: columns.known("declared"),
            what="incidents",
        ),
        Count(
            id="near-misses",
            name="Near misses",
            definition="Incidents of severity SEV5, which is: no harm yet.",
            better="higher",
            counted=lambda columns: columns.words["severity"].where("SEV5"),
            what="near misses",
        ),
        Share(
            id="reviewed-in-time",
            name="Reviewed in time",
            definition="Reviews held by their due date, of those held or past it; those waived are left out.",
            of="reviews",
            better="higher",
            counted=_reviewed_in_time,
            what="reviews were held in time",
        ),
        Share(
            id="improved-in-time",
            name="Improved in time",
            definition="Improvements verified by somebody else by their due date, of those verified or past it; those "
            "cancelled are left out.",
            of="improvements",
            better="higher",
            counted=_improved_in_time,
            what="improvements were verified in time",
        ),
        Duration(
            id="lesson-to-plan",
            name="From lesson to plan",
            definition="From the day a lesson was identified until it was closed by what it changed: a revision of the "
            "plan in force, or an improvement verified.",
            of="lessons",
            start="identified",
            ends=("changed",),
            never="rejected",
            halts=("rejected",),
            done="in the plan or verified",
        ),
    )
}  # fmt: skip

_LETTERLESS = {
    "mttr": ("time-to-mitigate", "time-to-restore", "time-to-resolve", "time-to-close"),
    "mttd": ("time-to-detect",),
    "mtta": ("time-to-acknowledge",),
    "mttm": ("time-to-mitigate",),
    "mttf": ("time-to-resolve", "incidents"),
    "mtbf": ("incidents",),
}
"""Means, and names that say no letter or too many."""


def named(id: str) -> AnyMeasure:
    """The measure of that id; of a letterless name the list of what to ask for instead."""
    found = MEASURES.get(id)
    if found is not None:
        return found
    key = "".join(letter for letter in id.lower() if letter.isalpha())
    if key in _LETTERLESS:
        asked = [MEASURES[one] for one in _LETTERLESS[key]]
        asks = "; ".join(f"{one.id} ({one.letters or one.name.lower()})" for one in asked)
        which = " does not say which R it means, and" if key == "mttr" else ""
        raise Invalid(
            f"{id.upper()[:40]}{which} is a mean, which a few long incidents decide. Ask for {asks}: each has a median"
            " with its interval."
        )
    near = difflib.get_close_matches(id.lower(), MEASURES, 1)
    hint = f"did you mean {near[0]}?" if near else "`quarterdeck measure list` names all."
    raise NotFound(f"There is no measure {id[:60]!r}: {hint}")
