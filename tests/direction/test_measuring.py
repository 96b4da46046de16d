"""What is measured follows the record, on both stores: every fact in its column, and rebuilt as it was."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from quarterdeck.app.reacting import skip_to_head
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.command import events as ev
from quarterdeck.comms.events import UpdateOverdue, UpdateSent
from quarterdeck.direction.events import ProcedurePractised
from quarterdeck.direction.events.practising import StepUsed
from quarterdeck.direction.projections import PROJECTIONS, SAYS, measured, measured_page
from quarterdeck.direction.projections.folding import Folding
from quarterdeck.direction.rules.measures import MEASURES, named, sql
from quarterdeck.direction.views import measuring
from quarterdeck.direction.views.measuring import shelf
from quarterdeck.direction.views.measuring.held import Held, proof_of
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.learning import events as learning
from quarterdeck.oncall.events import PageRequested
from quarterdeck.plan import actions as plan
from quarterdeck.record import Recorded, schema
from quarterdeck.record import refold as refolding
from quarterdeck.record.refold import refold
from quarterdeck.record.refold import told as told_of
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
    folded = partial(refold, house.record.store, PROJECTIONS)
    for again in (partial(schema.rebuild, house.record), folded, partial(folded, parts=2)):
        again()
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


def table_rows(house: Any) -> dict[str, list[Any]]:
    with house.read() as conn:
        found = {table: conn.execute(select(table)).all() for table in Folding(SAYS).tables}
    return {table.name: sorted(rows, key=repr) for table, rows in found.items()}


def odd_histories() -> Iterator[tuple[str, Event]]:
    """What a tidy history has seldom: back and forth, corrected, taken away, said twice, said of what is not there."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for number in range(1, 40):
        at += timedelta(minutes=7)
        on = f"incident/{number}"
        yield on, ev.IncidentDeclared(
            at=at, number=number, title="x", severity="SEV2", computed_severity="SEV2", commander="alice",
            declared_by="alice", detected_at=at, service=f"s{number % 4}" if number % 5 else None,
            source=f"jira:{number}" if number % 7 == 0 else None, impact_started=at if number % 3 == 0 else None,
        )  # fmt: skip
        yield on, ev.IncidentAcknowledged(at=at, by="key/monitor" if number % 2 else "alice")
        yield on, ev.IncidentAcknowledged(at=at + timedelta(minutes=1), by="bob")
        yield f"escalation/{number}", PageRequested(at=at, step=0, person="bob", target="t", delivery="d")
        yield (
            f"escalation/{number}",
            PageRequested(at=at + timedelta(minutes=2), step=1, person="bob", target="t", delivery="d"),
        )
        yield on, ev.TimesCorrected(at=at, impact_started=at - timedelta(hours=1) if number % 2 else None, by="alice")
        yield on, ev.TeamAssigned(at=at, team="a" * 300, was=None if number % 2 else "b", by="alice")
        yield on, ev.TeamAssigned(at=at, team="b", was="a", by="alice")
        yield on, ev.AlertsCleared(at=at, group="g")
        yield on, ev.AlertsReturned(at=at, group="g")
        yield f"comms/{number}", UpdateOverdue(at=at, audiences=(), due=at, step=number % 2)
        yield f"comms/{number}", UpdateSent(at=at, update=1, fields={}, texts={}, by="alice")
        yield f"comms/{number}", UpdateSent(at=at, update=2, fields={}, texts={}, by="alice")
        yield on, ev.IncidentResolved(at=at, by="alice", reason="r", severity="SEV2", commander="alice")
        for opened in (1, 2):
            yield (
                f"review/{number}",
                learning.ReviewOpened(
                    at=at, number=number, due=at + timedelta(days=opened), rule="", severity="SEV2", commander="alice"
                ),
            )
        if number % 4 == 0:
            yield on, ev.IncidentReopened(at=at, by="alice", reason="back")
            yield f"review/{number}", learning.ReviewCancelled(at=at, reason="back")
        yield f"review/{number}", learning.ReviewHeld(at=at, by="carol", facilitator="carol", summary="s")
        factor = f"INC-{number}-F1"
        yield (
            f"factors/{number}",
            learning.FactorFound(at=at, number=number, factor=factor, code="load", taxonomy=1, text="t", by="alice"),
        )
        yield f"factors/{number}", learning.FactorAgreed(at=at, factor=factor, by="carol")
        if number % 3 == 0:
            yield f"factors/{number}", learning.FactorWithdrawn(at=at, factor=factor, reason="no", by="carol")
        yield (
            f"lesson/{number}",
            learning.LessonIdentified(
                at=at, number=number, by="alice", source=f"INC-{number}" if number % 2 else "EX-1", observation="o"
            ),
        )
        yield f"lesson/{number}", learning.LessonClosed(at=at, by="alice", closing="rejection", ref="no")
        if number % 2:
            yield f"lesson/{number}", learning.LessonReopened(at=at, by="alice", reason="back")
        used = [StepUsed(step=f"s{n}", title="S", state="done" if n < number % 4 else "late") for n in range(3)]
        practised = ProcedurePractised(at=at, procedure="p", number=number, revision=1, steps=tuple(used))
        yield f"practice/p-{number % 3}", practised
    yield "incident/999", ev.IncidentClosed(at=at, by="alice")


