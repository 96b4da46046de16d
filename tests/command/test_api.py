"""Incidents for programs: the shapes that others rely on, and what is refused."""

from typing import Any

import pytest

from quarterdeck.command import views
from tests.cast import ALICE, DANA
from tests.command.situations import furnish

PROMISED = {
    "number",
    "title",
    "type",
    "severity",
    "state",
    "declared_at",
    "services",
    "plan_revision",
    "commander",
}


@pytest.fixture
def client(house: Any) -> Any:
    furnish(house)
    return house.client(ALICE)


def declare(client: Any, **facts: Any) -> Any:
    return client.post("/api/incidents", json={"title": "Card payments fail", **facts})


def test_an_incident_has_the_promised_shape(client: Any) -> None:
    answer = declare(client)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/incidents/1"
    listed = client.get("/api/incidents").json()
    assert set(listed) == {"items", "next"}
    for found in (answer.json(), listed["items"][0], client.get("/api/incidents/1").json()):
        assert set(found) >= PROMISED
        assert found["number"] == 1
        assert found["services"] == []
        assert found["commander"] == "alice"


def test_the_list_goes_on_behind_its_cursor(client: Any) -> None:
    for n in range(5):
        declare(client, title=f"Number {n}")
    seen: list[int] = []
    cursor = None
    while True:
        page = client.get("/api/incidents", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [5, 4, 3, 2, 1]


def test_a_repeat_with_the_same_idempotency_key_declares_nothing(client: Any) -> None:
    head = {"Idempotency-Key": "8e03978e"}
    first = client.post("/api/incidents", json={"title": "Down"}, headers=head)
    again = client.post("/api/incidents", json={"title": "Down"}, headers=head)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["number"] == again.json()["number"]
    assert again.headers["idempotent-replayed"] == "true"
    other = client.post("/api/incidents", json={"title": "Up"}, headers=head)
    assert (other.status_code, other.json()["title"]) == (409, "IdempotencyKeyReused")
    assert len(client.get("/api/incidents").json()["items"]) == 1


SENSELESS: tuple[Any, ...] = (
    {},
    {"title": ""},
    {"title": "x", "colour": "red"},
    {"title": 7},
    {"title": "x" * 201},
    [],
    {"title": "x", "type": "?"},
    {"title": "x", "summary": "a\x00b"},
    {"title": "x", "detected_at": "2027-01-01T00:00:00Z"},
    {"title": "x", "detected_at": "2026-01-01T00:00:00"},
)


def test_what_makes_no_sense_is_refused_as_a_problem_document(client: Any) -> None:
    for body in SENSELESS:
        answer = client.post("/api/incidents", json=body)
        assert answer.status_code == 400, body
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["detail"]
    for query in ("limit=0", "limit=501", "limit=many", "cursor=0", "cursor=x", "state=asleep"):
        assert client.get(f"/api/incidents?{query}").status_code == 400, query
    assert client.get("/api/incidents").json()["items"] == []


def test_each_change_of_state_is_a_resource(client: Any, house: Any) -> None:
    declare(client, type="service-outage", impact="extensive", urgency="high")
    base = "/api/incidents/1"

    def post(path: str, status: int = 200, **body: Any) -> Any:
        answer = client.post(f"{base}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    assert post("activation")["state"] == "active"
    assert post("severity", severity="SEV2", reason="only the EU")["severity"] == "SEV2"
    assert post("impact", statement="38% of EU payments fail")["statement"].startswith("38%")
    assert post("classification", type="data-loss")["type"] == "data-loss"
    assert post("times", impact_started="2026-03-02T09:30:00+01:00", reason="logs")["impact_started"].endswith(
        "08:30:00Z"
    )
    roles = {role["role"]: role["person"] for role in post("roles", role="scribe", person="bob")["roles"]}
    assert roles["scribe"] == "bob"
    task = post("tasks", 201, title="Call the bank", assignee="carol")["task"]
    post(f"tasks/{task}/assignment", person="bob")
    done = {row["id"]: row for row in post(f"tasks/{task}/completion")["tasks"]}
    assert (done[task]["state"], done[task]["owner"]) == ("done", "bob")
    wants = next(row for row in done.values() if row["evidence"] and row["state"] == "open")
    assert post(f"tasks/{wants['id']}/completion", 409)["title"] == "EvidenceNeeded"
    assert post("notes", 201, text="seen")["state"] == "active"
    assert post("mitigation", how="failed over")["state"] == "mitigated"
    assert post("closure", 409)["title"] == "NotResolved"
    assert post("resolution", reason="rolled back")["state"] == "resolved"
    assert post("closure", 409)["title"] == "MandatoryTasksOpen"
    for row in house.ask(views.tasks, 1):
        if row.state == "open":
            post(f"tasks/{row.id}/skip", reason="test")
    assert post("closure", 409)["title"] == "ReviewOwed"
    house.run_until_idle()
    assert client.get(f"{base}/review").json()["owed"] is True
    assert [row["number"] for row in client.get("/api/reviews?state=owed").json()["items"]] == [1]
    assert post("review/waiver", reason="known")["state"] == "waived"
    assert post("closure")["state"] == "closed"
    assert post("reopening", reason="again")["state"] == "active"
    assert post("declination", 409, reason="noise")["title"] == "AlreadyActive"
    declare(client, title="Same")
    assert post("merger", into=2)["merged_into"] == 2
    assert client.post("/api/incidents/2/cancellation", json={"reason": "both"}).json()["state"] == "cancelled"


def test_the_timeline_is_read_page_by_page_in_the_order_of_recording(client: Any) -> None:
    declare(client, type="service-outage")
    first = client.get("/api/incidents/1/timeline?limit=2").json()
    assert first["items"][0]["type"] == "command.IncidentDeclared"
    assert {"occurred_at", "recorded_at", "sentence", "late", "actor"} <= set(first["items"][0])
    rest = client.get(f"/api/incidents/1/timeline?limit=500&cursor={first['next']}").json()
    assert rest["items"]
    assert rest["next"] is None


def test_there_is_nothing_behind_numbers_that_were_never_given(client: Any) -> None:
    for number in ("0", "7", "99999999999999999999"):
        for path in ("", "/timeline", "/review"):
            assert client.get(f"/api/incidents/{number}{path}").status_code == 404
        assert client.post(f"/api/incidents/{number}/mitigation", json={}).status_code == 404


def test_a_viewer_changes_nothing(house: Any) -> None:
    furnish(house)
    dana = house.client(DANA)
    assert dana.get("/api/incidents").status_code == 200
    assert dana.post("/api/incidents", json={"title": "x"}).status_code == 403
