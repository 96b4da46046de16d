"""Incidents brought in from elsewhere: real, marked, closed; nobody is paged, told or asked for a review."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quarterdeck.command import actions, views
from quarterdeck.command.rules.past import Past, past
from quarterdeck.kernel.errors import Forbidden, Invalid, Refused
from tests.cast import ADMIN, ALICE
from tests.command.situations import furnish

THEN = datetime(2020, 1, 21, 14, 36, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def old(**facts: Any) -> Past:
    given: dict[str, Any] = {
        "source": "postmortem:PM2020-002",
        "title": "KIAM service disruption",
        "severity": "SEV1",
        "declared_at": THEN,
        "resolved_at": THEN + timedelta(hours=2),
        "ended_at": THEN + timedelta(hours=2),
    }
    return Past(**{**given, **facts})


def test_its_life_is_told_in_the_order_of_time() -> None:
    notes = ((THEN + timedelta(hours=3), "checked"), (THEN + timedelta(minutes=5), "alert"))
    mitigated = THEN + timedelta(hours=1)
    told = past(old(notes=notes, mitigated_at=mitigated, ended_at=THEN + timedelta(days=1)), 7, "admin", NOW)
    names = [type(event).__name__.removeprefix("Incident") for event in told]
    assert names == ["Declared", "Activated", "NoteAdded", "Mitigated", "Resolved", "NoteAdded", "Closed"]
    assert [event.at for event in told] == sorted(event.at for event in told)


def test_a_past_that_contradicts_itself_is_refused_with_every_fault() -> None:
    wrong = old(severity="bad", resolved_at=THEN - timedelta(1), mitigated_at=NOW + timedelta(1), notes=[(NOW, "x")])
    with pytest.raises(Invalid) as refusal:
        past(wrong, 7, "admin", NOW)
    said = " ".join(refusal.value.errors)
    assert all(word in said for word in ("severity", "resolved_at: lies before declared_at", "mitigated_at: lies in"))


def test_it_is_a_real_incident_that_moves_nobody(house: Any) -> None:
    furnish(house)
    with house.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*) FROM record").scalar()
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.bring_in(tx, pasts=[old()]), by=ALICE)
    with pytest.raises(Invalid):
        house.perform(lambda tx: actions.bring_in(tx, pasts=[old(), old(service="nowhere")]), by=ADMIN)
    numbers = house.perform(lambda tx: actions.bring_in(tx, pasts=[old(), old(source="x:2")]), by=ADMIN)
    house.forward(days=30)
    row = house.ask(views.incident, numbers[0])
    assert (numbers, row.state, row.source, row.review) == ([1, 2], "closed", "postmortem:PM2020-002", "none")
    assert (row.declared_at, row.resolved_at) == (THEN, THEN + timedelta(hours=2))
    with house.read() as conn:
        told = conn.exec_driver_sql("SELECT stream FROM record ORDER BY position").scalars().all()[before:]
        about = conn.exec_driver_sql("SELECT about FROM delivery").scalars().all()
    followed = {stream for stream in told if stream.endswith(("/1", "/2")) and not stream.startswith("incident/")}
    assert not [one for one in followed if one.split("/")[0] in ("escalation", "comms", "review", "practice")]
    assert not [one for one in about if one.startswith("incident/")]
    with pytest.raises(Refused):
        house.perform(lambda tx: actions.reopen(tx, number=1, reason="again"), by=ALICE)
    with house.client(ALICE) as reader:
        page = reader.get("/incidents/1").text
        assert "imported" in page.lower() and "postmortem:PM2020-002" in page
        assert reader.get("/api/incidents/1").json()["source"] == "postmortem:PM2020-002"