@pytest.mark.parametrize("parts", [1, 3])
def test_what_is_folded_in_memory_is_what_the_events_made_one_by_one(house: Any, parts: int) -> None:
    told = [
        Recorded(
            place, stream, 1, "", event.at, event.at + timedelta(seconds=place % 1_000_000), "person/alice", None, event
        )
        for place, (stream, event) in enumerate(odd_histories(), 1_000_000)
    ]
    folders = [Folding(SAYS) for _ in range(parts)]
    acts = [{event: folder.taking(event) for event in folder.events} for folder in folders]
    with house.record.store.writing() as conn:
        for row in told:
            PROJECTIONS[type(row.event)](conn, [row])
    one_by_one = table_rows(house)
    with house.record.store.writing() as conn:
        for table in folders[0].tables:
            conn.execute(delete(table))
        for row in told:
            for part in range(parts):
                if type(row.event) in folders[0].across or ord(row.stream[-1]) % parts == part:
                    acts[part][type(row.event)](told_of(row))
        folders[0].write(conn, [folder.taken() for folder in folders])
    assert table_rows(house) == one_by_one and len(one_by_one["measured"]) == 39 and one_by_one["measured_factor"]
    assert {row.steps_followed for row in one_by_one["measured"]} == {0, 1, 2, 3}


def test_a_part_of_the_record_that_cannot_be_read_leaves_the_tables_as_they_were(house: Any, monkeypatch: Any) -> None:
    opened(house)
    lived(house, service="checkout")
    before = table_rows(house)
    monkeypatch.setattr(refolding, "_elsewhere", _killed)
    with pytest.raises(Refused, match="Nothing was changed"):
        refold(house.record.store, PROJECTIONS, parts=2)
    assert table_rows(house) == before and before["measured"]


