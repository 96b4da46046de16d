"""A scenario cut from what happened, or outlined from the plan alone: signals become injects, steps what is expected.

Names are left out: whoever replays it shall not be told who did what.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Plan, commanding_role, steps_for
from quarterdeck.plan.rules.yaml_text import block

LONGEST = 240
"""Minutes. What lasted longer is told faster."""
SHORTEST = 30
MOST_SIGNALS = 40
MOST_NOTES = 40
_LABEL = re.compile(r"^[A-Za-z_][A-Za-z0-9_.:/-]{0,127}$")
_KEY = re.compile(r"[^a-z0-9]+")
_FILLED_IN = ("service", "alertname", "severity")


@dataclass(frozen=True)
class Signal:
    """`over` None: it never cleared."""

    title: str
    severity: str
    labels: Mapping[str, str]
    raised: Instant
    over: Instant | None = None


@dataclass(frozen=True)
class Note:
    at: Instant
    text: str


@dataclass(frozen=True)
class History:
    """What an incident's record holds of a scenario. `names`: what people are called → who they were."""

    number: int
    title: str
    type: str | None
    severity: str
    service: str | None
    impact: str | None
    urgency: str | None
    declared_at: Instant
    acknowledged_at: Instant | None
    mitigated_at: Instant | None
    ended_at: Instant | None
    signals: tuple[Signal, ...] = ()
    notes: tuple[Note, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def cut(history: History, plan: Plan) -> str:
    """The scenario of a past incident, as YAML."""
    start = min([history.declared_at, *(one.raised for one in history.signals)])
    end = history.mitigated_at or history.ended_at or start + timedelta(hours=1)
    lasted = max(SHORTEST, _minutes(end - start) + 15)
    pace = min(1.0, LONGEST / lasted)
    clock = _Clock(start, pace)
    type = history.type if history.type in plan.types else plan.defaults.type
    injects = _injects(history, clock)
    longest = max([SHORTEST, int(lasted * pace), *(one["at"] + 10 for one in injects)])
    told = f"What happened in INC-{history.number}, with its names left out."
    if pace < 1:
        told += f" It lasted {lasted} minutes; here the same is told in {int(lasted * pace)}."
    ended = clock.at(history.mitigated_at) if history.mitigated_at else None
    document = {
        "title": _without_names(history.title, history.names)[:200],
        "kind": "functional",
        "purpose": told,
        "type": type,
        **({"service": history.service} if history.service else {}),
        **_grades(history, plan),
        "severity": history.severity,
        "minutes": longest,
        "cut_from": f"INC-{history.number}",
        **_expected(plan, type, history.severity, longest, ended),
        "injects": injects,
    }
    return _written(
        document, f"Cut from INC-{history.number}. Read it through before you run it: it holds what people wrote"
    )


def outline(plan: Plan, type: str, severity: str = "SEV2") -> str:
    """A scenario to begin with, from the plan alone: what it promises for this type is what is expected."""
    minutes = 90
    first = plan.types[type].declare_when[0]
    document = {
        "title": plan.types[type].title,
        "kind": "functional",
        "purpose": "Write here what you want to find out.",
        "type": type,
        "severity": severity,
        "minutes": minutes,
        **_expected(plan, type, severity, minutes, None),
        "injects": [
            {"id": "report", "at": 0, "declare": {"title": plan.types[type].title, "summary": first[:500]}},
            {"id": "more", "at": 15, "fact": "Write here what comes to light."},
        ],
    }
    return _written(
        document, "An outline from the plan in force. Replace what happens; keep, change or drop what is expected"
    )


@dataclass(frozen=True)
class _Clock:
    start: Instant
    pace: float

    def at(self, instant: Instant) -> int:
        return max(0, int(_minutes(instant - self.start) * self.pace))


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _grades(history: History, plan: Plan) -> dict[str, str]:
    known = {"impact": plan.severity.impact, "urgency": plan.severity.urgency}
    given = {"impact": history.impact, "urgency": history.urgency}
    return {
        key: value for key, value in given.items() if value is not None and value in {grade.id for grade in known[key]}
    }


def _injects(history: History, clock: _Clock) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    keys: dict[str, int] = {}
    for one in sorted(history.signals, key=lambda one: one.raised)[:MOST_SIGNALS]:
        key = _key(one.labels.get("alertname") or one.title, keys)
        title = _without_names(one.title, history.names)[:200]
        signal = {"key": key, "title": title, "severity": one.severity, "labels": _labels(one.labels, history.names)}
        found.append({"id": f"raise-{key}"[:63], "at": clock.at(one.raised), "signal": signal})
        if one.over is not None and one.over > one.raised:
            found.append({"id": f"clear-{key}"[:63], "at": clock.at(one.over), "clear": key})
    if not history.signals:
        declared = {"title": _without_names(history.title, history.names)[:200]}
        found.append({"id": "report", "at": 0, "declare": declared})
    for number, note in enumerate(sorted(history.notes, key=lambda one: one.at)[:MOST_NOTES], 1):
        text = " ".join(_without_names(note.text, history.names).split())[:1_500]
        if text:
            found.append({"id": f"fact-{number}", "at": clock.at(note.at), "fact": text})
    return sorted(found, key=lambda one: one["at"])[:100]


def _labels(labels: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    kept = {name: _without_names(value, names)[:1024] for name, value in labels.items() if _LABEL.match(name)}
    return dict(list(kept.items())[:40])


def _key(title: str, taken: dict[str, int]) -> str:
    slug = _KEY.sub("-", title.casefold()).strip("-")[:50] or "signal"
    slug = slug if slug[0].isalpha() else f"s-{slug}"
    taken[slug] = taken.get(slug, 0) + 1
    return slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"


def _without_names(text: str, names: Mapping[str, str]) -> str:
    """Whole words only, the longest first; what people were comes instead: `the commander`, `a colleague`."""
    known = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    if not known:
        return text
    pattern = "|".join(re.escape(name) for name in known)
    by_word = {name.casefold(): who for name, who in names.items()}

    def who(found: re.Match[str]) -> str:
        """A name may itself begin with the sign by which people are called."""
        word = found[0].casefold()
        return by_word[word] if word in by_word else by_word[word.removeprefix("@")]

    return re.sub(rf"(?<!\w)@?(?:{pattern})(?!\w)", who, text, flags=re.I)


# -- what the plan promises ------------------------------------------------------------------------


def _expected(plan: Plan, type: str, severity: str, minutes: int, mitigated: int | None) -> dict[str, Any]:
    """Objectives with their criteria, and what tells for them; what the plan sets no time for is left out."""
    lead = [_lead(plan, severity, minutes)]
    lead.append({"id": "command", "what": "role", "of": commanding_role(plan), "within": min(15, minutes)})
    steps = [
        {"id": _ident("step", step.id), "what": "step", "of": step.id, "within": step.within}
        for step in steps_for(plan, type, severity)
        if step.mandatory and step.counted_from == "declared" and step.within is not None and step.within <= minutes
    ]
    told = [
        {"id": _ident("tell", name), "what": "update", "of": name, "within": pace.first_within}
        for name, audience in plan.communication.audiences.items()
        for at, pace in audience.cadence.items()
        if str(at) == severity and pace.first_within <= minutes
    ]
    told += [
        {"id": _ident("elevate", rule.name), "what": "elevation", "of": rule.name, "within": min(30, minutes)}
        for rule in plan.communication.elevation
        if severity in (rule.severities or ())
        and rule.open_longer_than is None
        and rule.update_overdue_by is None
        and not rule.tolerance_breached
    ]
    over = [{"id": "over", "what": "mitigated", "within": max(1, mitigated)}] if mitigated is not None else []
    return _objectives(
        (
            ("lead", "Somebody leads in time", "The page is acknowledged, and command is taken.", lead),
            ("steps", "The procedure is followed", "Its mandatory steps are done in their time and order.", steps),
            ("told", "Those who must know are told in time", "Each audience hears from us first.", told),
            ("over", "The harm ends as soon as it did then", "It takes no longer than in earnest.", over),
        )
    )


def _lead(plan: Plan, severity: str, minutes: int) -> dict[str, Any]:
    level = next((one for name, one in plan.severity.levels.items() if str(name) == severity), None)
    within = (level.acknowledge_within if level else None) or 15
    return {"id": "acknowledged", "what": "acknowledged", "within": min(within, minutes)}


def _objectives(given: Sequence[tuple[str, str, str, list[dict[str, Any]]]]) -> dict[str, Any]:
    kept = [one for one in given if one[3]]
    return {
        "objectives": [{"id": id, "title": title, "criteria": [criterion]} for id, title, criterion, _ in kept],
        "expected": [{**one, "objective": id} for id, _, _, found in kept for one in found][:100],
    }


def _ident(prefix: str, name: str) -> str:
    return f"{prefix}-{name}"[:63]


def _written(document: dict[str, Any], head: str) -> str:
    lines: Iterable[str] = (
        "# yaml-language-server: $schema=./scenario.schema.json",
        f"# {head}.",
        "",
    )
    return "\n".join(lines) + "\n" + block(document, 0) + "\n"
