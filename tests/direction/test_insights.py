"""Insights in the console and for programs: answers in sentences, down to the incidents; and odd questions refused."""

import json
from datetime import timedelta
from typing import Any

import numpy as np
from typer.testing import CliRunner

from quarterdeck.direction.cli import measuring as cli
from quarterdeck.direction.rules.measures import Words
from quarterdeck.direction.rules.measures.load import load, sentence
from quarterdeck.direction.views import measuring
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CHARLIE
from tests.direction.test_measuring import lived, opened

BROWSER = {"accept": "text/html"}
HOUR = 3_600_000_000


def test_figures_are_the_same_on_the_page_in_the_api_and_on_the_command_line(house: Any) -> None:
    opened(house)
    web = house.client(ALICE)
    nothing = web.get("/insights", headers=BROWSER)
    assert nothing.status_code == 200 and "There is nothing to measure" in nothing.text
    for minutes in (20, 30, 40, 50, 60, 70):
        lived(house, minutes, service="checkout", title="<b>Checkout</b> is down")
    said = "Half of 6 were resolved within 45 min (95 %: 24 to 66 min)."
    answer = web.get("/api/measures/time-to-resolve?by=service&days=30").json()
    assert answer["figure"]["sentence"] == said and answer["figure"]["points"] == [20, 30, 40, 50, 60, 70]
    assert answer["figure"]["median"] == {
        "value": 45, "low": 23.5714, "high": 66.4286, "enough": True, "endless": False
    }  # fmt: skip
    assert [(row["service"], row["n"]) for row in answer["slices"]] == [("checkout", 6)]
    page = web.get("/insights/time-to-resolve?days=30&by=month", headers=BROWSER).text
    assert said in page and "<b>Checkout</b>" not in page and page.count("<svg") > 2
    day = house.clock.now().date()
    today = web.get(f"/insights/time-to-resolve?from={day}&to={day + timedelta(days=1)}", headers=BROWSER).text
    assert said in today and f"--from {day} --to {day + timedelta(days=1)}" in today and f"from={day}&amp;to=" in today
    overview = web.get("/insights?service=checkout&team=payments", headers=BROWSER).text
    assert "6 pages to 1 person in" in overview and "bob" not in overview.split("<main")[1].split("</main>")[0].lower()
    assert "You: 6 pages" in house.client(BOB).get("/insights", headers=BROWSER).text, "each sees their own"
    shown = CliRunner().invoke(
        cli.commands, ["show", "time-to-resolve", "--home", str(house.home), "--json", "--days", "30"],
        obj=lambda home: Desk(house.record, LOCAL, None),
    )  # fmt: skip
    assert shown.exit_code == 0 and json.loads(shown.stdout)["figure"] == answer["figure"]
    listed = web.get("/api/measures/time-to-resolve/incidents?limit=1").json()
    assert (listed["items"][0]["minutes"], listed["n"]) == (70, 6)


def test_odd_questions_are_refused_in_words(house: Any) -> None:
    opened(house)
    web = house.client(ALICE)
    assert len(web.get("/api/measures").json()["items"]) > 15
    mean = web.get("/api/measures/MTTR")
    assert mean.status_code == 400 and "time-to-restore" in mean.json()["detail"]
    for path in ("mttr", "incidents?from=2026-02-01&to=2026-01-01", "incidents?from=9998-01-01", "incidents?from=x"):
        assert web.get(f"/insights/{path}", headers=BROWSER).status_code == 400, path
    assert web.get("/insights/incidents?from=0001-01-01&to=9999-12-31", headers=BROWSER).status_code == 200
    assert web.get("/insights/incidents?to=0001-01-01", headers=BROWSER).status_code == 200
    assert web.get("/api/measures/happiness").status_code == 404
    for query in ("from=2026-02-01&to=2026-01-01", "by=person", "month=spring", "days=0", "from=9999-99-99", "clock=x"):
        assert web.get(f"/api/measures/time-to-resolve?{query}").status_code == 400, query
    for query in (
        "service=%00%3Cb%3E",
        "days=36600",
        "from=1970-01-01&to=8999-01-01&by=month",
        "clock=recorded&by=cause",
    ):
        assert web.get(f"/api/measures/time-to-resolve?{query}").status_code == 200, query
    assert house.client(CHARLIE).get("/api/measures/incidents").status_code == 403


def test_a_night_is_broken_once_and_by_the_clock_of_who_is_woken() -> None:
    people = Words(np.array([0, 0, 0, 1, 1]), ("bob", "carol"))
    at = np.array([23, 26, 23 + 24, 5, 20]) * HOUR  # Thursday 23:00, Friday 02:00 and 23:00; 05:00 and 20:00 in UTC
    in_utc = load(at, people, {}, 1, "carol")
    assert in_utc.nights.tolist() == [1, 2] and (in_utc.own.pages, in_utc.own.nights) == (2, 1)
    assert in_utc.hours[3, 23] == 1 and in_utc.hours[4, 2] == 1 and in_utc.hours.sum() == 5
    in_tokyo = load(at, people, {"carol": "Asia/Tokyo"}, 1, "carol")
    assert in_tokyo.own.nights == 1 and in_tokyo.hours[3, 14] == 1, "05:00 in UTC is 14:00 there, 20:00 is 05:00"
    assert sentence(in_utc).startswith("5 pages to 2 people in 7 days, 80 % of them between 22:00 and 07:00")
    assert sentence(load(at[:0], Words(people.codes[:0], ()), {}, 0)) == "Nobody was paged."


def test_drills_page_nobody_in_the_figures(house: Any) -> None:
    opened(house)
    lived(house, drill=True)
    lived(house)
    now = house.clock.now()
    found = house.ask(lambda conn: measuring.paging_load(conn, measuring.asked(now), int(now.timestamp() * 1e6)))
    assert found.pages == 1


def test_where_the_period_is_empty_the_span_on_record_is_named_and_how_to_ask_for_it(house: Any) -> None:
    opened(house)
    lived(house)
    day = house.clock.now().date()
    house.clock.forward(days=400)
    web = house.client(ALICE)
    said = f"What is on record lies between {day} and {day}."
    answer = web.get("/api/measures/time-to-resolve").json()
    assert answer["on_record"] == {"from": str(day), "to": str(day + timedelta(days=1)), "sentence": said}
    assert "on_record" not in web.get("/api/measures/time-to-resolve?service=nowhere").json()
    assert said in web.get("/insights", headers=BROWSER).text
    page = web.get("/insights/time-to-resolve", headers=BROWSER).text
    assert said in page and "days=36600" in page

    def ran(*words: str) -> str:
        told = CliRunner().invoke(cli.commands, [*words], obj=lambda home: Desk(house.record, LOCAL, None))
        assert told.exit_code == 0, told.output
        return told.stdout

    home = ("--home", str(house.home))
    asked = f"--from {day} --to {day + timedelta(days=1)}"
    assert f"{said} Ask for it: {asked}" in ran("show", "time-to-resolve", *home)
    assert "One incident" in ran("show", "time-to-resolve", *home, *asked.split())
    assert "time-to-resolve" in ran("list", *home)
    load_ = json.loads(ran("load", *home, *asked.split(), "--json"))
    also = web.get(f"/api/paging-load?from={day}&to={day + timedelta(days=1)}").json()
    assert (load_["pages"], load_["people"]) == (also["pages"], also["people"]) == (1, 1)
    assert "1 page to 1 person" in ran("load", *home, *asked.split()) and "Nobody was paged." in ran("load", *home)
