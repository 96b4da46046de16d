"""A small company and twelve weeks of its incidents, written through the same actions that people use."""

from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.app.demo import improving, legal, taught, telling
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.command.state import incident
from quarterdeck.governance import actions as governance
from quarterdeck.governance.actions import prepare_password
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.learning import actions as learning
from quarterdeck.notify import actions as notify
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.record import Tx

WEEKS, INCIDENTS, OVERDUE_REVIEWS = 12, 140, 2
YOU = "you"

PEOPLE = (
    (YOU, "You", ("administrator", "manager")),
    ("alice", "Alice", ("manager",)),
    ("bob", "Bob", ("responder",)),
    ("carol", "Carol", ("manager",)),
    ("dana", "Dana", ("viewer",)),
)
TEAMS = (("platform", "Platform"), ("commerce", "Commerce"), ("data", "Data"))
SERVICES: tuple[tuple[str, str, str, int, tuple[str, ...], int], ...] = (
    ("identity", "Sign-in", "platform", 1, (), 120),
    ("payments", "Card payments", "commerce", 1, (), 60),
    ("checkout", "Checkout", "commerce", 1, ("identity", "payments"), 120),
    ("catalogue", "Catalogue", "commerce", 2, (), 240),
    ("storefront", "Storefront", "commerce", 1, ("catalogue", "identity"), 180),
    ("warehouse", "Warehouse sync", "data", 3, ("catalogue",), 480),
)
"""Id, name, team, tier, what it stands on, and how many minutes without it can be borne."""
HELPED_SINCE, HELPED = timedelta(days=37), 0.55
"""Since a second person is on call, incidents last so much of what they did."""
LONG = 60
"""Minutes from which on customers were told of an incident that they felt."""
QUICKER = 0.5
"""And those of the card provider, since the fallback is decided sooner."""


@dataclass(frozen=True)
class Kind:
    """A kind of incident that comes back: its words, place, and how long it takes at the median."""

    title: str
    service: str
    type: str
    impact: str
    urgency: str
    minutes: int
    cause: str


KINDS: tuple[Kind, ...] = (
    Kind(
        "Checkout slow: p95 above 3 s", "checkout", "degraded-performance", "moderate", "medium", 48, "A missing index"
    ),
    Kind("Stock figures late by an hour", "warehouse", "degraded-performance", "minor", "low", 95, "The nightly run"),
    Kind(
        "Search returns nothing for some words", "catalogue", "degraded-performance", "minor", "medium", 70, "An index"
    ),
    Kind(
        "Card payments declined by the provider", "payments", "supplier-outage", "significant", "high", 55, "Provider"
    ),
    Kind("Sign-in fails after release", "identity", "change-failure", "significant", "high", 34, "A changed default"),
    Kind("Prices shown without tax", "storefront", "change-failure", "moderate", "medium", 41, "An untested branch"),
    Kind("Product pictures do not load", "storefront", "service-outage", "moderate", "medium", 38, "A full cache disk"),
    Kind(
        "Orders stuck before the warehouse", "warehouse", "service-outage", "moderate", "medium", 88, "A poison message"
    ),
    Kind("Catalogue database at its connection limit", "catalogue", "service-outage", "moderate", "high", 44, "A leak"),
    Kind(
        "Checkout returns errors in one region", "checkout", "service-outage", "significant", "high", 52, "A bad node"
    ),
    Kind(
        "Many sign-ins from one network", "identity", "security-incident", "minor", "medium", 120, "Password guessing"
    ),
)


def people_of(tx: Tx, password: str, now: Instant) -> dict[str, Principal]:
    """Add people, teams, services, the schedule; returns principals by login."""
    found = {}
    hashed = prepare_password(password, YOU)
    for login, name, roles in PEOPLE:
        person = governance.add_person(
            tx,
            login=login,
            name=name,
            email=f"{login}@example.com",
            roles=roles,
            password=hashed if login == YOU else None,
        )
        notify.add_method(tx, person=person, kind="demo", address=login, assume_verified=True)
        found[login] = Principal(f"person/{person}", roles=frozenset(roles))
    for id, name in TEAMS:
        governance.add_team(tx, id=id, name=name)
    for login, team in ((YOU, "platform"), ("bob", "platform"), ("alice", "commerce"), ("carol", "data")):
        governance.add_member(tx, team=team, person=_id(found[login]))
    for id, name, team, tier, needs, minutes in SERVICES:
        loss = improving.loss_of(id)
        catalog.add_service(tx, id=id, name=name, team=team, tier=tier, depends_on=needs, tolerance=minutes, loss=loss)
    monday = (now - timedelta(days=now.weekday())).date().isoformat()
    layer = {"name": "Everyone", "starts": monday, "handover": {"day": "mon", "time": "00:00"}, "rotation": "weekly"}
    oncall.revise_schedule(
        tx,
        id="primary",
        document={"title": "Primary", "zone": "UTC", "layers": [{**layer, "participants": [YOU, "bob", "alice"]}]},
    )
    return found


def plan_of(tx: Tx, files: dict[str, str]) -> None:
    """The example plan, with the demo's people in its posts."""
    holders = {"chief-information-officer": "dana", "incident-manager": "alice", "head-of-operations": "carol"}
    plan.adopt(tx, files={name: _held(text, holders) for name, text in files.items()}, reason="The demo's plan")


