"""A record of many incidents: their events made, encoded, chained and written as the record itself would, ten of each.

What is passed by: the lifecycles (no rule decides, so no alarm is set) and the read tables of the other rooms, but for
`incident`, which pages take titles from. The rows of the record are the same as if `append_many` had written them, and
`quarterdeck verify` holds them for whole. Direction's own tables are then read from the record by its own recompute.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np

from quarterdeck.app.demo.company import plan_of
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import events as ev
from quarterdeck.command.projections import PROJECTIONS
from quarterdeck.comms.events import Rendered, UpdateOverdue, UpdateSent
from quarterdeck.direction.events import ProcedurePractised
from quarterdeck.direction.events.practising import StepUsed
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import micros
from quarterdeck.learning import events as learning
from quarterdeck.oncall.events import PageRequested
from quarterdeck.record import Record, Recorded, Tx, chain
from quarterdeck.record.stores import Row
from tests import people

BEGAN = datetime(2016, 1, 1, tzinfo=UTC)
YEARS = 10
SERVICES, TEAMS, PEOPLE = 300, 40, 400
TYPES = ("service-outage", "security-incident", "change-failure", "supplier-outage", "data-loss")
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5")
CODES = ("change", "capacity", "configuration", "monitoring-gap", "dependency", "human-error", "knowledge", "testing")
_TOGETHER = 2_000
_EXAMPLE = Path("examples/plan")
_TOLD = {"management": Rendered(subject="Update", text="Cards fail for some customers; we are on it.")}
_STEPS = tuple(StepUsed(step=f"step-{n}", title=f"Step {n}", state="done") for n in range(6))
_LATE = (*_STEPS[:5], StepUsed(step="step-5", title="Step 5", state="late"))
Told = tuple[str, Event]
"""A stream and what happened on it."""


def settle(record: Record) -> None:
    """A plan with objectives, people, teams and services, by their own actions."""
    files = {
        str(path.relative_to(_EXAMPLE)): path.read_text()
        for path in sorted(_EXAMPLE.rglob("*"))
        if path.suffix in (".yaml", ".md")
    }

    people.settle(record)

    def act(tx: Tx) -> None:
        for n in range(TEAMS):
            governance.add_team(tx, id=f"team-{n}", name=f"Team {n}")
        for n in range(SERVICES):
            catalog.add_service(tx, id=f"service-{n}", name=f"Service {n}", team=f"team-{n % TEAMS}", tier=1 + n % 4)

    record.perform(ENGINE, act)
    record.perform(ENGINE, lambda tx: plan_of(tx, files))


def fill(record: Record, count: int, seed: int = 1) -> int:
    """Write the events of so many incidents behind what is on record; how many events that were."""
    with record.read() as conn:
        position = int(conn.exec_driver_sql("SELECT coalesce(max(position), 0) FROM record").scalar() or 0)
    record.perform(ENGINE, lambda tx: tx.next_numbers("incident", count))
    first = position
    heads: dict[str, tuple[int, bytes]] = {}
    for numbers, told in _batches(count, seed):
        rows, declared = [], []
        for stream, event in told:
            position += 1
            version, head = heads.get(stream, (0, chain.GENESIS))
            row, recorded = _row(record, position, stream, version + 1, head, event)
            heads[stream] = (version + 1, row[-1])
            rows.append(row)
            if recorded is not None:
                declared.append(recorded)
        with record.store.writing() as conn:
            record.store.lock(conn)
            record.store.insert_rows(conn, rows)
            PROJECTIONS[ev.IncidentDeclared](conn, declared)
        for stream in [stream for stream in heads if not stream.startswith("practice/")]:
            if int(stream.partition("/")[2]) <= numbers[-1]:  # all of these streams have ended
                del heads[stream]
    return position - first


def _row(
    record: Record, position: int, stream: str, version: int, head: bytes, event: Event
) -> tuple[Row, Recorded | None]:
    name, encoded = record.codec.name(type(event)), record.codec.encode(event)
    at = micros(event.at)
    written = at + 2_000_000
    digest = sha256(encoded).digest()
    link = chain.link(head, stream, version, name, at, written, "person/alice", None, digest)
    row = (position, stream, version, name, at, written, "person/alice", None, encoded.decode(), link)
    if not isinstance(event, ev.IncidentDeclared):
        return row, None
    known = Recorded(
        position, stream, version, name, event.at, event.at + timedelta(seconds=2), "person/alice", None, event
    )
    return row, known


def _batches(count: int, seed: int) -> Iterator[tuple[range, list[Told]]]:
    die = np.random.default_rng(seed)
    apart = YEARS * 365.25 * 86_400 / count
    for start in range(1, count + 1, _TOGETHER):
        numbers = range(start, min(start + _TOGETHER, count + 1))
        told = [
            one
            for number in numbers
            for one in _lived(number, die.random(20).tolist(), die.normal(size=4).tolist(), apart, count)
        ]
        told.sort(key=lambda one: one[1].at)
        yield numbers, told


def _lived(number: int, x: Sequence[float], z: Sequence[float], apart: float, count: int) -> Iterator[Told]:
    """One incident from its declaration to its closure; of the latest ones some are still open."""
    at = BEGAN + timedelta(seconds=round(apart * number))
    minutes = float(np.exp(4.25 + 1.25 * z[0]))
    service = f"service-{int(SERVICES * x[0] ** 2.5)}"
    severity = SEVERITIES[min(4, int(5 * x[1] ** 0.6))]
    kind = TYPES[int(len(TYPES) * x[2] ** 1.5)]
    key = f"incident/{number}"

    def after(share: float) -> datetime:
        return at + timedelta(minutes=round(minutes * share, 3))

    yield key, ev.IncidentDeclared(
        at=at, number=number, title=f"{kind} of {service}: requests fail", type=kind, severity=severity,
        computed_severity=severity, service=service, plan_revision=1, commander="alice", declared_by="alice",
        group=f"g{number}" if x[3] < 0.7 else None, detected_at=at - timedelta(seconds=90),
        impact_started=at - timedelta(minutes=round(20 * x[4], 3)) if x[5] < 0.6 else None,
        drill=x[6] < 0.005, source=f"servicenow:INC{number:07d}" if x[7] < 0.1 else None,
    )  # fmt: skip
    for step in range(1 + (x[8] < 0.3)):
        who = f"person-{int(PEOPLE * (x[9] + 0.37 * step) % 1 * PEOPLE) % PEOPLE}"
        yield (
            f"escalation/{number}",
            PageRequested(
                at=at + timedelta(minutes=5 * step),
                step=step,
                person=who,
                target="on-call",
                delivery=f"d{number}-{step}",
            ),
        )
    yield key, ev.IncidentAcknowledged(at=at + timedelta(minutes=round(4 * float(np.exp(z[1])), 3)), by="alice")
    team = f"team-{int(TEAMS * x[10])}"
    yield key, ev.TeamAssigned(at=after(0.1), team=team, by="alice")
    if x[11] < 0.3:
        yield key, ev.TeamAssigned(at=after(0.3), team=f"team-{int(TEAMS * x[9])}", was=team, by="alice")
    yield key, ev.NoteAdded(at=after(0.2), text="Restarted one node; the error rate is falling.", by="alice")
    yield f"comms/{number}", UpdateSent(at=after(0.4), update=1, fields={}, texts=_TOLD, by="alice")
    if x[12] < 0.2:
        yield f"comms/{number}", UpdateOverdue(at=after(0.6), audiences=("management",), due=after(0.6), step=0)
    if x[13] < 0.2:
        yield (
            key,
            ev.SeverityChanged(
                at=after(0.5), severity="SEV2", was=severity, computed_severity="SEV2", reason="worse", by="alice"
            ),
        )
    if number > count - 2_000 and x[14] < 0.1:
        return
    if x[15] < 0.8:
        yield key, ev.IncidentMitigated(at=after(0.8), by="alice", how="rolled back")
    yield key, ev.IncidentResolved(at=after(1), by="alice", reason="over", severity=severity, commander="alice")
    if x[16] < 0.03:
        yield key, ev.IncidentReopened(at=after(1.2), by="alice", reason="back")
        yield key, ev.IncidentResolved(at=after(1.5), by="alice", reason="over", severity=severity, commander="alice")
    yield key, ev.IncidentClosed(at=after(2), by="alice")
    if x[17] < 0.4:
        yield (
            f"practice/procedure-{int(20 * x[18])}",
            ProcedurePractised(
                at=after(2), procedure="major-outage", number=number, revision=1, steps=_STEPS if x[19] < 0.8 else _LATE
            ),
        )
    yield from _learnt(number, after(2), x)


def _learnt(number: int, at: datetime, x: Sequence[float]) -> Iterator[Told]:
    if x[18] < 0.1:
        due = at + timedelta(days=7)
        yield (
            f"review/{number}",
            learning.ReviewOpened(
                at=at, number=number, due=due, rule="within 5 working days", severity="SEV1", commander="alice"
            ),
        )
        yield (
            f"review/{number}",
            learning.ReviewHeld(
                at=at + timedelta(days=10 * x[0]), by="alice", facilitator="carol", summary="A full disk."
            ),
        )
    if x[19] < 0.15:
        factor, code = f"INC-{number}-F1", CODES[int(len(CODES) * x[4])]
        yield (
            f"factors/{number}",
            learning.FactorFound(
                at=at, number=number, factor=factor, code=code, taxonomy=1, text="It was so.", by="alice"
            ),
        )
        yield f"factors/{number}", learning.FactorAgreed(at=at, factor=factor, by="carol")
