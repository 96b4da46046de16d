"""Trackers and tickets for programs, and the door at which a tracker's webhook knocks."""

from typing import Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, JSONBody, RawBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.channels import ADAPTERS
from quarterdeck.learning.rules.hooks import Forged
from quarterdeck.learning.rules.tracker import Place
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
ADMINISTER: dict[str, Any] = {"may": Permission.ADMINISTER}
SIGNED: dict[str, Any] = {"public": "signed by the tracker", "refuses": ("401", "413")}
Document = dict[str, Any]


class Placed(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`sends`: `all` agreed actions, those of a `team`'s people (`teams`), or only what is `asked` for."""

    title: str = ""
    base_url: str = ""
    project: str
    issue_type: str = ""
    account: str = ""
    labels: list[str] = []
    sends: str = "asked"
    teams: list[str] = []
    token: str = ""

    def place(self) -> Place:
        labels, teams = tuple(self.labels), tuple(self.teams)
        return Place(self.title, self.base_url, self.project, self.issue_type, self.account, labels, self.sends, teams)


class NewTracker(Placed, kw_only=True):
    """`kind`: `github`, `gitlab`, `jira-cloud` or `jira-server`. `tracker`: a short name of yours."""

    tracker: str
    kind: str


class Token(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    token: str


class Where(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    tracker: str


@get("/api/trackers", opt=READ, sync_to_thread=True)
def list_trackers(record: NamedDependency[Record]) -> list[Document]:
    """Every tracker: where it stands, what goes there, whether it works. Its token is never told."""
    with record.read() as conn:
        return [_document(row) for row in views.trackers(conn)]


@get("/api/trackers/{tracker:str}", opt=READ, sync_to_thread=True)
def one_tracker(record: NamedDependency[Record], tracker: FromPath[str]) -> Document:
    """One tracker, and what it said when it was tried."""
    with record.read() as conn:
        return _document(views.tracker(conn, tracker))


@post("/api/trackers", opt=ADMINISTER, sync_to_thread=True)
def add_tracker(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewTracker]
) -> Document:
    """Add a tracker; the engine tries it. `webhook_secret` is told this once."""
    facts: dict[str, Any] = {"tracker": data.tracker, "kind": data.kind, "place": data.place(), "token": data.token}
    secret = record.perform(who, lambda tx: actions.add_tracker(tx, **facts))
    with record.read() as conn:
        return {**_document(views.tracker(conn, data.tracker)), "webhook_secret": secret}


@put("/api/trackers/{tracker:str}", opt=ADMINISTER, sync_to_thread=True)
def revise_tracker(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    tracker: FromPath[str],
    data: JSONBody[Placed],
) -> Document:
    """Each field as it is from here on. `token`: empty leaves it; needed where the base address becomes another."""
    record.perform(who, lambda tx: actions.revise_tracker(tx, tracker=tracker, place=data.place(), token=data.token))
    return _told(record, tracker)


@put("/api/trackers/{tracker:str}/token", opt=ADMINISTER, sync_to_thread=True)
def replace_token(
    record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str], data: JSONBody[Token]
) -> Document:
    """Show it another token from now on; the engine tries it."""
    record.perform(who, lambda tx: actions.replace_tracker_token(tx, tracker=tracker, token=data.token))
    return _told(record, tracker)


@post("/api/trackers/{tracker:str}/webhook-secret", opt=ADMINISTER, sync_to_thread=True)
def renew_secret(record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str]) -> Document:
    """A new secret for its webhook, told this once; the old one is void."""
    secret = record.perform(who, lambda tx: actions.renew_tracker_secret(tx, tracker=tracker))
    return {**_told(record, tracker), "webhook_secret": secret}


@post("/api/trackers/{tracker:str}/try", opt=ADMINISTER, sync_to_thread=True)
def try_tracker(record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str]) -> Document:
    """The engine tries it; `said` tells a moment later what works, or what to do."""
    record.perform(who, lambda tx: actions.try_tracker(tx, tracker=tracker))
    return _told(record, tracker)


@delete("/api/trackers/{tracker:str}", opt=ADMINISTER, status_code=200, sync_to_thread=True)
def remove_tracker(
    record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str]
) -> Document:
    """Nothing goes there any more; the issues there stay as they are."""
    record.perform(who, lambda tx: actions.remove_tracker(tx, tracker=tracker))
    return _told(record, tracker)


@post("/api/trackers/{tracker:str}/events", opt=SIGNED, status_code=202, sync_to_thread=True)
def hear_tracker(
    request: Request[Any, Any, Any],
    record: NamedDependency[Record],
    tracker: FromPath[str],
    body: RawBody,
) -> Document:
    """The tracker's webhook. It is believed that something happened, nothing else: the issue itself is read anew."""
    with record.read() as conn:
        found = views.webhook_secret_of(conn, tracker)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        if found is None:
            raise Forged
        knock = ADAPTERS[found[0]].knock(headers, body, found[1])
    except Forged:
        said = "This is not signed with the webhook's secret. Make a new one in Quarterdeck, and set it over there."
        raise NotAuthorizedException(said) from None
    with record.read() as conn:
        number = views.ticket_of_issue(conn, tracker, knock.id) if knock.id else None
    if number is not None:
        record.perform(ENGINE, lambda tx: actions.look_at_ticket(tx, number=number))
    return {"looked_at": None if number is None else f"A-{number}"}


@get("/api/actions/{number:int}/ticket", opt=READ, sync_to_thread=True)
def one_ticket(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """How the action's issue stands in its tracker, and what happened to it."""
    return _ticket(record, number)


@post("/api/actions/{number:int}/ticket", opt=REVIEW, sync_to_thread=True)
def send_action(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: JSONBody[Where],
) -> Document:
    """Send it to this tracker: one issue, however often it is asked for."""
    record.perform(who, lambda tx: actions.send_action(tx, number=number, tracker=data.tracker))
    return _ticket(record, number)


@post("/api/actions/{number:int}/ticket/now", opt=RESPOND, sync_to_thread=True)
def send_now(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Compare and send now, whatever failed before."""
    record.perform(who, lambda tx: actions.send_ticket_now(tx, number=number))
    return _ticket(record, number)


@post("/api/actions/{number:int}/ticket/stop", opt=REVIEW, sync_to_thread=True)
def stop_ticket(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Document:
    """Send and fetch nothing more of it; the issue stays."""
    record.perform(who, lambda tx: actions.stop_ticket(tx, number=number))
    return _ticket(record, number)


def _document(row: views.TrackerRow) -> Document:
    facts = {name: value for name, value in vars(row).items() if name not in ("place", "tickets")}
    return {**facts, **vars(row.place), "tickets": row.tickets}


def _told(record: Record, tracker: str) -> Document:
    with record.read() as conn:
        return _document(views.tracker(conn, tracker))


def _ticket(record: Record, number: int) -> Document:
    with record.read() as conn:
        views.improvement(conn, number)
        row, steps = views.ticket(conn, number), views.ticket_steps(conn, number)
    if row is None:
        raise NotFound(f"ticket of A-{number}")
    return {**vars(row), "steps": [vars(step) for step in steps]}


ROUTES = [
    list_trackers,
    one_tracker,
    add_tracker,
    revise_tracker,
    replace_token,
    renew_secret,
    try_tracker,
    remove_tracker,
    hear_tracker,
    one_ticket,
    send_action,
    send_now,
    stop_ticket,
]
