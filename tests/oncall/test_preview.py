"""Who is paged if this fires then: the answer is what the engine does, and it names its weak spots."""

import copy
import json
from typing import Any

from quarterdeck.governance import actions as governance
from quarterdeck.oncall import views
from quarterdeck.oncall.pages.preview import saturday_night
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from tests.cast import ADMIN, ALICE, CHARLIE, DANA
from tests.oncall.making import at
from tests.oncall.test_command_line import run
from tests.oncall.world import PLAN, declare, escalation, open_house

BROWSER = {"accept": "text/html"}


def preview(house: Any, severity: str = "SEV1", **more: Any) -> views.WouldPage:
    with house.read() as conn:
        found = plans.in_force(conn)
        assert found is not None
        asked = {"at": house.clock.now(), **more}
        return views.who_would_be_paged(conn, found.plan, severity=severity, **asked)


def climbed(house: Any, number: int) -> list[tuple[Any, int, list[str]]]:
    return [(step.at, step.level, [page.person for page in step.pages]) for step in escalation(house, number).steps]


def test_the_preview_is_what_the_engine_then_does(house: Any) -> None:
    open_house(house)
    foreseen = preview(house)
    number = declare(house)
    house.forward(minutes=foreseen.turns[-1].after)
    told = [(turn.at, turn.level, [one.person for one in turn.people]) for turn in foreseen.turns]
    assert len(told) == 5
    assert climbed(house, number) == told


def test_the_preview_waits_for_support_hours_as_the_engine_does(house: Any) -> None:
    open_house(house)
    document = copy.deepcopy(PLAN)
    document["calendar"] = {"zone": "Europe/Berlin", "opens": "08:00", "closes": "17:00"}
    document["severity"]["levels"]["SEV3"]["urgent"] = False
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="hours"))
    house.clock.set(at("2026-03-06 22:00"))
    foreseen = preview(house, "SEV3")
    assert foreseen.turns[0].at == at("2026-03-09 07:00")
    assert foreseen.weak[0] == "SEV3 waits for support hours: the first page goes out 57.0 h later."
    number = declare(house, "SEV3")
    house.forward(minutes=foreseen.turns[-1].after)
    assert climbed(house, number) == [
        (turn.at, turn.level, [one.person for one in turn.people]) for turn in foreseen.turns
    ]


def test_a_later_turn_is_resolved_at_its_own_instant(house: Any) -> None:
    """Bob hands over to Alice at 09:00 on Monday; a path that starts at 08:57 reaches her on the second level."""
    open_house(house)
    found = preview(house, at=at("2026-03-09 07:57"))
    assert [one.person for one in found.turns[0].people] == ["bob"]
    assert [one.person for one in found.turns[1].people] == ["alice", "bob"]
    assert found.turns[0].people[0].channels == ("demo",)


def test_weak_spots_are_named_in_sentences(house: Any) -> None:
    open_house(house, schedule=False)
    house.perform(
        lambda tx: governance.add_person(
            tx, id="erin", login="erin", name="Erin", email="erin@example.com", roles=["responder"], zone="UTC"
        )
    )
    document = copy.deepcopy(PLAN)
    document["escalation"]["major"]["levels"][1]["notify"] = ["person:erin", "person:bob", "post:chief"]
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="weaker"))
    found = preview(house)
    assert found.weak == (
        "Level 1: schedule:primary: there is no such schedule.",
        "Level 1 reaches nobody.",
        "Level 2: person:erin: Erin: somebody has no verified contact method.",
        "The final post (Chief information officer) pages Dana, who did not answer on level 2.",
    )
    assert found.turns[0].people == ()
    assert found.turns[1].at == found.turns[0].at, "a level that reaches nobody gives way at once"
    assert preview(house, "SEV5").weak == ("The plan pages nobody at SEV5: it names no escalation path.",)


def test_a_draft_is_asked_before_it_is_published(house: Any) -> None:
    open_house(house)
    text = copy.deepcopy(PLAN)
    text["escalation"]["major"]["levels"][0]["notify"] = ["person:carol"]
    draft = house.perform(lambda tx: plan.open_draft(tx, title="Carol first", files={"plan.yaml": json.dumps(text)}))
    client = house.client(ALICE)
    found = client.get(f"/api/plan/preview?severity=SEV1&at=2026-03-07T03:00:00Z&draft={draft}").json()
    assert [one["name"] for one in found["turns"][0]["people"]] == ["Carol"]
    found = client.get("/api/plan/preview?severity=SEV1&at=2026-03-07T03:00:00Z").json()
    assert [one["name"] for one in found["turns"][0]["people"]] == ["Bob"]
    assert client.get("/api/plan/preview?draft=99").status_code == 404
    faults = client.get("/api/plan/preview?severity=SEV9&type=x&service=y").json()["errors"]
    assert [fault.partition(":")[0] for fault in faults] == ["type", "severity", "service"]
    assert client.get("/api/plan/preview?at=2026-03-07T03:00:00").status_code == 400
    assert house.client(CHARLIE).get("/api/plan/preview").status_code == 403


def test_the_page_answers_for_saturday_night_on_the_plans_clock(house: Any) -> None:
    open_house(house)
    client = house.client(DANA)
    assert 'action="/on-call/preview"' in client.get("/on-call", headers=BROWSER).text
    shown = client.get("/on-call/preview?severity=SEV1&when=saturday", headers=BROWSER)
    assert shown.status_code == 200
    assert "Bob" in shown.text
    assert "Chief information officer" in shown.text
    assert "2026-03-07T03:00" in shown.text
    assert client.get("/on-call/preview?severity=SEV5", headers=BROWSER).text.count("pages nobody at SEV5") == 1
    assert client.get("/on-call/preview?at=tomorrow", headers=BROWSER).status_code == 400


def test_saturday_night_is_always_the_next_one(house: Any) -> None:
    assert saturday_night("UTC", at("2026-03-07 02:59")) == at("2026-03-07 03:00")
    assert saturday_night("UTC", at("2026-03-07 03:00")) == at("2026-03-14 03:00")
    assert saturday_night("Europe/Berlin", at("2026-03-02 09:00")) == at("2026-03-07 02:00")


def test_the_command_line_says_who_and_leaves_with_one_for_a_weak_spot(house: Any) -> None:
    open_house(house)
    answer = run(house, "would-page", "--severity", "SEV1", "--at", "2026-03-07T03:00Z")
    assert "Bob (demo)" in answer.output
    assert answer.exit_code == 1, "Bob stands on both levels"
    assert "pages Bob, who did not answer on level 1" in answer.output
    document = copy.deepcopy(PLAN)
    document["escalation"]["major"]["levels"][1]["notify"] = ["post:manager"]
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="a second person"), by=ADMIN)
    answer = run(house, "would-page", "--severity", "SEV1", "--at", "2026-03-07T03:00Z", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.output)["weak"] == []
