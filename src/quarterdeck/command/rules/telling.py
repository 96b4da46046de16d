"""The story: one plain sentence for each kind of recorded fact, by its stored name.

Facts of rooms above are told too: they are known here by their stored names and plain values only, never by import.
A fact that nobody wrote a sentence for is told by its own name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

STREAMS = ("incident", "escalation", "comms", "obligations", "review", "factors")
"""What a timeline is read from: the incident's own stream, and those of other rooms that bear its number."""
UNTOLD = (
    "learning.ReviewWritten",
    "learning.ObservationMade",
    "learning.ObservationRevised",
    "learning.ObservationWithdrawn",
    "learning.ObservationGrew",
    "learning.EntryTold",
    "learning.ReviewCommented",
    "learning.CommentSettled",
)
"""What people do afterwards at their desks with the account of the incident: long texts, and no part of it."""
Name = Callable[[Any], str]
"""An id to the name that people know."""


@dataclass(frozen=True)
class Tell:
    """`say(data, name)` gives the sentence; `key`: it belongs to the short story; `body`: the field with free text."""

    say: Callable[[Mapping[str, Any], Name], str]
    key: bool = True
    body: str | None = None
    icon: str = "dot"


def _title(d: Mapping[str, Any]) -> str:
    return str(d.get("title") or d.get("task") or "")


def _because(d: Mapping[str, Any]) -> str:
    return f": {d['reason']}" if d.get("reason") else ""


def _severity(d: Mapping[str, Any], name: Name) -> str:
    computed = "" if d["severity"] == d["computed_severity"] else f" (the plan computes {d['computed_severity']})"
    verb = "raised" if d["severity"] < d["was"] else "lowered" if d["severity"] > d["was"] else "kept at"
    changed = f"from {d['was']} to {d['severity']}" if d["severity"] != d["was"] else d["severity"]
    return f"{name(d['by'])} {verb} the severity {changed}{computed}{_because(d)}"


def _assessed(d: Mapping[str, Any], name: Name) -> str:
    answer = "has to be notified" if d["notifiable"] else "has not to be notified"
    return f"{name(d['by'])} said that it {answer} under {d['regime']}"


def _attested(d: Mapping[str, Any], name: Name) -> str:
    verb = "corrected" if d.get("was") else "attested"
    return f"{name(d['by'])} {verb} an instant, {d['anchor']} ({d['regime']}): {_day(d['instant'])}"


def _handed_in(d: Mapping[str, Any], name: Name) -> str:
    reference = f", {d['reference']}" if d.get("reference") else ""
    verb = "corrected a notice" if d.get("corrects") else "handed in a notice"
    return f"{name(d['by'])} {verb}: {d['clock']} ({d['regime']}), {_day(d['instant'])}{reference}"


def _declared(d: Mapping[str, Any], name: Name) -> str:
    plan = f" under plan revision {d['plan_revision']}" if d.get("plan_revision") else ""
    if d.get("source"):
        return f"Brought in from {d['source']} by {name(d['declared_by'])} as {d['severity']}"
    drill = "Drill declared" if d.get("drill") else "Declared"
    default = ", by post" if d.get("commander_by_default") else ""
    return f"{drill} {d['severity']}{plan} by {name(d['declared_by'])}; {name(d['commander'])} commands{default}"


def _added(d: Mapping[str, Any], name: Name) -> str:
    due = f", due {_clock(d['due'])}" if d.get("due") else ""
    return f"{'Step of the plan' if d.get('step') else name(d['by']) + ' added a task'}: {_title(d)}{due}"


def _deviation(d: Mapping[str, Any], name: Name) -> str:
    verdict = {"necessary": "necessary", "mistake": "a mistake"}.get(d["verdict"], "better than the plan")
    return f"{name(d['by'])} called not following “{_title(d)}” {verdict}"


def _clock(at: str) -> str:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).strftime("%H:%M UTC")


def _day(at: str) -> str:
    """`Mon 9 Mar 07:00 UTC`."""
    moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return f"{moment:%a} {moment.day} {moment:%b %H:%M} UTC"


