"""Losses and priorities from the record to every door, on both stores."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from quarterdeck.catalog import actions as catalog
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.command import actions as command
from quarterdeck.direction.cli import exposing as cli
from quarterdeck.direction.projections import measured, measured_hand
from quarterdeck.direction.views import exposing
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions as learning
from quarterdeck.learning.cli import improving as actions_cli
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.record import schema
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CAROL, CHARLIE
from tests.direction.test_measuring import lived, opened

BROWSER = {"accept": "text/html"}
HALF = (0.3, 0.5, 0.7)


def half(service: str | None = None) -> Expectation:
    return Expectation(measure="mitigate", service=service)


def propose(house: Any, title: str, days: float | None, expects: Expectation | None = None, needs: Any = ()) -> int:
    found: int = house.perform(
        lambda tx: learning.propose_action(
            tx, title=title, person_days=days, expects=expects, needs=needs, falls_by=HALF if expects else None
        ),
        by=BOB,
    )
    return found


def test_exposure_and_portfolio_follow_the_record(house: Any) -> None:
    opened(house)
    web = house.client(ALICE)
    nothing = web.get("/api/exposure").json()
    assert nothing["items"] == [] and nothing["whole"]["sentence"] == "No incident with a loss that is known."
    assert nothing["too_short"] and web.get("/api/portfolio").json()["chosen"] == []
    for minutes in (60, 120, 180, 240):
        number = lived(house, minutes, service="checkout")
        house.clock.forward(days=10)
    web = house.client(ALICE)
    for said, status in (("many", 400), ("-1", 400), ("500", 303)):
        form = {"statement": "EU", "customers": said}
        answer = web.post(f"/incidents/{number}/impact", data=form, headers=BROWSER, follow_redirects=False)
        assert answer.status_code == status, said
    house.perform(lambda tx: command.state_impact(tx, number=number, statement="EU, said again"), by=ALICE)
    for minutes in (30, 60, 90, 120):
        lived(house, minutes)
        house.clock.forward(days=10)
    web = house.client(ALICE)
    found = web.get("/api/exposure?unit=hours").json()
    assert [(row["id"], row["n"], row["a_year"]["low"]) for row in found["items"]] == [
        ("checkout", 4, None),
        (None, 4, None),
    ]
    assert found["whole"]["a_year"]["value"] == pytest.approx(15 / found["years"], rel=1e-3)
    assert found["whole"]["bad_year"] > found["whole"]["a_year"]["value"] and found["curve"][-1]["share"] == 0
    assert found["units"] == {"customer-minutes": 1, "person-hours": 8, "hours": 8}
    assert web.get("/api/exposure").json()["unit"] == "person-hours"
    assert found == web.get("/api/exposure?unit=hours").json(), "the same question gets the same answer"
    refused = web.get("/api/exposure?unit=EUR")
    assert refused.status_code == 400 and "catalogue" in refused.json()["errors"][0]
    loss = HourlyLoss(amount=1000, currency="EUR", source="Finance, 2026")
    house.perform(
        lambda tx: catalog.revise_service(
            tx, id="checkout", name="Checkout", team="payments", tier=1, tolerance=60, loss=loss
        )
    )
    priced = web.get("/api/exposure").json()
    assert priced["unit"] == "EUR" and priced["whole"]["a_year"]["value"] * priced["years"] == pytest.approx(
        10_000, rel=1e-3
    )
    assert priced["outlasted"] == {"n": 3, "of": 4, "share": 0.9}
    assert priced["rates"]["checkout"]["source"] == "Finance, 2026" and priced["unknown"] == 4

    at_checkout = half("checkout")
    fast = propose(house, "Roll back in one step", 5, at_checkout)
    metrics = propose(house, "Metrics", 10)
    watch = propose(house, "=Watch it", 10, half(), needs=(metrics,))
    without = propose(house, "Without an effort", None, at_checkout)
    vague = propose(house, "Somehow better", 3)
    advice = web.get("/api/portfolio?days=10&unit=hours").json()
    assert (
        advice["chosen"] == [fast]
        and advice["proved"]
        and advice["avoided"]["value"] * advice["years"] == pytest.approx(5, rel=1e-3)
    )
    assert [(one["number"], one["why"]) for one in advice["unranked"]] == [
        (without, exposing.NO_EFFORT), (vague, exposing.NO_EFFECT)
    ]  # fmt: skip
    assert web.get("/api/portfolio?days=25&unit=hours").json()["chosen"] == [fast, metrics, watch]
    shown = CliRunner().invoke(
        cli.commands, ["portfolio", "--days", "10", "--unit", "hours", "--home", str(house.home), "--json"],
        obj=lambda home: Desk(house.record, LOCAL, None),
    )  # fmt: skip
    assert shown.exit_code == 0 and json.loads(shown.stdout)["items"] == advice["items"]
    weighed = CliRunner().invoke(
        actions_cli.commands, ["weigh", str(vague), "--person-days", "4", "--measure", "factor:change.release",
        "--falls-by", "10/20/30", "--needs", str(fast), "--home", str(house.home), "--json"],
        obj=lambda home: Desk(house.record, LOCAL, None),
    )  # fmt: skip
    assert weighed.exit_code == 0, weighed.output
    told = json.loads(weighed.stdout)
    assert (told["person_days"], told["falls_by"], told["needs"]) == (4, [0.1, 0.2, 0.3], [fast])
    lacking = web.get("/api/portfolio?unit=hours").json()["unranked"]
    assert lacking[-1]["why"] == "no loss on record of incidents with “A release of software”"
    now = house.clock.now()
    table = house.ask(lambda conn: exposing.advice_table(exposing.advice(conn, now, 25)))
    assert ["'=Watch it" in row for row in table].count(True) == 1 and len(table) == 6
    with pytest.raises(Invalid, match="first") as circle:
        house.perform(lambda tx: learning.revise_action(tx, number=metrics, title="Metrics", needs=(watch,)), by=BOB)
    assert "A-2 → A-3 → A-2" in circle.value.errors[0]
    with pytest.raises(Invalid):
        propose(house, "Needs what is not there", 1, needs=(99,))

    for days in ("0", "-1", "nan", "inf", "1e9", "x"):
        assert web.get(f"/api/portfolio?days={days}").status_code == 400, days
    assert house.client(CHARLIE).get("/api/portfolio").status_code == 403

    for act in (
        lambda tx: learning.assign_action(tx, number=fast, owner="bob"),
        lambda tx: learning.agree_action(tx, number=fast),
        lambda tx: learning.finish_action(tx, number=fast, shown="It is there"),
    ):
        house.perform(act, by=ALICE)
    house.perform(lambda tx: learning.verify_action(tx, number=fast, found="Tried it"), by=CAROL)
    assert web.get("/api/portfolio?days=30&unit=hours").json()["chosen"] == [metrics, watch]
    [since] = [one for one in web.get("/api/portfolio/afterwards").json()["items"] if one["what"] == "A-1"]
    assert since["verdict"] == "cannot tell" and "4 weeks are needed" in since["sentence"]
    house.clock.forward(days=60)
    web = house.client(ALICE)
    [since] = [one for one in web.get("/api/portfolio/afterwards?unit=hours").json()["items"] if one["what"] == "A-1"]
    assert since["before"]["n"] == 4 and since["after"]["n"] == 0 and since["verdict"] == "cannot tell"

    page = web.get("/portfolio?days=10", headers=BROWSER).text
    assert (
        "cannot tell" in page and "Name it" in page and f"/actions/{without}?plan=yes#reword" in page and "<svg" in page
    )
    assert "This is no budget" in web.get("/portfolio?days=nan", headers=BROWSER).text
    table = web.get("/portfolio/ranking.csv?days=25")
    assert table.headers["content-type"].startswith("text/csv") and f"A-{watch},'=Watch it,yes" in table.text
    page = web.get("/exposure?unit=hours&by=severity", headers=BROWSER).text
    assert "hours of harm a year" in page and page.count("<svg") > 3
    assert "Finance, 2026" in web.get("/exposure", headers=BROWSER).text
    assert "No incident is on record" in web.get("/exposure?service=nothing", headers=BROWSER).text
    assert 'id="reword" open' in web.get(f"/actions/{without}?plan=yes", headers=BROWSER).text
    assert "It should avoid about" in web.get(f"/actions/{watch}", headers=BROWSER).text
    assert "Did the loss fall?" in web.get(f"/actions/{fast}", headers=BROWSER).text
    assert "About EUR" in web.get("/services/checkout", headers=BROWSER).text

    with house.read() as conn:
        rows = conn.execute(select(measured).order_by(measured.c.number)).all()
        hands = conn.execute(select(measured_hand).order_by(measured_hand.c.number, measured_hand.c.person)).all()
    assert rows[0].worked == sum(hand.worked for hand in hands if hand.number == 1) > 0 and rows[3].customers == 500
    schema.rebuild(house.record)
    with house.read() as conn:
        assert conn.execute(select(measured).order_by(measured.c.number)).all() == rows
        again = conn.execute(select(measured_hand).order_by(measured_hand.c.number, measured_hand.c.person)).all()
    assert again == hands
