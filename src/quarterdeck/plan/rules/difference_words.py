"""A change of the plan as one sentence that a manager reads: what it concerns, what holds now, what held before."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from quarterdeck.plan.rules import wording
from quarterdeck.plan.rules.lines import lines_changed
from quarterdeck.plan.rules.model import Matcher, Plan
from quarterdeck.plan.rules.wording import span

Say = Callable[[Plan, Any], str]


@dataclass(frozen=True)
class Change:
    """Two values of one path; `came` and `went`: the entry is in one of the plans only."""

    path: tuple[str, ...]
    before: Any
    after: Any
    came: bool
    went: bool
    old: Plan
    new: Plan


def sentence(change: Change) -> str:
    """`SEV1: an update is due every 15 min instead of 30 min`."""
    subject, rest = _subject(change)
    if change.path == ("communication", "status_page"):
        return _page(change)
    if (change.came or change.went) and not rest:
        return f"{subject} is new{_entry(change)}" if change.came else f"{subject} is gone"
    if rest == ("order",) and isinstance(change.after, list):
        return f"{subject}: the order is now {', '.join(change.after)}"
    if words := _words(change.path):
        return _told(change, subject, *words)
    return _plainly(change, subject, rest)


def subject(plan: Plan, path: tuple[str, ...]) -> str:
    """`SEV1: update every`; `Procedure “Service outage”, step “Declare”: within`."""
    name, rest = _subject(Change(path, None, None, False, False, plan, plan))
    return f"{name}: {' '.join(rest).replace('_', ' ')}" if rest else name


def value(plan: Plan, path: tuple[str, ...], json_value: Any) -> str:
    """What holds: `an update is due every 15 min`; in general words where a clause has none of its own."""
    if json_value is None:
        return "not set"
    if words := _words(path):
        yes, _, no = words[0].partition("|")
        return (yes if json_value else no) if no else yes.format(words[1](plan, json_value))
    return _value(json_value)


# -- what it concerns --------------------------------------------------------------------------------

_SUBJECTS = {
    "posts.*": "Post “{}”",
    "roles.*": "Role “{}”",
    "types.*": "Type “{}”",
    "procedures.*": "Procedure “{}”",
    "policies.*": "Policy “{}”",
    "guidelines.*": "Guideline “{}”",
    "objectives.*": "Objective “{}”",
    "measures.*": "Measure “{}”",
    "standards.*": "Standard “{}”",
    "escalation.*": "Escalation path “{}”",
    "routing.*": "Route “{}”",
    "severity.impact.*": "Impact “{}”",
    "severity.urgency.*": "Urgency “{}”",
    "communication.audiences.*": "Audience “{}”",
    "communication.elevation.*": "Elevation “{}”",
}


def _subject(change: Change) -> tuple[str, tuple[str, ...]]:
    path = change.path
    match path:
        case ("routing", "order") | ("communication", "elevation", "order"):
            return "Routes" if path[0] == "routing" else "Elevations", ("order",)
        case ("severity", "impact" | "urgency" as scale, "order"):
            return f"Grades of {scale}", ("order",)
        case ("severity", "levels", level, *rest):
            return level, tuple(rest)
        case ("severity", "matrix", impact, urgency):
            return f"Impact {_grade(change, 'impact', impact)} with urgency {_grade(change, 'urgency', urgency)}", ()
        case ("severity", "matrix", impact):
            return f"The matrix for impact {_grade(change, 'impact', impact)}", ()
        case ("procedures", id, "steps", step, *rest) if step != "order":
            inner = f"step “{_title(change, path[:4])}”"
            return f"Procedure “{_title(change, ('procedures', id))}”, {inner}", tuple(rest)
        case ("procedures", id, "steps", "order"):
            return f"Procedure “{_title(change, ('procedures', id))}”, steps", ("order",)
        case ("escalation", id, "levels", number, *rest):
            return f"Escalation path “{_title(change, ('escalation', id))}”, rung {number}", tuple(rest)
        case ("communication", "status_page", "parts", "order"):
            return "Status page, parts", ("order",)
        case ("communication", "status_page", "parts", id, *rest):
            return f"Status page, part “{_title(change, path[:4])}”", tuple(rest)
        case ("communication", "status_page", *rest):
            return "Status page", tuple(rest)
        case ("communication", "audiences", id, "cadence", severity, *rest):
            return f"Audience “{_title(change, path[:3])}” at {severity}", tuple(rest)
    for length in (3, 2):
        pattern = ".".join((*path[: length - 1], "*"))
        if len(path) >= length and pattern in _SUBJECTS:
            return _SUBJECTS[pattern].format(_title(change, path[:length])), path[length:]
    return {"calendar": "Calendar", "defaults": "Until somebody knows better"}.get(path[0], "The plan"), (
        path[1:] if path[0] in ("calendar", "defaults") else path
    )


def _title(change: Change, path: Sequence[str]) -> str:
    """The title that an entry has now, or had; its id where it has none."""
    for plan in (change.new, change.old):
        if found := getattr(_at(plan, path), "title", None):
            return str(found)
    return path[-1]


def _at(plan: Plan, path: Sequence[str]) -> Any:
    here: Any = plan
    for part in path:
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, tuple):
            here = next(
                (item for item in here if part in (getattr(item, "id", None), getattr(item, "name", None))), None
            )
        else:
            here = getattr(here, part, None)
    return here


def _grade(change: Change, scale: str, id: str) -> str:
    return f"“{_title(change, ('severity', scale, id))}”"


def _entry(change: Change) -> str:
    """What is said of a new entry beside that it is new."""
    match change.path, change.after:
        case (("procedures", _), {"steps": steps}):
            return f", with {len(steps)} step{'s' if len(steps) != 1 else ''}"
        case (("procedures", _, "steps", _), {"role": role, "within": within, "mandatory": mandatory}):
            said = [f"by {_role(change.new, role)}"]
            said += [f"within {span(within)}"] if within else []
            return ": " + ", ".join(said + (["mandatory"] if mandatory else []))
        case (("posts", _), {"login": login}):
            return f", held by {login}"
        case (("severity", "matrix", _, _), str(level)):
            return f": {level}"
        case (("escalation", _, "levels", _), {"notify": targets, "acknowledge_within": minutes}):
            return f": pages {_targets(change.new, targets)}, waits {span(minutes)}"
        case (("communication", "audiences", _, "cadence", _), {"first_within": first, "every": every}):
            return f": told within {span(first)}, then every {span(every)}"
        case (("communication", "status_page", "parts", _), {"services": services}):
            return f": stands on {', '.join(services)}"
    return ""


def _page(change: Change) -> str:
    """Who may see what is the first thing to be said of a status page."""
    match change.after:
        case {"title": title, "audience": audience}:
            return f"Anybody may read what {_audience(change.new, audience)} are told: the status page “{title}” is new"
    return "Nobody outside may read anything any more: the status page is gone"


# -- what holds now, and what held before ------------------------------------------------------------


def _role(plan: Plan, id: str) -> str:
    return f"the role “{plan.roles[id].title}”" if id in plan.roles else id


def _targets(plan: Plan, targets: Sequence[str]) -> str:
    return ", ".join(wording.target(plan, target) for target in targets)


def _titled(section: str) -> Say:
    def say(plan: Plan, id: Any) -> str:
        found = getattr(plan, section).get(id)
        return f"“{found.title}”" if found else str(id)

    return say


def _audience(plan: Plan, id: str) -> str:
    return f"“{plan.communication.audiences[id].title}”" if id in plan.communication.audiences else id


def _quoted(plan: Plan, value: Any) -> str:
    return f"“{value}”"


def _minutes(plan: Plan, value: Any) -> str:
    return span(value)


def _days(plan: Plan, value: Any) -> str:
    return span(value * 1440)


def _listed(plan: Plan, value: Any) -> str:
    return ", ".join(map(str, value)) or "none"


def _matchers(plan: Plan, value: Any) -> str:
    return wording.matchers(tuple(Matcher.model_validate_json(json.dumps(test)) for test in value))


def _raw(plan: Plan, value: Any) -> str:
    return str(value)


_WORDS: dict[str, tuple[str, Say]] = {
    "severity.levels.*.update_every": ("an update is due every {}", _minutes),
    "severity.levels.*.acknowledge_within": ("a page is to be acknowledged within {}", _minutes),
    "severity.levels.*.escalation": ("pages go by the path {}", _titled("escalation")),
    "severity.levels.*.urgent": ("pages whatever the hour|waits for working hours", _raw),
    "severity.levels.*.review.due_working_days": ("the review is due within {} working days", _raw),
    "severity.levels.*.review.facilitator": ("the review is led by {}", wording.post),
    "severity.levels.*.review.commander_may_lead": (
        "the commander may lead the review|the commander may not lead the review",
        _raw,
    ),
    "severity.matrix.*.*": ("gives {}", _raw),
    "posts.*.login": ("held by {}", _raw),
    "roles.*.filled_by": ("filled by {}", wording.target),
    "types.*.severity_floor": ("never less severe than {}", _raw),
    "types.*.procedure": ("worked through by the procedure {}", _titled("procedures")),
    "types.*.escalation": ("pages go by the path {}", _titled("escalation")),
    "types.*.commander_post": ("commanded at first by {}", wording.post),
    "types.*.parent": ("a kind of {}", _titled("types")),
    "procedures.*.steps.*.within": ("due within {}", _minutes),
    "procedures.*.steps.*.counted_from": ("its deadline counts from “{}”", _raw),
    "procedures.*.steps.*.role": ("done by {}", _role),
    "procedures.*.steps.*.mandatory": ("mandatory|optional", _raw),
    "procedures.*.steps.*.skip": ("may be skipped “{}”", _raw),
    "procedures.*.steps.*.evidence": ("the evidence wanted is {}", _quoted),
    "procedures.*.steps.*.after": ("comes after {}", _listed),
    "procedures.*.steps.*.on_severity": ("only at {}", _listed),
    "escalation.*.levels.*.notify": ("pages {}", _targets),
    "escalation.*.levels.*.acknowledge_within": ("waits {} for an answer", _minutes),
    "escalation.*.repeat": ("gone through again {} times", _raw),
    "escalation.*.final": ("ends at {}", wording.post),
    "communication.audiences.*.cadence.*.first_within": ("told first within {}", _minutes),
    "communication.audiences.*.cadence.*.every": ("told every {}", _minutes),
    "communication.audiences.*.by": ("told by {}", _role),
    "communication.audiences.*.to": ("sent to {}", _targets),
    "communication.audiences.*.approver": ("agreed to by {}", _role),
    "communication.elevation.*.open_longer_than": ("when open for longer than {}", _minutes),
    "communication.elevation.*.update_overdue_by": ("when an update is overdue by {}", _minutes),
    "communication.elevation.*.acknowledge_within": ("waits {} for an answer", _minutes),
    "communication.elevation.*.severities": ("at {}", _listed),
    "communication.elevation.*.tolerance_breached": (
        "only when the service's tolerance is breached|whether or not the service's tolerance is breached",
        _raw,
    ),
    "communication.elevation.*.to": (
        "goes to {}",
        lambda plan, value: ", then ".join(wording.post(plan, id) for id in value),
    ),
    "communication.elevation.*.by": ("answered for by {}", _role),
    "communication.status_page.audience": ("anybody may read what {} are told", _audience),
    "communication.status_page.parts.*.services": ("stands on {}", _listed),
    "routing.*.service": ("the service is {}", _raw),
    "routing.*.type": ("the type is {}", _titled("types")),
    "routing.*.match": ("takes signals whose {}", _matchers),
    "routing.*.group_by": ("grouped by {}", _listed),
    "routing.*.group_window": ("a signal joins a group for {}", _minutes),
    "routing.*.auto_resolve": ("resolves by itself|does not resolve by itself", _raw),
    "routing.*.auto_resolve_after": ("resolves when clear for {}", _minutes),
    "defaults.type": ("an incident is of the type {}", _titled("types")),
    "commander": ("incidents are directed by {}", _role),
    "policy": ("it stands under the policy {}", _titled("policies")),
    "measures.*.window_days": ("measured over {}", _days),
    "measures.*.measured_by": ("computed as the figure {}", _raw),
    "measures.*.severities": ("only of {}", _listed),
    "measures.*.types": ("only of the types {}", _listed),
    "measures.*.services": ("only of the services {}", _listed),
    "guidelines.*.procedure": ("explains the procedure {}", _titled("procedures")),
    "objectives.*.owner": ("answered for by {}", wording.post),
    "measures.*.owner": ("kept by {}", wording.post),
}
for _document in ("", "policies.*.", "procedures.*.", "guidelines.*."):
    _WORDS |= {
        f"{_document}owner": ("kept by {}", wording.post),
        f"{_document}approver": ("approved by {}", wording.post),
        f"{_document}review_interval_days": ("reviewed every {}", _days),
        f"{_document}review_on": ("also reviewed on {}", _listed),
        f"{_document}serves": ("serves {}", _listed),
        f"{_document}classification": ("classified as {}", _raw),
    }


def _words(path: Sequence[str]) -> tuple[str, Say] | None:
    """The words for a path: the pattern's own parts must be equal, `*` stands for any one."""
    return next(
        (
            words
            for pattern, words in _WORDS.items()
            if len(parts := pattern.split(".")) == len(path)
            and all(part in ("*", have) for part, have in zip(parts, path, strict=True))
        ),
        None,
    )