def _times(d: Mapping[str, Any], name: Name) -> str:
    given = [
        f"{words} {d[field].replace('T', ' ')[:16]} UTC"
        for field, words in (("impact_started", "the impact began"), ("detected_at", "detected"))
        if d.get(field)
    ]
    return f"{name(d['by'])} corrected the times: {', '.join(given)}{_because(d)}"


def _classified(d: Mapping[str, Any], name: Name) -> str:
    return f"{name(d['by'])} set type {d.get('type') or 'unknown'} and service {d.get('service') or 'unknown'}"


def _team(d: Mapping[str, Any], name: Name) -> str:
    was = f" from {d['was']}" if d.get("was") else ""
    return f"{name(d['by'])} passed it{was} to {d['team']}"


def _stage(d: Mapping[str, Any], name: Name) -> str:
    return f"{name(d['by'])} set it to “{d['stage']}”{': it waits for somebody else' if d.get('waiting') else ''}"


def _service_level(d: Mapping[str, Any], name: Name) -> str:
    target = f" ({d['target']})" if d.get("target") else ""
    return f"The service level was {'met' if d['made'] else 'missed'}{target}"


def _times_over(count: int) -> str:
    return "once" if count == 1 else f"{count} times" if count else "never"


_TURNS = {
    "started": "Paging begins with {level}",
    "unacknowledged": "Nobody acknowledged in time: it is the turn of {level}",
    "nobody reached": "Nobody there could be paged: it is the turn of {level}",
    "escalated": "{by} called {level}",
    "declined": "{by} gave it back: it is the turn of {level}",
    "undeliverable": "No page got through: it is the turn of {level}",
    "overdue": "A level could not be worked out and is passed over: it is the turn of {level}",
    "support hours": "Support hours have begun: it is the turn of {level}",
    "severity raised": "The severity cannot wait any more: it is the turn of {level}",
}
"""Why it is a level's turn, by the reason recorded."""
_UNREACHED = {
    "NobodyOnCall": "nobody is on call",
    "NoSuchSchedule": "there is no such schedule",
    "EmptyTeam": "the team is empty",
    "UnknownTeam": "there is no such team",
    "UnknownPost": "there is no such post",
    "UnknownPerson": "there is no such person",
    "PersonInactive": "the person is not active",
    "NoContactMethod": "there is no verified way to reach the person",
}


def _level(d: Mapping[str, Any]) -> str:
    again = f", round {d['round']}" if d.get("round", 1) > 1 else ""
    return f"level {d['level']}{again}" if d.get("level") else f"the senior manager{again}"


def _turn(d: Mapping[str, Any], name: Name) -> str:
    words = _TURNS.get(d["reason"], "It is the turn of {level}")
    return words.format(level=_level(d), by=name(d["by"]) if d.get("by") else "Somebody")


def _reached(d: Mapping[str, Any], name: Name) -> str:
    paged = ", ".join(name(one["person"]) for one in d.get("people") or ())
    missed = "; ".join(
        f"{name(one['person']) if one.get('person') else one['target']} could not be paged: "
        f"{_UNREACHED.get(one['reason'], one['reason'])}"
        for one in d.get("unreached") or ()
    )
    told = f"{_level(d).capitalize()}: {paged + ' paged' if paged else 'nobody paged'}"
    return f"{told}; {missed}" if missed else told


def _started(d: Mapping[str, Any], name: Name) -> str:
    why = {"severity raised": ", because the severity was raised", "reopened": ", because the incident is back"}
    asked = f", because {name(d['by'])} asked for it" if d.get("reason") == "asked for" else ""
    return f"Paging began by the path “{d['path']}”{why.get(d.get('reason', ''), asked)}"


def _took(d: Mapping[str, Any], name: Name) -> str:
    by = {"link": " from the page", "reply": " by a reply", "incident": " on the incident"}.get(d.get("how", ""), "")
    return f"{name(d['by'])} acknowledged{by}; paging stopped"


