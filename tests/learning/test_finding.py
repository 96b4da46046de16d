"""Similar past incidents with why and what ended them, and the search over everything written down, on both stores."""

from typing import Any

import pytest

from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions, views
from quarterdeck.record import schema
from quarterdeck.record.tables import read
from tests.cast import ALICE, BOB, CAROL
from tests.command.situations import furnish
from tests.learning.test_reviews import settle_tasks


def declare(house: Any, title: str, *, ended: str = "", **facts: Any) -> int:
    def act(tx: Any) -> int:
        number = command.declare(tx, title=title, **facts)
        if ended:
            command.resolve(tx, number=number, reason=ended)
        return number

    number: int = house.perform(act, by=ALICE)
    return number


@pytest.fixture
def past(house: Any) -> Any:
    furnish(house)
    house.perform(_catalogued)
    declare(
        house, "Certificate of the checkout has expired", ended="Renewed the certificate by hand.", service="checkout"
    )
    declare(house, "Disk full on the mail relay", ended="Rotated the logs.")
    declare(house, "Searching for products is slow", ended="Added an index.")
    return house


def _catalogued(tx: Any) -> None:
    governance.add_team(tx, id="web", name="Web")
    catalog.add_service(tx, id="checkout", name="Checkout", team="web", tier=1)


def test_a_new_incident_is_shown_the_past_one_like_it_with_why_and_what_ended_it(past: Any) -> None:
    number = declare(past, "Expired certificate: nobody can pay", service="checkout")
    rows = past.ask(views.similar_incidents, number)
    assert [row.number for row in rows] == [1]
    assert rows[0].reasons[0] in ("same service: checkout", "words in common: certificate, Expired")
    assert {one.fact for one in rows[0].because} >= {"service", "words"}
    assert rows[0].remedy.said == "Renewed the certificate by hand."
    assert 0.3 < rows[0].degree <= 1
    assert [row.number for row in past.ask(views.similar_to, "the mail relay has no disk left")] == [2]
    assert past.ask(views.similar_to, "Volcano") == [] == past.ask(views.similar_incidents, 999)


def test_what_was_written_later_is_found_and_a_rebuild_finds_the_same(past: Any) -> None:
    past.perform(lambda tx: command.note(tx, number=2, text="It was the *zeppelin* job again."), by=BOB)
    past.perform(lambda tx: command.classify(tx, number=2, service="checkout"), by=ALICE)
    past.run_until_idle()
    assert [row.number for row in past.ask(views.search, "zeppelin")] == [2]
    assert {row.number for row in past.ask(views.similar_to, "anything", "checkout")} == {1, 2}
    before = _rows(past)
    schema.rebuild(past.record)
    assert _rows(past) == before


def _rows(house: Any) -> list[Any]:
    with house.read() as conn:
        tables = [read.tables["knowledge"], read.tables["knowledge_word"]]
        return [tuple(row) for table in tables for row in conn.execute(table.select().order_by(*table.primary_key))]


def test_a_review_is_found_by_itself_and_by_its_incident(past: Any) -> None:
    number = declare(past, "Payments fail", impact="extensive", urgency="high")
    past.perform(lambda tx: command.resolve(tx, number=number, reason="rolled back"), by=ALICE)
    settle_tasks(past, number)
    past.run_until_idle()
    past.perform(lambda tx: actions.hold_review(tx, number=number, summary="A stale flamingo cache."), by=CAROL)
    assert {(row.kind, row.number) for row in past.ask(views.search, "flamingo")} == {
        ("incident", number),
        ("review", number),
    }
    assert past.ask(views.similar_to, "flamingo cache is stale")[0].remedy.review == "A stale flamingo cache."


def test_a_lesson_is_found_by_its_last_words_and_stands_beside_what_ended_its_incident(past: Any) -> None:
    number = past.perform(
        lambda tx: actions.identify_lesson(tx, source="INC-2", observation="The walrus filled the disk."), by=BOB
    )
    past.perform(lambda tx: actions.revise_lesson(tx, number=number, observation="The otter filled the disk."), by=BOB)
    assert [row.number for row in past.ask(views.search, "walrus", ("lesson",))] == []
    assert [row.href for row in past.ask(views.search, "otter", ("lesson",))] == [f"/lessons/{number}"]
    taught = past.ask(views.similar_to, "mail relay disk")[0].remedy.lessons
    assert [(one.number, one.headline) for one in taught] == [(number, "The otter filled the disk.")]


def test_search_wants_all_words_completes_the_last_and_says_where(past: Any) -> None:
    def search(text: str, *kinds: str) -> list[views.Found]:
        found: list[views.Found] = past.ask(views.search, text, kinds)
        return found

    assert [row.number for row in search("certificate exp", "incident")] == [1]
    found = search("mail relay", "incident")[0]
    assert found.href == "/incidents/2" and found.has_all
    assert search("INC-3")[0].number == 3 == search("3")[0].number
    assert [row.number for row in search('"disk full"', "incident")] == [2]
    assert search('"full disk"', "incident") == []
    assert [row.number for row in search("certificate volcano", "incident")] == [1], "some words, where none has all"
    procedures = search("escalation", "procedure", "guideline", "plan", "policy")
    assert procedures and all(row.kind != "incident" for row in procedures)
    with pytest.raises(Invalid):
        search("x", "sonnet")
    assert search("") == [] == search("  %_' OR 1=1 --")


def test_the_doors_show_both(past: Any) -> None:
    number = declare(past, "<b>Certificate</b> of the checkout expired", service="checkout")
    with past.client(BOB) as reader:
        page = reader.get(f"/incidents/{number}").text
        assert "Renewed the certificate by hand." in page and "same service: checkout" in page
        assert "Renewed" in reader.get("/similar", params={"title": "certificate expired"}).text
        assert reader.get("/similar").text.strip() == ""
        said = reader.get(f"/api/incidents/{number}/similar").json()["items"][0]
        assert said["number"] == 1 and said["remedy"]["said"] == "Renewed the certificate by hand."
        assert reader.get("/api/similar", params={"title": "disk full"}).json()["items"][0]["number"] == 2
        assert reader.get("/api/incidents/99/similar").status_code == 404
        items = reader.get("/api/search", params={"q": "certificate", "kind": "incident"}).json()["items"]
        assert {item["key"] for item in items} == {"INC-1", f"INC-{number}"}
        assert reader.get("/api/search", params={"q": "x", "kind": "sonnet"}).status_code == 400
        shown = reader.get("/search", params={"q": "certificate"}, headers={"hx-request": "true"}).text
        assert "&lt;b&gt;Certificate" in shown and "<b>Certificate" not in shown
