"""What the fuzz tests throw things at: the whole house on SQLite in one home, with something in every room."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quarterdeck.command import actions as command
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions as plan
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record import Tx, open_store
from tests.cast import ADMIN, ALICE
from tests.conftest import House
from tests.journeys.town import furnish
from tests.web import client

PROBLEM = "application/problem+json"
KNOWN: dict[str, tuple[Any, ...]] = {
    "number": (1, 2, 3, 4, 10**9),
    "login": ("bob", "dana", "nobody"),
    "person": ("bob", "alice", "carol"),
    "facilitator": ("carol", "dana"),
    "assignee": ("bob", "alice"),
    "service": ("checkout",),
    "team": ("platform",),
    "id": ("checkout", "primary", "platform"),
    "schedule": ("primary",),
    "type": ("outage", "security-incident"),
    "severity": ("SEV1", "SEV3"),
    "impact": ("extensive", "high"),
    "urgency": ("high", "low"),
    "role": ("incident-commander", "communications-lead", "responder"),
    "roles": (["viewer"], ["responder"]),
    "at": ("2026-03-02T08:59:00Z", "2026-03-02T08:59:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    "start": ("2026-03-02T10:00:00Z", "0001-01-01T00:00:00+14:00"),
    "end": ("2026-03-03T10:00:00Z", "9999-12-31T23:59:59-14:00"),
    "due": ("2026-03-02T10:00:00Z", "9999-12-31T23:59:59-14:00"),
    "detected_at": ("2026-03-02T08:59:00Z", "0001-01-01T00:00:00+14:00"),
    "impact_started": ("2026-03-02T08:59:00Z", "0001-01-01T00:00:00+14:00"),
    "happened_at": ("2026-03-02T08:59:00Z", "0001-01-01T00:00:00+14:00"),
    "as_of": ("2026-03-02T08:59:00Z", "9999-12-31T23:59:59-14:00"),
    "about": ("incident/1", "incident/999999999999"),
    "into": (1, 2, 2**31, 2**63),
    "seen": (1, 2, 2**63),
    "based_on": (1, 2**63),
    "revision": (1, 2**63),
    "draft": (1, 2**31),
    "cursor": ("1", "0", "-1", "999999999999999999", "bob", "²", "\x00"),
    "limit": ("1", "-1", "0", "1e9", "99999999999999999999999"),
    "document": ("plan", "procedure/major-incident"),
    "clause": ("severity.matrix", "types"),
    "key": ("plan", "procedure:service-outage"),
    "old": (1, 2**31 - 1),
    "new": (1, 2),
    "outcome": ("no-change", "revision"),
    "trigger": ("environment-change", "review-date"),
    "source": ("generic", "alertmanager"),
    "reason": ("Because.",),
    "title": ("Checkout is slow",),
    "text": ("It is back.",),
    "prompt": ("summary", "worse", "root-cause"),
    "observation": ("O1", "O99"),
    "factor": ("INC-4-F1", "INC-4-F99"),
    "code": ("change.release", "change.nothing"),
    "texts": ({"helped": "Luck."}, {"root-cause": "x"}),
    "evidence": ([1], [2**63], [10**400]),
    "position": (1, 2, 2**63),
    "comment": (1, "Say more."),
    "meets_at": ("2026-03-04T10:00", "9999-12-31T23:59:59-14:00"),
    "occurred_at": ("2026-03-02T08:59", "0001-01-01T00:00:00+14:00"),
    "do": ("tell", "leave-out", "withdraw"),
    "after": ("0", "1", "9007199254740993"),
    "files": (example_files(), {"plan.yaml": "a: *a"}, {}),
}
"""Values that reach further than the gate of a field: what is there, and what only just is not."""


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: with a key, with a session, or without either."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    signed_in: bool = False


class Target:
    """The house, its web face, and everybody who asks."""

    def __init__(self, home: Path) -> None:
        self.house = House(open_store(f"sqlite:///{home / 'quarterdeck.db'}"), home)
        self.intake_key = furnish(self.house.record)
        self.house.perform(_situations, ALICE)
        self.house.run_until_idle()
        self.web: Any = client(self.house)
        administrator = self._key("administrator")
        self.actors = (
            # Who may do most comes first and twice: small examples choose the first, and a 401 tells little.
            administrator,
            Actor("a person", signed_in=True),
            administrator,
            self._key("viewer"),
            Actor("nobody"),
        )
        self._session = self._sign_in(ADMIN)
        self.answered: Counter[int] = Counter()

    def _key(self, role: str) -> Actor:
        secret = self.house.perform(lambda tx: governance.issue_key(tx, label=f"Fuzz {role}", roles=(role,)))
        return Actor(role, {"authorization": f"Bearer {secret}"})

    def _sign_in(self, who: Principal) -> str:
        person = who.id.removeprefix("person/")
        return self.house.perform(lambda tx: governance.open_session(tx, person=person))

    def send(self, who: Actor, method: str, url: str, **more: Any) -> Any:
        """One request as `who`; redirects are not followed."""
        headers = {**more.pop("headers", {}), **who.headers}
        self.web.cookies.clear()
        if who.signed_in:
            headers["cookie"] = f"qd_session={self._session}"
        answer = self.web.request(method, url, headers=headers, follow_redirects=False, **more)
        self.answered[answer.status_code] += 1
        if who.signed_in and (answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in")):
            self._session = self._sign_in(ADMIN)  # one of the requests has ended the session
        return answer


def _situations(tx: Tx) -> None:
    """Incidents at several points of their course, one with a review that is owed, a draft and a team nobody needs."""
    for title in ("Payments fail", "Search is slow", "Mail is late", "Logins fail"):
        command.declare(tx, title=title, impact=None, urgency=None, service="checkout")
    command.resolve(tx, number=3, reason="The queue is empty again.")
    command.change_severity(tx, number=4, severity="SEV1", reason="Everybody.")
    command.resolve(tx, number=4, reason="Rolled back.")
    plan.open_draft(tx, title="Shorter path")


@contextmanager
def target(home: Path) -> Iterator[Target]:
    made = Target(home)
    with made.web:
        yield made
    made.house.record.close()


def faults_of(answer: Any) -> list[str]:
    """What is wrong with an answer, whoever asked for what: a fault of ours, or a refusal that says too little."""
    found = []
    if answer.status_code >= 500 and answer.status_code != 503:
        found.append(f"{answer.status_code}: {answer.text[:200]}")
    if answer.request.url.path == "/readyz":
        return found  # not a refusal: it says in its own words that it would not page
    if answer.status_code >= 400 and answer.headers.get("content-type", "").split(";")[0] != "text/html":
        found += _refusal(answer)
    return found


def _refusal(answer: Any) -> list[str]:
    kind = answer.headers.get("content-type", "")
    if answer.request.url.path in ("/v2/enqueue", "/v2/change/enqueue"):
        shaped = kind == "application/json" and {"status", "message", "errors"} <= answer.json().keys()
        return [] if shaped else [f"{answer.status_code} is not what PagerDuty's clients read: {answer.text[:200]}"]
    if kind != PROBLEM:
        return [f"{answer.status_code} is {kind}, not a problem document: {answer.text[:200]}"]
    body = answer.json()
    missing = [name for name in ("type", "title", "status", "detail") if not body.get(name)]
    if missing:
        return [f"{answer.status_code} without {missing}: {body}"]
    if body["status"] != answer.status_code or " " not in body["detail"].strip() or body["detail"][-1] not in ".!?)":
        return [f"{answer.status_code} does not say what to do: {body}"]
    return []


def ask(fuzzed: Target, method: str, url: str, who: str = "administrator", **more: Any) -> Any:
    actor = next(actor for actor in fuzzed.actors if actor.name == who)
    answer = fuzzed.send(actor, method, url, **more)
    assert not faults_of(answer), (method, url[:200], faults_of(answer))
    return answer
