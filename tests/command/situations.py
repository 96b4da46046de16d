"""Incidents in every state, made by their events alone; and a plan to work under, in a house."""

import re
from datetime import UTC, datetime
from typing import Any

from quarterdeck.command import events as ev
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.kernel.events import Event
from quarterdeck.plan import actions as plan
from tests.cast import ADMIN
from tests.people import settle
from tests.plan.texts import example_files

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def declared(**changes: Any) -> ev.IncidentDeclared:
    facts: dict[str, Any] = {
        "at": NOON,
        "number": 7,
        "title": "Card payments fail",
        "severity": "SEV2",
        "computed_severity": "SEV2",
        "plan_revision": 1,
        "commander": "alice",
        "declared_by": "engine",
        "detected_at": NOON,
    }
    return ev.IncidentDeclared(**{**facts, **changes})


_LIVES: dict[str, list[Event]] = {
    "triage": [],
    "active": [ev.IncidentActivated(at=NOON, by="bob")],
    "mitigated": [ev.IncidentMitigated(at=NOON, by="bob")],
    "resolved": [
        ev.IncidentResolved(at=NOON, by="bob", reason="fixed", severity="SEV2", plan_revision=1, commander="alice")
    ],
    "declined": [ev.IncidentDeclined(at=NOON, by="bob", reason="noise")],
    "merged": [ev.IncidentMerged(at=NOON, into=3, by="bob")],
    "cancelled": [ev.IncidentCancelled(at=NOON, by="bob", reason="error")],
}
_LIVES["reviewing"] = [*_LIVES["resolved"], ev.ReviewBegun(at=NOON, by="engine")]
_LIVES["closed"] = [*_LIVES["resolved"], ev.IncidentClosed(at=NOON, by="bob")]


def given(*events: Event, **changes: Any) -> Incident:
    """An incident after these events."""
    state = INCIDENT.fold([declared(**changes), *events])
    assert state is not None
    return state


def in_state(state: str, **changes: Any) -> Incident:
    found = given(*_LIVES[state], **changes)
    assert found.state == state
    return found


def example_plan() -> dict[str, str]:
    return example_files()


_POSTS = {"incident-manager": "alice", "head-of-operations": "carol", "chief-information-officer": "dana"}


def _manned(text: str) -> str:
    """The cast in the posts of the example plan; whom it does not name stays `admin`."""
    for post, login in _POSTS.items():
        text = re.sub(rf"(  {post}:.*\n    title: .*\n    login: )admin", rf"\g<1>{login}", text)
    return text


def furnish(house: Any) -> None:
    """The cast with their profiles, and the example plan in force, its posts held by the cast."""
    settle(house.record)
    files = {name: _manned(text) for name, text in example_plan().items()}
    house.perform(lambda tx: plan.adopt(tx, files=files, reason="first"), by=ADMIN)
    house.run_until_idle()
