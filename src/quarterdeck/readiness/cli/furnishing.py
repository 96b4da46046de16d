"""What a rehearsal needs of a house that does not exist: somebody behind every post, schedule and team of the plan."""

from collections.abc import Iterator, Mapping

from quarterdeck.catalog import actions as catalog
from quarterdeck.governance import actions as governance
from quarterdeck.governance.state import person
from quarterdeck.kernel.time import Instant
from quarterdeck.notify import actions as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plans
from quarterdeck.plan.rules import Plan
from quarterdeck.readiness.rules.scenario import Scenario
from quarterdeck.record import Tx

FACILITATOR = "facilitator"
EVERYBODY = "everybody"
"""The team that owns the scenario's service."""


def furnish(tx: Tx, files: Mapping[str, str], plan: Plan, scenario: Scenario) -> None:
    """People, teams, schedules and the service that the plan and the scenario name; then the plan itself."""
    for login, name in _people(plan, scenario):
        if person(tx, login) is None:
            _add(tx, login, name)
    for kind, name in sorted(set(_named(plan, scenario))):
        if kind == "team":
            governance.add_team(tx, id=name, name=name)
            governance.add_member(tx, team=name, person=_behind(kind, name))
        elif kind == "schedule":
            oncall.revise_schedule(tx, id=name, document=_schedule(name, tx.now))
    if scenario.service:
        governance.add_team(tx, id=EVERYBODY, name="Everybody")
        catalog.add_service(tx, id=scenario.service, name=scenario.service, team=EVERYBODY, tier=1)
    plans.adopt(tx, files=dict(files), reason="A rehearsal")


def _add(tx: Tx, login: str, name: str) -> None:
    mail = f"{login}@example.com"
    governance.add_person(tx, id=login, login=login, name=name, email=mail, roles=("manager",), zone="UTC")
    notify.add_method(tx, person=login, kind="demo", address=login, assume_verified=True)


def _people(plan: Plan, scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield FACILITATOR, "The facilitator"
    held: dict[str, list[str]] = {}
    for post in plan.posts.values():
        held.setdefault(post.login, []).append(post.title)
    for login, titles in held.items():
        yield login, titles[0] if len(titles) == 1 else f"{login} ({len(titles)} posts)"
    for kind, name in _named(plan, scenario):
        if kind in ("team", "schedule"):
            yield _behind(kind, name), f"on call ({name})" if kind == "schedule" else f"team {name}"
        elif kind == "person":
            yield name, name


def _behind(kind: str, name: str) -> str:
    return f"{kind}-{name}".lower().replace(".", "-").replace("@", "-")[:60]


def _named(plan: Plan, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Every target that the plan or the scenario names, as kind and name."""
    targets = [target for path in plan.escalation.values() for level in path.levels for target in level.notify]
    targets += [target for audience in plan.communication.audiences.values() for target in audience.to]
    targets += [role.filled_by for role in plan.roles.values() if role.filled_by]
    targets += [inject.message.to for inject in scenario.injects if inject.message]
    targets += [inject.unavailable.who for inject in scenario.injects if inject.unavailable]
    for target in targets:
        kind, _, name = target.partition(":")
        if kind != "post":
            yield kind, name


def _schedule(name: str, now: Instant) -> dict[str, object]:
    layer = {
        "name": "Everybody",
        "rotation": "weekly",
        "handover": {"day": "mon", "time": "00:00"},
        "starts": f"{now.date().replace(day=1):%Y-%m-%d}",
        "participants": [_behind("schedule", name)],
    }
    return {"title": name, "zone": "UTC", "layers": [layer]}
