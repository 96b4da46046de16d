"""What recurs, on real stores: the sentence on the incident's page, the list, and the check recorded each month."""

from typing import Any

from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.governance import actions as governance
from quarterdeck.learning import actions, views
from quarterdeck.notify import views as notify
from tests.cast import ALICE, CAROL
from tests.conftest import House
from tests.journeys.town import furnish, raised
from tests.learning.taught import kept
from tests.learning.test_effects import found_factor

__all__ = ["kept"]


def _catalogue(tx: Any) -> None:
    governance.add_team(tx, id="platform", name="Platform")
    catalog.add_service(tx, id="checkout", name="Checkout", team="platform", tier=1)


def later(house: House, days: int, **facts: Any) -> int:
    house.clock.forward(days=days)

    def act(tx: Any) -> int:
        number = command.declare(tx, title="Payments fail again", impact="small", urgency="low", **facts)
        command.resolve(tx, number=number, reason="rolled back")
        return number

    return house.perform(act, by=ALICE)


def test_it_is_said_on_the_page_that_this_is_not_the_first_time_and_recorded_every_month(kept: House) -> None:
    kept.perform(_catalogue)
    found_factor(kept, 1)
    second = later(kept, 10, service="checkout")
    found_factor(kept, second)
    drill = later(kept, 1, service="checkout", drill=True)
    third = later(kept, 2, service="checkout")
    found_factor(kept, third)
    assert [one.sentence for one in kept.ask(views.again, third)] == [
        "This is the third time since March: the same factor, The procedure did not fit the case.",
        "This is the second time since March: the same type on the same service, Outage on Checkout.",
    ]
    assert kept.ask(views.again, 1) == [] == kept.ask(views.again, drill), "what came later is not held against it"
    found, incidents = kept.ask(views.patterns, since=kept.clock.now() - views.LOOK_BACK)
    assert incidents == 3
    assert [(one.kind, one.numbers) for one in found] == [
        ("factor", (1, second, third)),
        ("type-on-service", (second, third)),
        ("type", (1, second, third)),
    ]
    kept.clock.forward(days=31)
    kept.run_until_idle()
    (check,) = kept.ask(views.recurrence_checks)
    assert (check.month, check.incidents, check.found[0].numbers) == ("2026-03", 3, (1, second, third))
    (told,) = kept.ask(notify.deliveries, about="recurrence/2026-03")
    assert told.person == "dana" and "3 patterns in 3 incidents" in told.subject
    with kept.client(CAROL) as web:
        web.headers["accept"] = "text/html"
        page = web.get(f"/incidents/{third}").text
        assert "This is the third time since March" in page and f'href="/incidents/{second}"' in page
        assert "The procedure did not fit the case" in web.get("/patterns").text
        assert "Outage on Checkout" not in web.get("/patterns?kind=factor").text
        assert web.get("/patterns?kind=whim").status_code == 400
        said = web.post("/patterns/checks/2026-03/assessment", data={"text": "It is *one* cause."})
        assert "<em>one</em>" in said.text
        assert web.get("/patterns/checks/1999-01").status_code == 404
        assert web.get(f"/api/incidents/{third}/recurrence").json()["items"][0]["numbers"] == [1, second, third]
        assert web.get("/api/recurrence-checks").json()["items"][0]["assessed_by_name"] == "Carol"
        again = web.post("/api/recurrence-checks/2026-03/assessment", json={"text": "Two causes."})
        assert again.json()["text"] == "Two causes."
        assert web.get("/api/patterns?days=1&kind=type").json() == {"items": [], "incidents": 0, "next": None}


def test_the_same_alert_and_changes_of_one_sort_are_patterns(house: House) -> None:
    key = furnish(house.record)
    with house.client() as door:
        for n in range(2):
            payload = raised("disk", "Disk full", service="checkout", severity="critical")
            assert door.post("/v2/enqueue", json=payload | {"routing_key": key}).status_code == 202
            change = {"routing_key": key, "payload": {"summary": f"Release 81{n}", "source": "ci"}}
            assert door.post("/v2/change/enqueue", json=change).status_code == 202
            house.run_until_idle()
            house.perform(lambda tx, n=n: command.resolve(tx, number=n + 1, reason="emptied"), by=ALICE)  # type: ignore[misc]  # mypy: a default in a lambda
            door.post("/v2/enqueue", json={**payload, "routing_key": key, "event_action": "resolve"})
            house.clock.forward(hours=30)
            house.run_until_idle()
    with house.read() as conn:
        rows = conn.exec_driver_sql("SELECT position FROM record WHERE type = 'intake.ChangeObserved' ORDER BY 1").all()

    def act(tx: Any) -> None:
        for number, row in enumerate(rows, 1):
            actions.find_factor(
                tx, number=number, code="change.release", text=f"Release {number}", evidence=[row.position]
            )

    house.perform(act, by=CAROL)
    found, _ = house.ask(views.patterns, since=house.clock.now() - views.LOOK_BACK)
    telling = {one.kind: (one.words, one.numbers) for one in found}
    assert telling["alert"] == ("Disk full", (1, 2))
    assert telling["change"] == ("ci: Release #", (1, 2))
    assert "the same alert, Disk full" in house.ask(views.again, 2)[0].sentence
