"""Deny by default, proved: every action and every route says who may use it, and the answer is what it says."""

from typing import Any

import pytest

from quarterdeck.app.web import create_app
from quarterdeck.governance.rules import Permission, may
from tests.cast import ALICE, BOB, CHARLIE, DANA
from tests.conftest import House
from tests.house import permissions
from tests.web import settings_of

FILLED = {
    "position": "1",
    "comment": "1",
    "number": "1",
    "update": "1",
    "task": "t1",
    "name": "tasks",
    "token": "no-such-token",
    "key": "no-such-key",
}


@pytest.mark.parametrize(
    ("name", "action"), list(permissions.actions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_action_says_what_permission_it_takes(name: str, action: Any) -> None:
    permission, reason = getattr(action, "permission", None), getattr(action, "unguarded", "")
    assert isinstance(permission, Permission) or len(reason.split()) >= 3, (
        f"{name}: put it under @permitted(Permission.…), or under @unguarded with the reason"
    )


def every_route(house: House) -> list[permissions.Route]:
    return permissions.routes(create_app(house.record, settings_of(house), house.wired))


def filled(path: str) -> str:
    """The path with something harmless for each parameter: the gate answers before anybody looks at it."""
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}").split(":")[0]
            part = FILLED.get(name, "x")
        parts.append(part)
    return "/".join(parts)


def answer(client: Any, route: permissions.Route) -> int:
    body: dict[str, Any] = {} if route.method in {"GET", "HEAD", "DELETE"} else {"json": {}}
    status: int = client.request(
        route.method, filled(route.path), headers={"accept": "application/json"}, follow_redirects=False, **body
    ).status_code
    return status


def test_every_route_names_a_permission_or_says_why_it_is_public(house: House) -> None:
    for route in every_route(house):
        assert (route.may is None) != (route.public is None), f"{route.method} {route.path} must say who may use it"
        assert route.public is None or len(route.public.split()) >= 3, f"{route.path}: public, but why?"


def test_nobody_gets_past_the_gate_without_a_session_or_a_key(house: House) -> None:
    client = house.client()
    let_in = [route for route in every_route(house) if route.may and answer(client, route) != 401]
    assert not let_in, [f"{route.method} {route.path}" for route in let_in]


@pytest.mark.parametrize("who", [ALICE, BOB, CHARLIE, DANA], ids=lambda who: who.id)
def test_the_gate_refuses_exactly_those_without_the_permission(house: House, who: Any) -> None:
    client = house.client(who)
    for route in every_route(house):
        if route.may is None:
            continue
        if may(who, route.may) and route.method == "GET" and "live" in route.path:
            continue  # a stream of events that would not end by itself
        refused = answer(client, route) == 403
        assert refused != may(who, route.may), f"{who.id} at {route.method} {route.path}, which takes {route.may}"


def test_the_intake_door_opens_to_no_wrong_key(house: House) -> None:
    client = house.client()
    assert client.post("/intake/generic/wrong", json={"title": "x", "key": "y"}).status_code == 401
    wrong = {
        "routing_key": "0" * 32,
        "event_action": "trigger",
        "payload": {"summary": "x", "source": "y", "severity": "critical"},
    }
    assert client.post("/v2/enqueue", json=wrong).status_code in {400, 401}


def test_the_reference_page_shows_the_permissions_as_they_are() -> None:
    written = permissions.PAGE.read_text(encoding="utf-8") if permissions.PAGE.exists() else ""
    assert written == permissions.page(), (
        "run `python -m tests.house.permissions` and commit docs/reference/permissions.md"
    )