def _killed(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_is_held_is_put_on_a_shelf_and_taken_from_it_only_if_it_is_of_this_record(
    house: Any, tmp_path: Path
) -> None:
    opened(house)
    number = lived(house, service="checkout")
    held, table = Held(measured), measured
    with house.read() as conn:
        columns = held.columns(conn)
        head = int(columns["moved"].max())
        assert shelf.take(conn, table) is None and not shelf.put(conn, table, head, b"", columns), "nowhere to put it"
        with_shelf = conn.execution_options(scratch=str(tmp_path))
        assert shelf.put(with_shelf, table, head, proof_of(conn, head) or b"", columns)
        found = shelf.take(with_shelf, table)
        assert found is not None and found.columns.words["service"].named(0) == "checkout"
        assert {name: list(values) for name, values in found.columns.numbers.items()} == {
            name: list(values) for name, values in columns.numbers.items()
        }
        assert Held(measured).columns(with_shelf)["number"].tolist() == [number]
        (tmp_path / "measured.columns" / "closed.npy").write_bytes(b"half of")
        assert shelf.take(with_shelf, table) is None
        assert shelf.put(with_shelf, table, head, b"of another record", columns)
        assert len(Held(measured).columns(with_shelf)) == 1, "read anew, since the proof fails"
        assert (tmp_path / "measured.columns").stat().st_mode & 0o077 == 0, "for the house alone"


def test_every_view_in_sql_says_what_the_measure_says(house: Any) -> None:
    opened(house)
    told = [
        Recorded(
            place, stream, 1, "", event.at, event.at + timedelta(seconds=place % 1_000_000), "person/alice", None, event
        )
        for place, (stream, event) in enumerate(odd_histories(), 1_000_000)
    ]
    codec = house.record.codec
    with house.record.store.writing() as conn:
        rows = [
            (one.position, one.stream, one.position, codec.name(type(one.event)), 0, 0, "x", None,
             codec.encode(one.event).decode(), one.position.to_bytes(32, "big"))
            for one in told
        ]  # fmt: skip
        house.record.store.insert_rows(conn, rows)
        for row in told:
            PROJECTIONS[type(row.event)](conn, [row])
        conn.execute(update(measured).where(measured.c.number < 20).values(plan_revision=1))
    skip_to_head(house.record, house.wired.reactions)  # nobody reacts to what cannot have happened
    house.clock.forward(days=5)
    for minutes in (10, 20):
        house.perform(lambda tx: tx.next_numbers("incident", 100))
        lived(house, minutes, service="checkout", impact="high", urgency="high")
    now = house.clock.now()
    with house.record.store.writing() as conn:
        made_views(conn, micros(now))
    with house.read() as conn:
        for id, measure in MEASURES.items():
            question_ = measuring.Question(conn, measure, measuring.asked(now, days=36_600), now)
            view = [dict(row._mapping) for row in conn.exec_driver_sql(f"SELECT * FROM {sql.view_of(id)}")]
            agrees(id, view, question_, "")
            if "recorded" in measure.clocks:
                again = measuring.Question(conn, measure, measuring.asked(now, days=36_600), now, "recorded")
                agrees(id, view, again, "_recorded")


def made_views(conn: Any, now: int) -> None:
    """As the house makes them, but under the clock of the test."""
    queries = sql.views("sqlite" if conn.dialect.name == "sqlite" else "postgresql", str(now))
    for name in reversed(queries):
        conn.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
    for name, query in queries.items():
        conn.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def agrees(id: str, view: list[dict[str, Any]], question_: measuring.Question, twin: str) -> None:
    figure = question_.figure()
    left_out = Counter(row[f"left_out{twin}"] for row in view if row[f"left_out{twin}"])
    assert dict(left_out) == figure.left_out, id
    if figure.median is not None:
        minutes = sorted(float(row[f"minutes{twin}"]) for row in view if row[f"minutes{twin}"] is not None)
        open_ = sorted(float(row[f"open_minutes{twin}"]) for row in view if row[f"open_minutes{twin}"] is not None)
        assert minutes == pytest.approx((figure.values / 60).tolist()) and open_ == pytest.approx(
            (figure.ages / 60).tolist()
        ), id
    elif figure.share is not None:
        assert (sum(row["part"] for row in view), sum(row["whole"] for row in view)) == (figure.some, figure.n), id
    else:
        assert sum(row["counted"] for row in view) == figure.n, id
    slices_ = {name: one.n for name, one in question_.sliced("team").rows}
    for team, n in slices_.items():
        mine = [row for row in view if row["team"] == team and not row[f"left_out{twin}"]]
        assert sum(row.get("whole", row.get("counted", 1)) for row in mine) == n, (id, team)


def test_the_views_are_there_for_tools_and_again_after_a_rebuild(house: Any) -> None:
    opened(house)
    lived(house, service="checkout")
    schema.rebuild(house.record)
    refold(house.record.store, PROJECTIONS)
    with house.read() as conn:
        for id in MEASURES:
            conn.exec_driver_sql(f"SELECT count(*), min(at_micros) FROM {sql.view_of(id)}").one()
        found = conn.exec_driver_sql("SELECT number, minutes, service, at FROM measure_time_to_resolve").one()
    assert (found[0], round(float(found[1])), found[2]) == (1, 30, "checkout") and "2026-03-02" in str(found[3])


def test_what_was_read_ahead_is_not_read_again(house: Any) -> None:
    opened(house)
    lived(house, service="checkout")
    house.ask(measuring.read_ahead)
    with house.read() as conn:
        first = measuring.population(conn, "incidents")
    with house.read() as conn:
        assert measuring.population(conn, "incidents") is first and len(first.columns) == 1
