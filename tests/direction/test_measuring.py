"""What is measured follows the record, on both stores: every fact in its column, and rebuilt as it was."""

from typing import Any

from sqlalchemy import select

from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.direction.projections import measured, measured_page
from quarterdeck.direction.rules.measures import named
from quarterdeck.direction.views import measuring
from quarterdeck.governance import actions as governance
from quarterdeck.plan import actions as plan
from quarterdeck.record import schema
from tests.cast import ALICE, BOB
from tests.direction.test_replay import changed, declare
from tests.oncall.world import open_house


def opened(house: Any) -> None:
    open_house(house)
    document = changed()
    for level in ("SEV1", "SEV2"):
        document["severity"]["levels"][level]["acknowledge_within"] = 5
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="with promises"))
    house.perform(lambda tx: governance.add_team(tx, id="payments", name="Payments"))
    house.perform(lambda tx: catalog.add_service(tx, id="checkout", name="Checkout", team="payments", tier=1))


def lived(house: Any, minutes: float = 30, **facts: Any) -> int:
    """Declared, acknowledged by Bob after 3 minutes, resolved after so many."""
    number = declare(house, **facts)
    house.clock.forward(minutes=3)
    house.perform(lambda tx: command.acknowledge(tx, number=number), by=BOB)
    house.clock.forward(minutes=minutes - 3)
    house.perform(lambda tx: command.mitigate(tx, number=number, how="rolled back"), by=BOB)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over"), by=BOB)
    return number


def question(conn: Any, house: Any, id: str, **filters: Any) -> measuring.Question:
    now = house.clock.now()
    return measuring.Question(conn, named(id), measuring.asked(now, filters=filters), now)


def ask(house: Any, id: str, by: Any = None, **filters: str) -> Any:
    def answered(conn: Any) -> Any:
        found = question(conn, house, id, **filters)
        return found.sliced(by) if by else found.answer().figure

    return house.ask(answered)


def test_an_incident_is_measured_from_its_events_and_again_after_a_rebuild(house: Any) -> None:
    opened(house)
    number = lived(house, service="checkout", impact="high", urgency="high")
    house.perform(lambda tx: command.reopen(tx, number=number, reason="back"), by=ALICE)
    house.clock.forward(minutes=30)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over again"), by=BOB)
    house.perform(lambda tx: command.transfer_command(tx, number=number, to="carol"), by=ALICE)
    lived(house, drill=True)
    with house.read() as conn:
        rows = conn.execute(select(measured).order_by(measured.c.number)).all()
        pages = conn.execute(select(measured_page)).all()
    minutes = (rows[0].resolved - rows[0].detected) / 60e6
    assert (minutes, rows[0].resolutions, rows[0].reopened) == (60, 2, 1)
    assert rows[0].mitigated is None, "the harm came back"
    assert (rows[0].acknowledged - rows[0].paged) / 60e6 == 3 and (rows[0].pages, len(pages)) == (1, 2)
    assert rows[0].acknowledged_recorded == rows[0].acknowledged and rows[1].drill == 1
    schema.rebuild(house.record)
    with house.read() as conn:
        assert conn.execute(select(measured).order_by(measured.c.number)).all() == rows
        assert conn.execute(select(measured_page)).all() == pages


def test_figures_follow_what_happens_and_can_be_sliced(house: Any) -> None:
    opened(house)
    for minutes in (20, 30, 40):
        lived(house, minutes, service="checkout", impact="high", urgency="high")
    first = ask(house, "time-to-resolve")
    assert (first.n, list(first.values / 60)) == (3, [20, 30, 40])
    assert ask(house, "acknowledged-in-time").some == 3
    running = declare(house, type="outage")
    found = ask(house, "time-to-resolve")
    assert (found.n, found.still_open) == (4, 1), "what is held in memory follows the record"
    assert [(name, one.n) for name, one in ask(house, "incidents", "team").rows] == [("payments", 3), (None, 1)]
    assert [(name, one.n) for name, one in ask(house, "incidents", "type").rows] == [("incident", 3), ("outage", 1)]
    assert ask(house, "incidents", service="checkout").n == 3 and ask(house, "incidents", team="-").n == 1
    assert [name for name, _ in ask(house, "incidents", "month").rows] == ["2026-03"]
    house.perform(lambda tx: command.cancel(tx, number=running, reason="declared in error"), by=ALICE)
    assert ask(house, "time-to-resolve").left_out == {"declined, merged or cancelled": 1}
    house.perform(lambda tx: command.classify(tx, number=1, type="outage"), by=ALICE)
    assert ask(house, "incidents", type="outage").n == 1
    rows = house.ask(lambda conn: measuring.members(conn, question(conn, house, "time-to-resolve")))
    assert [(row.number, row.title, row.seconds) for row in rows.rows] == [
        (number, "Checkout is down", seconds) for number, seconds in ((3, 2400), (2, 1800), (1, 1200))
    ], "and down to the incidents"
    assert [(row.number, row.left_out) for row in rows.left_out] == [(4, "declined, merged or cancelled")]
