"""A house with a communication plan: Bob is on call, Alice commands, Carol liaises, Dana is the senior manager."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.comms import actions, views
from quarterdeck.kernel.principal import Principal
from quarterdeck.notify import views as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from tests.cast import ADMIN, ALICE
from tests.oncall.world import PLAN, PRIMARY
from tests.people import settle

COMMUNICATION: dict[str, Any] = {
    "audiences": {
        "it": {
            "title": "IT",
            "by": "communications-lead",
            "to": ["schedule:primary"],
            "cadence": {
                "SEV1": {"first_within": 5, "every": 30},
                "SEV2": {"first_within": 10, "every": 60},
            },
            "says": "{symptom} since {since}. Suspect: {suspect}. {doing} Next update {next_update}. {owner}.",
        },
        "management": {
            "title": "Senior management",
            "by": "communications-lead",
            "to": ["post:chief"],
            "cadence": {"SEV1": {"first_within": 15, "every": 60}},
            "subject": "{severity}: {impact}",
            "says": "{impact} {scope} Decision wanted: {decision} By {decide_by}. Next update {next_update}.",
        },
        "customers": {
            "title": "Customers",
            "by": "communications-lead",
            "outside": "Paste it on the status page.",
            "cadence": {"SEV1": {"first_within": 20, "every": 30}},
            "says": "{impact} {workaround} We will say more at {next_update}.",
            "approver": "incident-commander",
        },
    },
    "elevation": [
        {
            "name": "sev1",
            "title": "Every SEV1",
            "severities": ["SEV1"],
            "by": "executive-liaison",
            "to": ["chief", "deputy"],
            "acknowledge_within": 15,
            "says": "{severity} {number}: {impact} {doing} Owner: {owner}.",
            "decision": "Do you agree?",
        },
        {
            "name": "tolerance",
            "title": "Longer than tolerated",
            "tolerance_breached": True,
            "by": "executive-liaison",
            "to": ["chief"],
            "acknowledge_within": 15,
            "says": "{service} is down for too long: {impact}",
        },
        {
            "name": "silence",
            "title": "An update is overdue",
            "severities": ["SEV2"],
            "update_overdue_by": 30,
            "by": "executive-liaison",
            "to": ["deputy"],
            "acknowledge_within": 15,
            "says": "{number}: nothing was said. {impact}",
        },
    ],
}
_ROLE = {"duties": ["Tell."], "authority": ["Speak."]}


def document(**changes: Any) -> dict[str, Any]:
    whole = deepcopy(PLAN)
    whole["posts"]["deputy"] = {"title": "Head of operations", "login": "carol"}
    for severity, every in (("SEV1", 15), ("SEV2", 30)):
        whole["severity"]["levels"][severity]["update_every"] = every
    whole["roles"] |= {
        "communications-lead": {"title": "Communications lead", "filled_by": "person:carol", **_ROLE},
        "executive-liaison": {"title": "Executive liaison", "filled_by": "post:deputy", **_ROLE},
    }
    return {**whole, "communication": deepcopy(COMMUNICATION), **changes}


def open_house(house: Any, **changes: Any) -> None:
    settle(house.record)
    house.perform(lambda tx: plan.adopt(tx, document=document(**changes), reason="first"))
    house.perform(lambda tx: oncall.revise_schedule(tx, id="primary", document=PRIMARY))
    house.run_until_idle()


def declare(house: Any, severity: str = "SEV1", by: Principal = ALICE, **more: Any) -> int:
    """Declared and acknowledged, so that nobody is paged for the incident itself."""

    def act(tx: Any) -> int:
        facts = {"severity": severity, "severity_reason": "as the test wants it", **more}
        number = command.declare(tx, title="Checkout is down", **facts)
        command.acknowledge(tx, number=number)
        return number

    number: int = house.perform(act, by=by)
    house.run_until_idle()
    return number


def update(house: Any, number: int, by: Principal = ALICE, **more: Any) -> actions.Sent:
    fields = more.pop("fields", {"impact": "EU customers cannot pay by card", "doing": "Rollback at 40 %."})
    given: dict[str, Any] = {"by_pace": "next_update" not in more, **more}
    sent: actions.Sent = house.perform(lambda tx: actions.send_update(tx, number=number, fields=fields, **given), by=by)
    house.run_until_idle()
    return sent


def sent(house: Any, purpose: str) -> list[tuple[datetime, str]]:
    """(when, to whom) of every message of this purpose, in order."""
    rows = [row for row in house.ask(notify.recent, 1000) if row.purpose == purpose]
    return sorted((row.requested_at, row.person) for row in rows)


def told(house: Any, purpose: str) -> list[str]:
    return [person for _, person in sent(house, purpose)]


def texts(house: Any, purpose: str = "update") -> dict[str, str]:
    """Person → the latest text of this purpose."""
    rows = sorted(house.ask(notify.recent, 1000), key=lambda row: row.requested_at)
    return {row.person: row.text for row in rows if row.purpose == purpose}


def communication(house: Any, number: int) -> views.CommunicationRow:
    row: views.CommunicationRow | None = house.ask(views.communication, number)
    assert row is not None
    return row


__all__ = ["ADMIN", "communication", "declare", "document", "open_house", "sent", "texts", "told", "update"]
