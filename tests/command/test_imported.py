"""An incident brought in from a history is told like any other, and nothing follows from it."""

from typing import Any

import pytest
from sqlalchemy import select

from quarterdeck.app import reacting
from quarterdeck.command import actions, views
from quarterdeck.command import events as ev
from quarterdeck.command.rules import INCIDENT
from quarterdeck.command.views import Filters
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import Principal, history
from quarterdeck.notify.views import recent
from quarterdeck.oncall import actions as oncall
from quarterdeck.record import Reaction, Recorded, Tx
from quarterdeck.record.tables import cursor, record
from tests.cast import ADMIN, ALICE
from tests.command.situations import NOON, declared
from tests.comms.town import declare, open_house

ITS_SOURCE = {"source": "servicenow:INC0000045", "declared_by": "source/Caller 3"}


def bring_in(house: Any, by: Principal, *, number: int, **changes: Any) -> None:
    """A major incident as its source told it, resolved and back again."""
    resolved: dict[str, Any] = {
        "at": NOON,
        "by": "source/",
        "reason": "restarted",
        "severity": "SEV1",
        "commander": "source/",
    }
    events = [
        declared(
            number=number, severity="SEV1", computed_severity="SEV1", commander="source/", **ITS_SOURCE, **changes
        ),
        ev.IncidentAcknowledged(at=NOON, by="source/"),
        ev.IncidentResolved(plan_revision=None, **resolved),
        ev.IncidentReopened(at=NOON, by="source/", reason="came back"),
    ]
    house.perform(lambda tx: tx.append_many([(INCIDENT, number, events)]), by=by)
    house.run_until_idle()


def streams(house: Any, number: int) -> set[str]:
    with house.read() as conn:
        found = conn.execute(select(record.c.stream).where(record.c.stream.like(f"%/{number}"))).scalars()
        return {stream.partition("/")[0] for stream in found} - {"person", "service"}


@pytest.mark.parametrize("by", [history("one"), ADMIN], ids=["import", "person"])
def test_nobody_is_paged_told_or_owed_a_review(house: Any, by: Principal) -> None:
    open_house(house)
    own = declare(house)
    before = len(house.ask(recent, 1000))
    bring_in(house, by, number=900)
    bring_in(house, by, number=901, plan_revision=None)
    assert streams(house, 900) == streams(house, 901) == {"incident"}
    assert len(house.ask(recent, 1000)) == before
    assert streams(house, own) > {"incident", "comms"}, "the control: one of ours has its consequences"
    with pytest.raises(Refused) as refusal:
        house.perform(lambda tx: oncall.escalate_now(tx, number=900), by=ALICE)
    assert refusal.value.reason == "Imported"
    house.perform(lambda tx: actions.resolve(tx, number=900, reason="over"), by=ALICE)
    house.run_until_idle()
    assert house.ask(views.incident, 900).review == "none"
    assert streams(house, 900) == {"incident"}


def test_it_is_found_by_the_number_of_its_source_and_kept_off_the_board(house: Any) -> None:
    open_house(house)
    own = declare(house)
    bring_in(house, history("one"), number=900)
    row = house.ask(views.incident, 900)
    assert (row.source, row.state) == ("servicenow:INC0000045", "active")

    def numbers(**filters: Any) -> list[int]:
        return [row.number for row in house.ask(views.incidents, Filters(**filters)).items]

    assert numbers() == [900, own]
    assert numbers(text="inc0000045") == numbers(imported=True) == numbers(source="servicenow") == [900]
    assert numbers(imported=False) == [own]
    assert numbers(source="pagerduty") == []
    assert [row.number for row in house.ask(views.open_incidents)] == [own]
    told = [entry.sentence for entry in house.ask(views.timeline, 900, key_only=True)]
    assert told[-1] == "Brought in from servicenow:INC0000045 by Caller 3 as SEV1"
    assert "The source acknowledged" in told


def test_a_long_history_holds_up_no_reaction(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine passes a history over without reading it event by event, and goes on behind it."""
    monkeypatch.setattr(reacting, "FAR", 50)
    numbers = range(1, 40)
    house.perform(
        lambda tx: tx.append_many([(INCIDENT, n, [declared(number=n, **ITS_SOURCE)]) for n in numbers], fresh=True),
        by=history("one"),
    )
    seen: list[int] = []

    def act(tx: Tx, recorded: Recorded) -> None:
        seen.append(int(recorded.key))

    reaction = Reaction("test.on_declared", (ev.IncidentDeclared,), act)
    house.perform(lambda tx: tx.append_many([(INCIDENT, 40, [declared(number=40)])]))
    assert (reacting.react(house.record, reaction), seen) == (1, [40])
    late = range(41, 100)
    house.perform(
        lambda tx: tx.append_many([(INCIDENT, n, [declared(number=n, **ITS_SOURCE)]) for n in late], fresh=True),
        by=history("two"),
    )
    assert reacting.react(house.record, reaction) == 0
    with house.read() as conn:
        assert conn.execute(select(cursor.c.position).where(cursor.c.reaction == "test.on_declared")).scalar() == 99
    assert seen == [40]
