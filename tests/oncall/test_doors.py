"""On-call through its doors: the API, the console and the page behind a pager's link."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from quarterdeck.command import actions as command
from quarterdeck.command import state as incidents
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.notify import actions as notify
from quarterdeck.notify.kept import digest, page_link
from quarterdeck.oncall import actions
from quarterdeck.record import Tx
from tests.cast import ADMIN, ALICE, BOB, CHARLIE, DANA
from tests.oncall.world import PRIMARY, declare, escalation, open_house, paged, sent

BROWSER = {"accept": "text/html"}


def link_of(house: Any, number: int, person: str) -> str:
    """The link in this person's latest page, as the sender mints it."""
    pages = [page for step in escalation(house, number).steps for page in step.pages if page.person == person]
    token = f"token-of-{pages[-1].delivery}"

    def mint(tx: Tx) -> None:
        tx.connection.execute(
            insert(page_link).values(
                digest=digest(token),
                delivery=pages[-1].delivery,
                about=f"incident/{number}",
                person=person,
                expires_at=micros(tx.now + timedelta(days=1)),
            )
        )

    house.perform(mint)
    return f"/p/{token}"


# -- the phone ---------------------------------------------------------------------------------


def test_looking_at_a_page_acknowledges_nothing_however_often(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    client = house.client()
    for _ in range(3):
        shown = client.get(link, headers=BROWSER)
        assert shown.status_code == 200
    assert "ACK" in shown.text
    assert "Checkout is down" in shown.text
    assert "SEV1" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["cache-control"] == "no-store"
    assert escalation(house, number).status == "climbing"
    assert sent(house) == [("bob", "pending")]


def test_one_press_without_signing_in_takes_the_incident(house: Any) -> None:
    open_house(house)
    number = declare(house, by=ENGINE)
    link = link_of(house, number, "bob")
    client = house.client()
    shown = client.post(link, data={"answer": "ack"}, headers=BROWSER)
    assert shown.status_code == 200
    assert "You have it since" in shown.text
    assert escalation(house, number).acknowledged_by == "bob"
    incident = house.perform(lambda tx: incidents.incident(tx, number))
    assert (incident.state, incident.commander) == ("active", "bob")
    house.forward(hours=1)
    assert paged(house) == ["bob"]


def test_a_senior_manager_who_may_only_read_may_still_answer_the_page(house: Any) -> None:
    open_house(house)
    number = declare(house, by=ENGINE)
    house.forward(minutes=30)
    link = link_of(house, number, "dana")
    assert "You have it since" in house.client().post(link, data={"answer": "ack"}, headers=BROWSER).text
    incident = house.perform(lambda tx: incidents.incident(tx, number))
    assert incident.commander == "alice"


def test_a_second_press_on_a_spent_link_says_kindly_who_has_it(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    house.perform(lambda tx: actions.acknowledge(tx, number=number), by=ALICE)
    shown = house.client().get(link, headers=BROWSER).text
    assert "Alice has it since" in shown
    client = house.client()
    assert "Alice has it since" in client.post(link, data={"answer": "ack"}, headers=BROWSER).text
    assert "Alice has it since" in client.post(link, data={"answer": "ack"}, headers=BROWSER).text
    assert escalation(house, number).acknowledged_by == "alice"


@pytest.mark.parametrize(("answer", "said"), [("decline", "You said that you can"), ("escalate", "asked for the next")])
def test_declining_and_escalating_page_the_next_level_once(house: Any, answer: str, said: str) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    assert said in house.client().post(link, data={"answer": answer}, headers=BROWSER).text
    house.run_until_idle()
    assert paged(house) == ["bob", "bob", "alice"]
    assert escalation(house, number).level == 2


def test_an_expired_link_answers_nothing_and_asks_to_sign_in(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    house.clock.forward(days=2)
    shown = house.client().post(link, data={"answer": "ack"}, headers=BROWSER)
    assert "more than a day old" in shown.text
    assert escalation(house, number).acknowledged_by is None


def test_a_link_to_what_is_over_says_so(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    house.perform(lambda tx: command.resolve(tx, number=number, reason="done"), by=ALICE)
    assert "Nothing to do" in house.client().get(link, headers=BROWSER).text
    assert house.client().post(link, data={"answer": "ack"}, headers=BROWSER).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "x" * 5000, "..%2f..%2fetc"])
def test_a_link_that_was_never_given_out_shows_nothing(house: Any, token: str) -> None:
    open_house(house)
    assert house.client().get(f"/p/{token}", headers=BROWSER).status_code == 404
    assert house.client().post(f"/p/{token}", data={"answer": "ack"}, headers=BROWSER).status_code == 404


def test_somebody_who_has_left_can_no_longer_answer(house: Any) -> None:
    open_house(house)
    number = declare(house)
    link = link_of(house, number, "bob")
    house.perform(lambda tx: governance.deactivate_person(tx, person="bob"), by=ENGINE)
    assert house.client().post(link, data={"answer": "ack"}, headers=BROWSER).status_code == 404
    assert escalation(house, number).acknowledged_by is None


def test_an_answer_that_is_none_is_refused(house: Any) -> None:
    open_house(house)
    link = link_of(house, declare(house), "bob")
    for data in ({"answer": "maybe"}, {}, {"answer": "ack", "person": "dana"}):
        assert house.client().post(link, data=data).status_code == 400


def test_what_alerts_and_people_write_is_escaped_on_the_phone(house: Any) -> None:
    open_house(house)
    number = house.perform(
        lambda tx: command.declare(
            tx, title="<script>alert(1)</script>", severity="SEV1", severity_reason="x", summary="<img src=x>"
        )
    )
    house.run_until_idle()
    shown = house.client().get(link_of(house, number, "bob"), headers=BROWSER).text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;" in shown


def test_a_test_of_the_pager_can_be_answered_too(house: Any) -> None:
    open_house(house)
    delivery = house.perform(lambda tx: notify.ring(tx, person="bob"), by=BOB)
    row = {"digest": digest("t"), "delivery": delivery, "about": "contact/bob", "person": "bob"}
    until = micros(house.clock.now() + timedelta(days=1))
    house.perform(lambda tx: tx.connection.execute(insert(page_link).values({**row, "expires_at": until})))
    assert "Your pager works" in house.client().get("/p/t", headers=BROWSER).text
    assert "Answered" in house.client().post("/p/t", data={"answer": "ack"}, headers=BROWSER).text


# -- the API -----------------------------------------------------------------------------------


def test_the_api_tells_who_is_on_call_now_and_next(house: Any) -> None:
    open_house(house)
    (item,) = house.client(BOB).get("/api/oncall").json()["items"]
    assert (item["schedule"], item["now"]["person"], item["now"]["name"]) == ("primary", "bob", "Bob")
    assert item["now"]["until"] == "2026-03-09T08:00:00Z"
    assert (item["next"]["person"], item["next"]["from"]) == ("alice", "2026-03-09T08:00:00Z")


def test_a_schedule_goes_in_and_comes_out_as_it_was_written(house: Any) -> None:
    open_house(house, schedule=False)
    client = house.client(BOB)
    assert client.put("/api/schedules/primary", json=PRIMARY).status_code == 200
    found = client.get("/api/schedules/primary").json()
    assert found["document"] == PRIMARY
    assert client.put("/api/schedules/primary", json=found["document"]).status_code == 200
    assert client.get("/api/schedules/other").status_code == 404


def test_a_faulty_schedule_is_refused_with_every_fault_and_nothing_changes(house: Any) -> None:
    open_house(house)
    layers = [{**PRIMARY["layers"][0], "participants": ["bob", "ghost", "phantom"]}]
    answer = house.client(BOB).put("/api/schedules/primary", json={**PRIMARY, "layers": layers})
    assert answer.status_code == 400
    assert ["'ghost'" in answer.text, "'phantom'" in answer.text] == [True, True]
    answer = house.client(BOB).put("/api/schedules/primary", json={"title": "x", "colour": "red"})
    assert {"zone", "layers", "colour"} <= {error.partition(":")[0] for error in answer.json()["errors"]}
    assert house.client(BOB).get("/api/schedules/primary").json()["document"] == PRIMARY


def test_cover_is_arranged_and_cancelled_by_api(house: Any) -> None:
    open_house(house)
    client = house.client(BOB)
    body = {"person": "carol", "start": "2026-03-02T08:00:00Z", "end": "2026-03-02T20:00:00Z"}
    made = client.post("/api/schedules/primary/cover", json=body)
    assert made.status_code == 201
    assert client.get("/api/oncall").json()["items"][0]["now"]["person"] == "carol"
    cover = made.json()["arranged"]
    assert client.delete(f"/api/schedules/primary/cover/{cover}").status_code == 204
    assert client.get("/api/oncall").json()["items"][0]["now"]["person"] == "bob"
    assert client.post("/api/schedules/primary/cover", json=body | {"end": "2026-03-02T20:00:00"}).status_code == 400
    assert client.post("/api/schedules/nowhere/cover", json=body).status_code == 404


def test_acknowledging_by_api_tells_who_has_it(house: Any) -> None:
    open_house(house)
    number = declare(house)
    path = f"/api/incidents/{number}/acknowledgement"
    assert house.client(BOB).post(path).json()["outcome"] == "acknowledged"
    assert house.client(ALICE).post(path, json={}).json() | {"since": None} == {
        "number": number,
        "outcome": "held",
        "holder": "bob",
        "since": None,
    }
    assert house.client(ALICE).post(path, json={"colour": "red"}).status_code == 400
    assert house.client(ALICE).post("/api/incidents/999/acknowledgement").status_code == 404


def test_escalating_by_api_shows_every_page_and_what_became_of_it(house: Any) -> None:
    open_house(house)
    number = declare(house)
    found = house.client(BOB).post(f"/api/incidents/{number}/escalation").json()
    assert [step["level"] for step in found["steps"]] == [1, 2]
    pages = found["steps"][0]["pages"]
    assert [(page["person"], page["name"], page["state"]) for page in pages] == [("bob", "Bob", "pending")]
    assert house.client(BOB).get(f"/api/incidents/{number}/escalation").json() == found


@pytest.mark.parametrize("who", [DANA, CHARLIE, None])
def test_those_who_may_not_are_kept_out(house: Any, who: Any) -> None:
    open_house(house)
    number = declare(house)
    client = house.client(who)
    refused = {401} if who is None else {403}
    assert client.put("/api/schedules/primary", json=PRIMARY).status_code in refused
    assert client.post(f"/api/incidents/{number}/acknowledgement").status_code in refused
    assert client.post(f"/api/incidents/{number}/escalation").status_code in refused
    assert escalation(house, number).acknowledged_by is None


# -- the console -------------------------------------------------------------------------------


def test_the_page_says_who_is_on_call_who_is_next_and_who_would_be_paged(house: Any) -> None:
    open_house(house)
    shown = house.client(BOB).get("/on-call", headers=BROWSER)
    assert shown.status_code == 200
    for words in ("Primary", "Bob (you)", "Alice", "Who is paged if it fires now", "Chief information officer"):
        assert words in shown.text
    assert "Nobody would be paged" not in shown.text


def test_the_page_says_in_a_sentence_where_nobody_would_be_paged(house: Any) -> None:
    open_house(house)
    layers = [{**PRIMARY["layers"][0], "ends": "2026-03-03"}]
    house.perform(lambda tx: actions.revise_schedule(tx, id="primary", document={**PRIMARY, "layers": layers}))
    shown = house.client(BOB).get("/on-call", headers=BROWSER).text
    assert "Nobody would be paged on Primary, Tue 3 Mar 09:00 to" in shown


def test_the_page_of_an_empty_house_says_what_to_do(house: Any) -> None:
    shown = house.client(ADMIN).get("/on-call", headers=BROWSER)
    assert "There is no schedule yet" in shown.text
    assert "quarterdeck oncall schedule set" in shown.text


def test_a_viewer_is_shown_no_form_that_would_be_refused(house: Any) -> None:
    open_house(house)
    shown = house.client(DANA).get("/on-call", headers=BROWSER)
    assert shown.status_code == 200
    assert "/cover" not in shown.text


def test_cover_takes_one_form_on_the_schedules_own_clock(house: Any) -> None:
    open_house(house)
    client = house.client(BOB)
    form = {"person": "carol", "start": "2026-03-02T18:00", "end": "2026-03-03T06:00"}
    shown = client.post("/on-call/primary/cover", data=form, headers=BROWSER)
    assert "Carol" in shown.text
    (cover,) = client.get("/api/schedules/primary").json()["cover"]
    assert (cover["start"], cover["end"]) == ("2026-03-02T17:00:00Z", "2026-03-03T05:00:00Z")
    cancelled = client.post(f"/on-call/primary/cover/{cover['id']}/cancellation", headers=BROWSER)
    assert cancelled.status_code == 200
    assert client.get("/api/schedules/primary").json()["cover"] == []
    assert client.post("/on-call/primary/cover", data=form | {"end": "soon"}).status_code == 400


def test_the_panel_shows_who_was_paged_who_is_next_and_how_to_answer(house: Any) -> None:
    open_house(house)
    number = declare(house)
    client = house.client(BOB)
    shown = client.get(f"/incidents/{number}/panels/escalation", headers=BROWSER)
    assert shown.status_code == 200
    for words in ("Bob (you)", "level 1 of 2", "Alice"):
        assert words in shown.text
    bar = client.get(f"/incidents/{number}/panels/bar", headers=BROWSER).text
    assert "Acknowledge<" in bar
    assert "Escalate<" in bar
    client.post(f"/incidents/{number}/acknowledgement", headers=BROWSER)
    shown = client.get(f"/incidents/{number}/panels/escalation", headers=BROWSER).text
    assert "Acknowledge<" not in client.get(f"/incidents/{number}/panels/bar", headers=BROWSER).text
    assert "acknowledged" in shown


def test_the_panel_says_when_nobody_is_paged_at_all_and_why(house: Any) -> None:
    open_house(house)
    number = declare(house, severity="SEV4")
    shown = house.client(DANA).get(f"/incidents/{number}/panels/escalation", headers=BROWSER).text
    assert "SEV4 no escalation path" in shown
    assert "Acknowledge" not in shown
