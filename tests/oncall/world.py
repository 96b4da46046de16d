"""A house in which Bob is on call, Alice stands behind him and Dana is the senior manager; and what they are sent."""

from datetime import timedelta
from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify import views as notify
from quarterdeck.notify.rules import DELIVERY
from quarterdeck.notify.rules import delivery as delivery_rules
from quarterdeck.oncall import actions, views
from quarterdeck.plan import actions as plan
from quarterdeck.record import Tx
from tests.cast import ADMIN
from tests.people import settle

_GRADES = [{"id": id, "title": id.title(), "meaning": f"The {id} one."} for id in ("high", "low")]
MAJOR, MINOR = "major", "minor"
PLAN: dict[str, Any] = {
    "name": "Plan under test",
    "owner": "manager",
    "approver": "manager",
    "scope": "Everything.",
    "review_interval_days": 365,
    "defaults": {"type": "incident", "impact": "high", "urgency": "high"},
    "posts": {
        "manager": {"title": "Incident manager", "login": "alice"},
        "chief": {"title": "Chief information officer", "login": "dana"},
    },
    "roles": {"incident-commander": {"title": "Commander", "duties": ["Direct."], "authority": ["Decide."]}},
    "severity": {
        "impact": _GRADES,
        "urgency": _GRADES,
        "matrix": {"high": {"high": "SEV1", "low": "SEV2"}, "low": {"high": "SEV2", "low": "SEV4"}},
        "levels": {
            **{f"SEV{n}": {"title": f"Severity {n}", "meaning": "So bad.", "escalation": "major"} for n in (1, 2)},
            "SEV3": {"title": "Severity 3", "meaning": "So bad.", "escalation": "minor"},
            **{f"SEV{n}": {"title": f"Severity {n}", "meaning": "So bad."} for n in (4, 5)},
        },
    },
    "types": {
        "incident": {
            "title": "Incident",
            "declare_when": ["Something is wrong."],
            "procedure": "respond",
            "commander_post": "manager",
        }
    },
    "procedures": {
        "respond": {
            "title": "Respond",
            "owner": "manager",
            "steps": [{"id": "look", "title": "Look", "role": "incident-commander"}],
        }
    },
    "escalation": {
        "major": {
            "title": "Major",
            "levels": [
                {"notify": ["schedule:primary"], "acknowledge_within": 5},
                {"notify": ["schedule:primary", "person:bob", "post:manager"], "acknowledge_within": 10},
            ],
            "repeat": 1,
            "final": "chief",
        },
        "minor": {
            "title": "Minor",
            "levels": [{"notify": ["person:carol"], "acknowledge_within": 30}],
            "final": "chief",
        },
    },
}
PRIMARY: dict[str, Any] = {
    "title": "Primary",
    "zone": "Europe/Berlin",
    "layers": [
        {
            "name": "Weekly",
            "rotation": "weekly",
            "handover": {"day": "mon", "time": "09:00"},
            "starts": "2026-03-02",
            "participants": ["bob", "alice"],
        }
    ],
}


def open_house(house: Any, *, schedule: bool = True) -> None:
    """People with a verified method each, the plan in force and, unless told otherwise, Bob on call this week."""
    settle(house.record)
    house.perform(lambda tx: plan.adopt(tx, document=PLAN, reason="first"))
    if schedule:
        house.perform(lambda tx: actions.revise_schedule(tx, id="primary", document=PRIMARY))


def declare(house: Any, severity: str = "SEV1", by: Principal = ADMIN, **more: Any) -> int:
    number: int = house.perform(
        lambda tx: command.declare(
            tx, title="Checkout is down", severity=severity, severity_reason="as the test wants it", **more
        ),
        by=by,
    )
    house.run_until_idle()
    return number


def sent(house: Any, purpose: str = "page") -> list[tuple[str, str]]:
    """(person, state) of every message of this purpose; those of one instant in the order of their people's names."""
    rows = sorted(house.ask(notify.recent, 1000), key=lambda row: (row.requested_at, _ORDER.index(row.person)))
    return [(row.person, row.state) for row in rows if row.purpose == purpose]


_ORDER = ["bob", "alice", "carol", "dana", "admin"]


def paged(house: Any) -> list[str]:
    return [person for person, _ in sent(house)]


def deliver(house: Any) -> None:
    """Every pending message reaches its phone."""
    for row in house.ask(notify.recent, 1000):
        if row.state == "pending":
            house.perform(lambda tx, id=row.id: _succeed(tx, id))
    house.run_until_idle()


def _succeed(tx: Tx, id: str) -> None:
    took = timedelta(milliseconds=5)
    tx.decide(
        DELIVERY, id, lambda held: delivery_rules.succeeded(held, held.methods[0], "demo", "took it", took, (), tx.now)
    )


def escalation(house: Any, number: int) -> views.EscalationRow:
    row: views.EscalationRow | None = house.ask(views.escalation, number)
    assert row is not None
    return row
