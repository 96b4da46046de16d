"""Short true stories, each told with a stage: what happens from outside, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.governance import actions as governance
from quarterdeck.learning import actions as learning
from quarterdeck.notify.rules import Failed
from quarterdeck.oncall import actions as oncall
from quarterdeck.oncall.projections import cover, escalation
from quarterdeck.plan import actions as plan
from quarterdeck.plan.views import in_force
from quarterdeck.record import Tx
from tests.journeys.stage import Stage
from tests.journeys.town import plan_files

Scenario = Callable[[Stage], None]


def state_is(*states: str, number: int = 1) -> Callable[[Connection], bool]:
    return lambda conn: incidents.incident(conn, number).state in states


def _task(state: str, id: str) -> Callable[[Connection], bool]:
    return lambda conn: any(one.id == id and one.state == state for one in incidents.tasks(conn, 1))


def an_alert_pages(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)


def an_alert_repeats(s: Stage) -> None:
    for _ in range(3):
        s.alert()
        s.forward(seconds=20)


def an_alert_clears_and_its_incident_resolves(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "ack")
    s.clear()
    s.forward(minutes=20)


def two_alerts_are_one_incident(s: Stage) -> None:
    s.alert("k1")
    s.alert("k2")
    s.forward(minutes=1)


def two_services_are_two_incidents(s: Stage) -> None:
    s.alert("k1")
    s.alert("k2", service="payments", alertname="Payments")
    s.forward(minutes=1)


def information_pages_nobody(s: Stage) -> None:
    s.alert("k1", severity="info")
    s.forward(minutes=1)


def a_source_acknowledges(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.send({"event_action": "acknowledge", "dedup_key": "k1"})
    s.forward(minutes=15)


def a_link_acknowledges(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "ack")
    s.forward(minutes=20)


def a_link_declines(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "decline")
    s.forward(minutes=4)


def a_link_escalates(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "escalate")
    s.forward(minutes=3)


def the_console_acknowledges(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("alice", lambda tx: oncall.acknowledge(tx, number=1))
    s.forward(minutes=20)


def nobody_answers(s: Stage) -> None:
    s.alert()
    s.forward(minutes=40)


def a_person_escalates(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("bob", lambda tx: oncall.escalate_now(tx, number=1), lambda conn: _level(conn) > 1)
    s.forward(minutes=2)


def _level(conn: Connection) -> int:
    return int(conn.execute(select(escalation.c.level).where(escalation.c.number == 1)).scalar() or 0)


def the_provider_fails_twice(s: Stage) -> None:
    s.provider.answers = [Failed("503", False), Failed("no answer", True)]
    s.alert()
    s.forward(minutes=4)


def the_severity_rises(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act(
        "alice",
        lambda tx: command.change_severity(tx, number=1, impact="extensive", urgency="high", reason="all of Europe"),
        lambda conn: incidents.incident(conn, 1).severity == "SEV1",
    )
    s.forward(minutes=3)


def command_passes_on(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.transfer_command(tx, number=1, to="carol", reason="shift ends"))
    s.act("carol", lambda tx: command.assign_role(tx, number=1, role="scribe", person="bob"))
    s.forward(minutes=1)


def steps_are_worked_through(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "ack")
    for id in ("scope", "severity"):
        s.act("bob", partial(_complete, id), _task("done", id))
    s.act(
        "bob",
        lambda tx: command.skip_task(tx, number=1, task="changes", reason="no change"),
        _task("skipped", "changes"),
    )
    s.forward(hours=1)


def _complete(task: str, tx: Tx) -> None:
    command.complete_task(tx, number=1, task=task, evidence="See the dashboard")


def deadlines_pass(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.answer("bob", "ack")
    s.forward(hours=1)


def from_mitigation_to_an_overdue_review(s: Stage) -> None:
    s.alert(impact="extensive")
    s.forward(minutes=1)
    s.answer("bob", "ack")
    s.act("alice", lambda tx: command.mitigate(tx, number=1), state_is("mitigated", "resolved", "reviewing"))
    s.act("alice", lambda tx: command.resolve(tx, number=1, reason="rolled back"), state_is("resolved", "reviewing"))
    s.forward(days=9)


def a_review_is_held_and_the_incident_closed(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.resolve(tx, number=1, reason="rolled back"), state_is("resolved", "reviewing"))
    s.forward(minutes=1)
    s.act("carol", lambda tx: learning.hold_review(tx, number=1, summary="A bad release.", facilitator="carol"))
    s.forward(minutes=1)


def what_was_resolved_comes_back(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.resolve(tx, number=1, reason="gone"), state_is("resolved", "reviewing"))
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.reopen(tx, number=1, reason="it is back"), state_is("active"))
    s.forward(minutes=6)


def one_is_merged_into_another(s: Stage) -> None:
    s.alert("k1")
    s.alert("k2", service="payments", alertname="Payments")
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.merge(tx, number=2, into=1), state_is("merged", number=2))
    s.clear("k2")
    s.forward(minutes=8)


def a_false_alarm_is_declined(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("alice", lambda tx: command.decline(tx, number=1, reason="a test"), state_is("declined"))
    s.alert()
    s.forward(minutes=8)


def a_mistake_is_cancelled(s: Stage) -> None:
    s.alert()
    s.forward(seconds=1)
    s.act("alice", lambda tx: command.cancel(tx, number=1, reason="declared twice"), state_is("cancelled"))
    s.forward(minutes=8)


def cover_is_arranged_while_it_climbs(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    start = s.clock.now()
    s.act(
        "alice",
        lambda tx: oncall.arrange_cover(
            tx, schedule="primary", person="carol", start=start, end=start + timedelta(hours=4)
        ),
        lambda conn: bool(conn.execute(select(func.count()).select_from(cover)).scalar()),
    )
    s.forward(minutes=8)


def the_plan_changes_under_a_running_incident(s: Stage) -> None:
    s.alert("k1")
    s.forward(minutes=1)
    files = plan_files()
    files["plan.yaml"] = files["plan.yaml"].replace("name: Incident", "name: New incident")
    s.act("alice", lambda tx: plan.adopt(tx, files=files, reason="a new name"), lambda conn: _revision(conn) == 2)
    s.alert("k2", service="payments", alertname="Payments")
    s.forward(minutes=2)


def _revision(conn: Connection) -> int:
    found = in_force(conn)
    return found.revision if found else 0


def whoever_is_paged_leaves(s: Stage) -> None:
    s.alert()
    s.forward(minutes=1)
    s.act("admin", lambda tx: governance.deactivate_person(tx, person="bob"))
    s.forward(minutes=8)


def somebody_declares_by_hand(s: Stage) -> None:
    facts: dict[str, Any] = {"title": "Customers call", "impact": "extensive", "urgency": "high", "service": "checkout"}
    s.act("alice", lambda tx: command.declare(tx, **facts), lambda conn: bool(incidents.open_incidents(conn)))
    s.forward(minutes=6)


SCENARIOS: tuple[Scenario, ...] = (
    an_alert_pages,
    an_alert_repeats,
    an_alert_clears_and_its_incident_resolves,
    two_alerts_are_one_incident,
    two_services_are_two_incidents,
    information_pages_nobody,
    a_source_acknowledges,
    a_link_acknowledges,
    a_link_declines,
    a_link_escalates,
    the_console_acknowledges,
    nobody_answers,
    a_person_escalates,
    the_provider_fails_twice,
    the_severity_rises,
    command_passes_on,
    steps_are_worked_through,
    deadlines_pass,
    from_mitigation_to_an_overdue_review,
    a_review_is_held_and_the_incident_closed,
    what_was_resolved_comes_back,
    one_is_merged_into_another,
    a_false_alarm_is_declined,
    a_mistake_is_cancelled,
    cover_is_arranged_while_it_climbs,
    the_plan_changes_under_a_running_incident,
    whoever_is_paged_leaves,
    somebody_declares_by_hand,
)