def _held(text: str, holders: dict[str, str]) -> str:
    lines, holder = [], YOU
    for line in text.splitlines():
        post = line.strip().split(":")[0]
        if line.startswith("  ") and not line.startswith("    "):
            holder = holders.get(post, "alice")
        lines.append(line.replace("login: admin", f"login: {holder}"))
    return "\n".join(lines) + "\n"


def history(tx: Tx, people: dict[str, Principal], now: Instant) -> None:
    """Twelve weeks of incidents, all closed but for two whose reviews are overdue, and what they taught."""
    first = now - timedelta(weeks=WEEKS)
    span = timedelta(weeks=WEEKS) - timedelta(hours=30)
    changed = now - taught.BEFORE_CHANGE
    latest: dict[str, int] = {}
    sign_ins: list[int] = []
    learnt = False
    for i in range(INCIDENTS):
        kind = KINDS[_mix(i, 1) % len(KINDS)]
        started = first + span * (i + (_mix(i, 2) % 100) / 140) / INCIDENTS
        if started > changed and not learnt:
            taught.first_lesson(tx, people, latest["payments"], changed)
            learnt = True
        left_open = i in (INCIDENTS - 22, INCIDENTS - 15)
        share = HELPED if started > now - HELPED_SINCE else 1.0
        if learnt and kind.type == "supplier-outage":
            share = min(share, QUICKER)
        latest[kind.service] = number = _one(tx, people, kind, started, i, reviewed=not left_open, share=share)
        if kind.title == telling.SIGN_IN:
            sign_ins.append(number)
    taught.other_lessons(tx, people, latest, now)
    with tx.acting(people["carol"], now - timedelta(days=1)):
        telling.learned(tx, sign_ins)
    taught.exercises(tx, people, now)
    improving.improve(tx, people, now)
    legal.owed(tx, people, now, settled=INCIDENTS - 21, running=INCIDENTS - 14)


def _one(tx: Tx, people: dict[str, Principal], kind: Kind, at: Instant, i: int, *, reviewed: bool, share: float) -> int:
    """`share`: it lasts so much of what it would have lasted without help."""
    alice, carol = people["alice"], people["carol"]
    responder = people[("bob", "alice", YOU)[i % 3]]
    impact, urgency = ("significant", "high") if not reviewed else (kind.impact, kind.urgency)
    with tx.acting(responder, at):
        number = command.declare(
            tx,
            title=kind.title,
            type=kind.type,
            impact=impact,
            urgency=urgency,
            service=kind.service,
            commander=_id(alice),
        )
    acknowledged = at + timedelta(minutes=1 + _mix(i, 3) % 9)
    with tx.acting(responder, acknowledged):
        command.acknowledge(tx, number=number)
    # Roughly log-normal, as real durations are: a few of them are very long.
    minutes = kind.minutes * share * (2.2 ** ((_mix(i, 4) % 200) / 100 - 1)) * (2.5 if i % 17 == 0 else 1)
    end = at + timedelta(minutes=max(minutes, 12))
    with tx.acting(alice, acknowledged + timedelta(minutes=20)):
        told = minutes > LONG and telling.begin(tx, number, kind.title)
    _work(tx, number, alice, acknowledged, end, i)
    with tx.acting(alice, end):
        command.mitigate(tx, number=number)
        command.resolve(tx, number=number, reason=f"{kind.cause}: removed.")
        learning.open_review(tx, number=number)
        telling.end(tx, number, kind.title, told=told)
    if reviewed:
        with tx.acting(carol, end + timedelta(days=1, hours=_mix(i, 5) % 20)):
            if incident(tx, number).review == "owed":
                learning.hold_review(
                    tx,
                    number=number,
                    facilitator="carol",
                    summary=f"{kind.cause}. The alarm was right; the fix was known.",
                )
                improving.contributed(tx, number, kind.cause)
            command.close(tx, number=number)
    return number


def _work(tx: Tx, number: int, who: Principal, start: Instant, end: Instant, i: int) -> None:
    tasks = list(incident(tx, number).tasks.values())
    step = (end - start) / (len(tasks) + 1)
    for place, task in enumerate(tasks, start=1):
        with tx.acting(who, start + step * place):
            if incident(tx, number).tasks[task.id].state != "open":
                continue  # another way was chosen, and the step fell away
            if not task.mandatory and _mix(i, 10 + place) % 4 == 0:
                command.skip_task(tx, number=number, task=task.id, reason="Not needed this time")
            else:
                evidence = "See the notes" if task.evidence else None
                answer = sorted(task.answers)[_mix(i, 30) % len(task.answers)] if task.answers else None
                command.complete_task(tx, number=number, task=task.id, evidence=evidence, answer=answer)


def _id(principal: Principal) -> str:
    return principal.id.removeprefix("person/")


def _mix(i: int, salt: int) -> int:
    """A small number that looks random and is the same at every demo."""
    value = (i * 2654435761 + salt * 40503) & 0xFFFFFFFF
    value ^= value >> 15
    return (value * 2246822519 & 0xFFFFFFFF) >> 9
