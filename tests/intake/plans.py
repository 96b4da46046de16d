"""A small plan for signals, and arrivals to judge by it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from quarterdeck.intake.rules import Arrival, key_of
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.rules import PLAN, REVISION, InForce, Plan, publish
from quarterdeck.record import Tx

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MONITOR = Principal("key/monitor", roles=frozenset({"intake"}))

_GRADES = [{"id": id, "title": id.title(), "meaning": f"The {id} one."} for id in ("high", "medium", "low")]
DOCUMENT: dict[str, Any] = {
    "name": "Plan under test",
    "owner": "manager",
    "approver": "manager",
    "scope": "Everything.",
    "review_interval_days": 365,
    "defaults": {"type": "incident", "impact": "medium", "urgency": "medium"},
    "posts": {"manager": {"title": "Incident manager", "login": "alice"}},
    "roles": {"incident-commander": {"title": "Commander", "duties": ["Direct."], "authority": ["Decide."]}},
    "severity": {
        "impact": _GRADES,
        "urgency": _GRADES,
        "matrix": {
            "high": {"high": "SEV1", "medium": "SEV2", "low": "SEV3"},
            "medium": {"high": "SEV2", "medium": "SEV3", "low": "SEV4"},
            "low": {"high": "SEV3", "medium": "SEV4", "low": "SEV5"},
        },
        "levels": {f"SEV{n}": {"title": f"Severity {n}", "meaning": "So bad."} for n in range(1, 6)},
    },
    "types": {
        "incident": {"title": "Incident", "declare_when": ["Something is wrong."]},
        "outage": {"title": "Outage", "parent": "incident", "declare_when": ["Customers notice."]},
    },
    "procedures": {
        "respond": {
            "title": "Respond",
            "owner": "manager",
            "steps": [{"id": "look", "title": "Look", "role": "incident-commander"}],
        }
    },
    "escalation": {
        "default": {
            "title": "Default",
            "levels": [{"notify": ["post:manager"], "acknowledge_within": 5}],
            "final": "manager",
        }
    },
    "routing": [
        {
            "name": "backups",
            "match": [{"label": "job", "op": "=", "value": "backup"}],
            "suppress": {"reason": "Backups run at night.", "hours": "22:00-06:00"},
        },
        {
            "name": "noise",
            "match": [{"label": "job", "op": "=", "value": "known-noise"}],
            "suppress": {"reason": "Known noise."},
        },
        {
            "name": "payments",
            "match": [{"label": "service", "op": "in", "value": ["payments", "checkout"]}],
            "service": "{service}",
            "type": "outage",
            "impact": {"label": "severity", "values": {"critical": "high", "warning": "low"}, "otherwise": "medium"},
            "urgency": "high",
            "group_by": ["alertname"],
            "group_window": 60,
            "auto_resolve_after": 5,
        },
        {
            "name": "storage",
            "match": [{"label": "team", "op": "=", "value": "storage"}],
            "group_by": ["team"],
            "auto_resolve": False,
            "auto_resolve_after": 5,
        },
    ],
}
PLAN_UNDER_TEST = Plan.model_validate_json(msgspec.json.encode(DOCUMENT))
IN_FORCE = InForce(1, PLAN_UNDER_TEST, "hash", NOON, "person/alice", "first")


def bring_into_force(tx: Tx) -> None:
    """Publish the plan without asking whether the people in it exist: intake never looks at them."""
    written, published = publish(
        tx.load(PLAN, "main"),
        files={"plan.yaml": "under test"},
        document=PLAN_UNDER_TEST.model_dump(mode="json"),
        reason="For the test.",
        by="person/alice",
        now=tx.now,
    )
    tx.append_many([(REVISION, written.revision, [written]), (PLAN, "main", [published])])


def arrival(key: str = "db-1", action: Any = "raise", **given: Any) -> Arrival:
    """A signal of the payments service by default."""
    labels = given.pop("labels", {"service": "payments", "alertname": "HighLatency"})
    severity = given.setdefault("severity", "error")
    given.setdefault("title", f"{key} is slow")
    return Arrival(
        action=action,
        source="test",
        dedup_key=key,
        key=key_of("test", key),
        labels={**labels, "severity": severity},
        sender="key/monitor",
        **given,
    )