def _told(change: Change, subject: str, phrase: str, say: Say) -> str:
    yes, _, no = phrase.partition("|")
    if no:
        return f"{subject}: now {yes if change.after else no}"
    if change.after is None:
        return f"{subject}: no longer {yes.format(say(change.old, change.before))}"
    after = say(change.new, change.after)
    if change.before is None:
        return f"{subject}: now {yes.format(after)}, which was not set before"
    before = say(change.old, change.before)
    if before == after:  # the same words for different things: tell the things
        before, after = f"{before} ({_value(change.before)})", f"{after} ({_value(change.after)})"
    return f"{subject}: {yes.format(after)} instead of {before}"


def _plainly(change: Change, subject: str, rest: Sequence[str]) -> str:
    """A sentence for whatever has none of its own."""
    what = " ".join(rest).replace("_", " ") or "it"
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > 80:
        return f"{subject}: {what} was reworded ({lines_changed(before, after)})"
    if isinstance(before, list) and isinstance(after, list):
        return f"{subject}: {what}: {_list_changes(before, after)}"
    if change.came or before is None:
        return f"{subject}: {what} is now {_value(after)}, which was not set before"
    if change.went or after is None:
        return f"{subject}: {what} is no longer {_value(before)}"
    return f"{subject}: {what} is now {_value(after)} instead of {_value(before)}"


def _list_changes(before: Sequence[Any], after: Sequence[Any]) -> str:
    came, went = ([one for one in here if one not in there] for here, there in ((after, before), (before, after)))
    if not came and not went:
        return f"the order or the number is now {_value(after)}"
    said = [f"added {', '.join(map(_value, came))}"] if came else []
    return "; ".join(said + ([f"removed {', '.join(map(_value, went))}"] if went else []))


def _value(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            line = " ".join(value.split())
            return f"“{line[:77]}…”" if len(line) > 80 else f"“{line}”"
        case list():
            return ", ".join(map(_value, value)) or "none"
        case dict():
            return ", ".join(
                f"{name.replace('_', ' ')} {_value(one)}" for name, one in value.items() if one is not None
            )
        case None:
            return "none"
    return str(value)