def _audiences(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _update_sent(d: Mapping[str, Any], name: Name) -> str:
    told = _audiences(audience for audience, text in d["texts"].items() if not text.get("waits_for"))
    waits = _audiences(audience for audience, text in d["texts"].items() if text.get("waits_for"))
    what = "no change" if d.get("unchanged") else "the last update" if d.get("last") else f"update {d['update']}"
    following = f"; the next one by {_clock(d['next_update'])}" if d.get("next_update") else ""
    asked = f"; waiting for an agreement: {waits}" if waits else ""
    return f"{name(d['by'])} told {told or 'nobody yet'}: {what}{asked}{following}"


def _elevation_told(d: Mapping[str, Any], name: Name) -> str:
    if d.get("person"):
        return f"The elevation “{d['elevation']}” went to {name(d['person'])} ({d['post']})"
    why = _UNREACHED.get(d.get("unreached") or "", "nobody could be told")
    return f"The elevation “{d['elevation']}” reached nobody at {d['post']}: {why}"


def _transferred(d: Mapping[str, Any], name: Name) -> str:
    if d["was"] == d["to"]:
        return f"{name(d['to'])}, who commanded by post, took command in person{_because(d)}"
    return f"Command passed from {name(d['was'])} to {name(d['to'])}{_because(d)}"


def _reminded(d: Mapping[str, Any], name: Name) -> str:
    people = ", ".join(name(one) for one in d.get("people") or ())
    return f"{people or 'Nobody'} was told that an update is overdue ({d['rung']})"


TELLS: dict[str, Tell] = {
    "command.IncidentDeclared": Tell(_declared, body="summary", icon="siren"),
    "command.IncidentAcknowledged": Tell(lambda d, n: f"{n(d['by'])} acknowledged", icon="user-check"),
    "command.IncidentActivated": Tell(lambda d, n: f"{n(d['by'])} ended triage: it is an incident", False),
    "command.IncidentClassified": Tell(_classified, False),
    "command.SeverityChanged": Tell(_severity, icon="gauge"),
    "command.ImpactStated": Tell(lambda d, n: f"{n(d['by'])} stated the impact", body="statement"),
    "command.TimesCorrected": Tell(_times),
    "command.CommandTransferred": Tell(_transferred, icon="users"),
    "command.RoleAssigned": Tell(lambda d, n: f"{n(d['person'])} became {n(d['role'])}"),
    "command.RoleReleased": Tell(lambda d, n: f"{n(d['person'])} is no longer {n(d['role'])}", False),
    "command.TaskAdded": Tell(_added, False),
    "command.TaskAssigned": Tell(lambda d, n: f"{n(d['person'])} took on: {_title(d)}", False),
    "command.TaskDone": Tell(lambda d, n: f"{n(d['by'])} finished: {_title(d)}", body="evidence", icon="check"),
    "command.TaskSkipped": Tell(lambda d, n: f"{n(d['by'])} skipped: {_title(d)}", body="reason"),
    "command.TaskOverdue": Tell(lambda d, n: f"Overdue: {_title(d)}", icon="alarm-clock"),
    "command.TaskDueSet": Tell(
        lambda d, n: f"{_title(d)} is due {_clock(d['due'])}" if d.get("due") else f"{_title(d)} has no deadline now",
        False,
    ),
    "command.TaskFellAway": Tell(lambda d, n: f"No longer applies: {_title(d)}", False),
    "command.DeviationExplained": Tell(_deviation, body="why"),
    "command.NoteAdded": Tell(lambda d, n: f"{n(d['by'])} noted", body="text", icon="message-square"),
    "command.AlertsCleared": Tell(lambda d, n: "All alerts of a group cleared"),
    "command.AlertsReturned": Tell(lambda d, n: "An alert that had cleared fires again"),
    "command.IncidentMitigated": Tell(lambda d, n: f"{n(d['by'])} mitigated", body="how", icon="shield-check"),
    "command.IncidentResolved": Tell(lambda d, n: f"{n(d['by'])} resolved", body="reason", icon="circle-check"),
    "command.IncidentReopened": Tell(lambda d, n: f"{n(d['by'])} reopened", body="reason"),
    "command.ReviewBegun": Tell(lambda d, n: "The review began", False),
    "command.ReviewSettled": Tell(lambda d, n: f"The review that was owed has been {d['outcome']}", False),
    "command.IncidentClosed": Tell(lambda d, n: f"{n(d['by'])} closed", icon="check-check"),
    "command.IncidentDeclined": Tell(lambda d, n: f"{n(d['by'])} declined: not an incident", body="reason"),
    "command.IncidentMerged": Tell(lambda d, n: f"{n(d['by'])} merged this into INC-{d['into']}"),
    "command.IncidentAbsorbed": Tell(lambda d, n: f"{n(d['by'])} merged INC-{d['number']} into this: {d['title']}"),
    "command.IncidentCancelled": Tell(lambda d, n: f"{n(d['by'])} cancelled", body="reason"),
    "command.TeamAssigned": Tell(_team, icon="users"),
    "command.ReassignmentsCounted": Tell(lambda d, n: f"Reassigned {_times_over(d['count'])} so far", False),
    "command.StageEntered": Tell(_stage, False),
    "command.ServiceLevelJudged": Tell(_service_level, icon="timer"),
    "command.DoubtRaised": Tell(lambda d, n: "The source contradicts itself", body="text", icon="triangle-alert"),
    "oncall.EscalationStarted": Tell(_started, False, icon="bell-ring"),
    "oncall.LevelDue": Tell(_turn, False, icon="bell-ring"),
    "oncall.LevelReached": Tell(_reached, icon="bell-ring"),
    "oncall.PagingPostponed": Tell(
        lambda d, n: f"Not urgent: the next page waits for support hours, {_day(d['until'])}", icon="clock"
    ),
    "oncall.PageRequested": Tell(lambda d, n: f"A page for {n(d['person'])} is on its way", False),
    "oncall.PageDeclined": Tell(lambda d, n: f"{n(d['by'])} cannot take the page", icon="circle-x"),
    "oncall.PageFailed": Tell(
        lambda d, n: f"The page for {n(d['person'])} could not be delivered by any method", icon="triangle-alert"
    ),
    "oncall.EscalationAcknowledged": Tell(_took, False, icon="user-check"),
    "oncall.AcknowledgedAgain": Tell(lambda d, n: f"{n(d['by'])} acknowledged too", False, icon="user-check"),
    "oncall.SeverityFollowed": Tell(lambda d, n: f"From now on pages say {d['severity']}", False),
    "oncall.DeadlineMended": Tell(
        lambda d, n: f"The clock was set back: the next level has its turn {_day(d['until'])}", False, icon="clock"
    ),
    "oncall.EscalationStopped": Tell(lambda d, n: f"Paging stopped{_because(d)}", False, icon="bell-off"),
    "oncall.EscalationExhausted": Tell(
        lambda d, n: f"Nobody answered: the senior manager was paged {d['rounds']} times, and paging has ended",
        icon="octagon-alert",
    ),
    "comms.CommunicationBegun": Tell(
        lambda d, n: f"The communication plan of revision {d['plan_revision']} runs: {len(d['due'])} audiences", False
    ),
    "comms.PaceChanged": Tell(lambda d, n: f"From now on updates follow {d['severity']}", False),
    "comms.CommunicationStopped": Tell(
        lambda d, n: "Updates stop" + (", after a last one" if d.get("last_update_wanted") else "") + _because(d), False
    ),
    "comms.UpdateSent": Tell(_update_sent, icon="megaphone"),
    "comms.UpdateApproved": Tell(
        lambda d, n: f"{n(d['by'])} agreed to update {d['update']}; it went to “{d['audience']}”", icon="megaphone"
    ),
    "comms.NoticePublished": Tell(
        lambda d, n: f"{n(d['by'])} published a word on the status page", body="text", icon="megaphone"
    ),
    "comms.UpdateOverdue": Tell(
        lambda d, n: f"An update is overdue since {_clock(d['due'])}: {_audiences(d['audiences'])}", icon="alarm-clock"
    ),
    "comms.ReminderSent": Tell(_reminded, False),
    "comms.ElevationDue": Tell(lambda d, n: f"The plan's conditions for elevation hold: “{d['rule']}”", False),
    "comms.Elevated": Tell(
        lambda d, n: f"Elevated to {', '.join(d['to'])}: {d['title']}", body="text", icon="chevrons-up"
    ),
    "comms.ElevationTold": Tell(_elevation_told),
    "comms.ElevationClimbed": Tell(
        lambda d, n: f"The elevation “{d['elevation']}” climbs to the next post: {d['reason']}", False
    ),
    "comms.ElevationAcknowledged": Tell(
        lambda d, n: f"{n(d['by'])} took note of the elevation “{d['elevation']}”", icon="user-check"
    ),
    "comms.ElevationExhausted": Tell(
        lambda d, n: f"Nobody took note of the elevation “{d['elevation']}”, however often it was sent",
        icon="octagon-alert",
    ),
    "comms.DecisionTaken": Tell(lambda d, n: f"{n(d['by'])} decided", body="decision", icon="check"),
    "obligations.RegimeAsked": Tell(
        lambda d, n: f"Asked whether it has to be notified: {d['regime']['title']}", icon="clipboard-list"
    ),
    "obligations.TimesTakenUp": Tell(lambda d, n: "The legal clocks took up the corrected times", False),
    "obligations.RegimeAssessed": Tell(_assessed, body="reason", icon="clipboard-check"),
    "obligations.AnchorAttested": Tell(_attested, body="source", icon="clock"),
    "obligations.AnchorWithdrawn": Tell(
        lambda d, n: f"{n(d['by'])} withdrew an instant: {d['anchor']} ({d['regime']})", body="reason"
    ),
    "obligations.NoticeHandedIn": Tell(_handed_in, body="text", icon="check"),
    "obligations.ClockWaived": Tell(
        lambda d, n: f"{n(d['by'])} waived a legal notice: {d['clock']} ({d['regime']})", body="reason"
    ),
    "obligations.DutyFellAway": Tell(lambda d, n: f"No notice is owed any more under {d['regime']}", body="reason"),
    "obligations.ReminderDue": Tell(
        lambda d, n: f"A legal clock runs down: {d['clock'] or 'the question'} ({d['regime']})", False
    ),
    "obligations.ClockMissed": Tell(
        lambda d, n: f"A legal deadline was missed: {d['clock']} ({d['regime']}), due {_day(d['due'])}",
        icon="octagon-alert",
    ),
    "learning.ReviewOpened": Tell(lambda d, n: f"A review is owed {d['rule']}, by {d['due'][:10]}"),
    "learning.ReviewOverdue": Tell(lambda d, n: "The review is overdue", icon="alarm-clock"),
    "learning.FacilitatorAssigned": Tell(lambda d, n: f"{n(d['person'])} leads the review", False),
    "learning.ParticipantsNamed": Tell(
        lambda d, n: f"{n(d['by'])} named who takes part in the review: {len(d['people'])}", False
    ),
    "learning.ReviewScheduled": Tell(
        lambda d, n: f"The review meets {_day(d['meets_at'])}" if d.get("meets_at") else "The review has no date now",
        False,
    ),
    "learning.ReviewSubmitted": Tell(lambda d, n: f"{n(d['by'])} handed in the review", False),
    "learning.ReviewReturned": Tell(lambda d, n: f"{n(d['by'])} gave the review back", False, body="comment"),
    "learning.ReviewApproved": Tell(lambda d, n: f"{n(d['by'])} approved the review", body="comment"),
    "learning.ReviewPublished": Tell(lambda d, n: f"{n(d['by'])} published the review", body="text", icon="megaphone"),
    "learning.ReviewHeld": Tell(lambda d, n: f"Review held, led by {n(d['facilitator'])}", body="summary"),
    "learning.ReviewWaived": Tell(lambda d, n: f"{n(d['by'])} waived the review", body="reason"),
    "learning.FactorFound": Tell(
        lambda d, n: f"{n(d['by'])} found a contributing factor ({d['code']})", False, body="text", icon="search"
    ),
    "learning.FactorRevised": Tell(
        lambda d, n: f"{n(d['by'])} revised {d['factor']} ({d['code']})", False, body="text"
    ),
    "learning.FactorAgreed": Tell(lambda d, n: f"{n(d['by'])} agreed that {d['factor']} contributed", False),
    "learning.FactorWithdrawn": Tell(lambda d, n: f"{n(d['by'])} withdrew {d['factor']}", False, body="reason"),
    "learning.ReviewCancelled": Tell(lambda d, n: f"The review is no longer owed{_because(d)}", False),
}


def tell(type_: str) -> Tell:
    """How to tell this type; an unknown one by its own name (“Level reached”), outside the short story."""
    found = TELLS.get(type_)
    if found is not None:
        return found
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type_.rpartition(".")[2]).capitalize()
    return Tell(lambda d, n: words, key=False)
