"""Contributing factors: filed by the taxonomy, shown by facts of the record, agreed on only with evidence."""

from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.factoring import Evidence
from quarterdeck.learning.rules import FACTORS, Factors, taxonomy
from quarterdeck.learning.rules import factoring as rules
from tests.cast import ALICE, BOB, CAROL, DANA
from tests.command.situations import NOON
from tests.people import settle

SHOWN = (Evidence(position=3, stream="incident/7"),)


def found(evidence: tuple[Evidence, ...] = SHOWN, state: Factors | None = None, text: str = "Retries.") -> Factors:
    events = rules.find(state, "bob", NOON, number=7, code="capacity.overload", text=text, evidence=evidence)
    folded = FACTORS.fold(events, state)
    assert folded is not None
    return folded


def test_a_factor_is_agreed_on_only_when_the_record_shows_it() -> None:
    with pytest.raises(Refused) as refusal:
        rules.agree(found(evidence=()), "carol", NOON, factor="INC-7-F1")
    assert refusal.value.reason == "NoEvidence"
    agreed = FACTORS.fold(rules.agree(found(), "carol", NOON, factor="INC-7-F1"), found())
    assert agreed is not None and agreed.by_id["INC-7-F1"].state == "agreed"
    assert rules.agree(agreed, "carol", NOON, factor="INC-7-F1") == []


def test_a_revised_factor_has_to_be_agreed_on_again_and_a_withdrawn_one_returns_by_it() -> None:
    state = found()
    said: dict[str, Any] = {"factor": "INC-7-F1", "code": "capacity.overload", "text": "Retries.", "evidence": SHOWN}
    assert rules.revise(state, "bob", NOON, **said) == []
    for settle_it in (
        rules.agree(state, "carol", NOON, factor="INC-7-F1"),
        rules.withdraw(state, "carol", NOON, factor="INC-7-F1", reason="it was the quota"),
    ):
        settled = FACTORS.fold(settle_it, state)
        assert settled is not None
        again = FACTORS.fold(rules.revise(settled, "bob", NOON, **{**said, "text": "Retries without end."}), settled)
        assert again is not None and again.by_id["INC-7-F1"].state == "found"


def test_the_same_factor_is_not_found_twice_and_ids_count_on() -> None:
    with pytest.raises(Refused) as refusal:
        found(state=found())
    assert refusal.value.reason == "AlreadyFound"
    assert list(found(state=found(), text="The queue.").by_id) == ["INC-7-F1", "INC-7-F2"]


@pytest.mark.parametrize("code", ["", "human-error", "change.typo", "x" * 500])
def test_an_unknown_code_is_refused_with_those_there_are(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        taxonomy.checked(code)
    assert ("change.configuration" if code.startswith("change") else "change.…") in str(refusal.value)


def test_every_code_fits_its_column_and_has_words() -> None:
    assert all(len(code) <= 40 and words for code, words in taxonomy.codes().items())
    assert taxonomy.words_for("quantum.decoherence") == "quantum.decoherence"


def test_factors_are_kept_with_their_evidence_and_told_on_the_timeline(house: Any) -> None:
    settle(house.record)
    number = house.perform(lambda tx: command.declare(tx, title="Payments fail"), by=ALICE)
    position = house.ask(incidents.timeline, number)[0].position
    with pytest.raises(Invalid, match="position 9999"):
        house.perform(lambda tx: find(tx, number, [9999]), by=BOB)
    with pytest.raises(NotFound):
        house.perform(lambda tx: find(tx, 99, []), by=BOB)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: find(tx, number, []), by=DANA)
    id = house.perform(lambda tx: find(tx, number, [position]), by=BOB)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.agree_factor(tx, number=number, factor=id), by=BOB)
    house.perform(lambda tx: actions.agree_factor(tx, number=number, factor=id), by=CAROL)
    (row,) = house.ask(views.factors, [number])
    assert (row.id, row.state, row.kind, row.found_by_name, row.settled_by_name) == (
        "INC-1-F1",
        "agreed",
        "detection",
        "Bob",
        "Carol",
    )
    assert [(one.position, one.stream) for one in row.evidence] == [(position, f"incident/{number}")]
    assert [one.id for one in house.ask(views.factors_like, "detection")] == [id]
    assert "learning.FactorAgreed" in {entry.type for entry in house.ask(incidents.timeline, number)}
    house.perform(lambda tx: actions.withdraw_factor(tx, number=number, factor=id, reason="it was seen"), by=CAROL)
    assert house.ask(views.factors, [number]) == []
    assert house.ask(views.factors, [number], withdrawn=True)[0].reason == "it was seen"


def find(tx: Any, number: int, evidence: list[int]) -> str:
    return actions.find_factor(
        tx, number=number, code="detection.by-users", text="Customers called first.", evidence=evidence
    )


def test_programs_find_and_agree_over_the_api(house: Any) -> None:
    settle(house.record)
    number = house.perform(lambda tx: command.declare(tx, title="Payments fail"), by=ALICE)
    web, base = house.client(CAROL), f"/api/incidents/{number}/factors"
    assert "change" in {kind["kind"] for kind in web.get("/api/factors/taxonomy").json()["kinds"]}
    made = web.post(base, json={"code": "change.release", "text": "Release 812."}).json()
    refused = web.post(f"{base}/{made['id']}/agreement")
    assert (refused.status_code, refused.json()["title"]) == (409, "NoEvidence")
    changed = {"code": "change.release", "text": "Release 812 of the gateway.", "evidence": [1]}
    assert web.put(f"{base}/{made['id']}", json=changed).json()["text"] == changed["text"]
    assert web.post(f"{base}/{made['id']}/agreement").json()["state"] == "agreed"
    assert web.post(f"{base}/{made['id']}/withdrawal", json={"reason": "not it"}).json()["state"] == "withdrawn"
    assert [one["state"] for one in web.get(base).json()["items"]] == ["withdrawn"]
    assert web.post(f"{base}/nope/agreement").status_code == 404
