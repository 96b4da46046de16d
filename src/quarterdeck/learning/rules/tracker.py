"""What a tracker is: where it stands, what goes out to it, and what may be said of it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from quarterdeck.governance.rules.words import line_fault, refuse_faults
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import tracking as ev

KINDS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "jira-cloud": "Jira Cloud",
    "jira-server": "Jira Data Center or Server",
}
SENDS = {"all": "every agreed action", "team": "the actions of some teams", "asked": "only what somebody sends"}
HOMES = {"github": "https://api.github.com", "gitlab": "https://gitlab.com"}
"""Where the public ones stand. GitHub Enterprise: `https://HOST/api/v3`."""
MOST_LABELS = 10
_ID = re.compile(r"[a-z][a-z0-9-]{0,38}")
_PROJECTS = {
    "github": (re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"), "owner/repository"),
    "gitlab": (re.compile(r"\d{1,12}|[\w.-]+(/[\w.-]+){1,20}"), "group/project, or the project's number"),
    "jira": (re.compile(r"[A-Z][A-Z0-9_]{1,30}"), "the project's key, as OPS"),
}
_LABEL = re.compile(r"[^\x00-\x1f,]{1,50}")


@dataclass(frozen=True)
class Place:
    """Where issues stand and what goes there."""

    title: str
    base_url: str
    project: str
    issue_type: str = ""
    account: str = ""
    labels: tuple[str, ...] = ()
    sends: str = "asked"
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tracker:
    """`asked_at`: somebody wants it tried; `works`: None if it never was."""

    id: str
    kind: str
    place: Place
    added_at: Instant
    removed: bool = False
    asked_at: Instant | None = None
    works: bool | None = None

    @property
    def actor(self) -> str:
        """Who did it, where the tracker's people did."""
        return f"tracker/{self.id}"


def evolve(state: Tracker | None, event: Event) -> Tracker:
    if isinstance(event, ev.TrackerAdded):
        return Tracker(event.tracker, event.kind, _place(event), event.at)
    assert state is not None, f"{type(event).__name__} before TrackerAdded"
    match event:
        case ev.TrackerRevised():
            return replace(state, place=_place(event))
        case ev.TrackerTryAsked():
            return replace(state, asked_at=event.at)
        case ev.TrackerTried():
            return replace(state, asked_at=None, works=event.works)
        case ev.TrackerRemoved():
            return replace(state, removed=True, asked_at=None)
        case _:
            return state


def due(state: Tracker) -> Instant | None:
    """When it was asked to be tried; else always: how often it is polled is settled outside the record."""
    return None if state.removed else state.asked_at or state.added_at


def checked(kind: str, place: Place) -> Place:
    """As it will stand. Raises `Invalid` with every fault."""
    url = (place.base_url.strip() or HOMES.get(kind, "")).rstrip("/")
    project, account = place.project.strip().strip("/"), place.account.strip()
    issue_type = " ".join(place.issue_type.split())
    labels = tuple(dict.fromkeys(" ".join(label.split()) for label in place.labels if label.strip()))
    teams = tuple(dict.fromkeys(team.strip() for team in place.teams if team.strip()))
    title = " ".join(place.title.split()) or f"{KINDS.get(kind, kind)} {project}"
    pattern, example = _PROJECTS.get(kind.partition("-")[0], (re.compile(".+"), "a project"))
    jira = kind.startswith("jira")
    faults = [
        None if kind in KINDS else f"kind: use one of {', '.join(KINDS)}",
        line_fault("title", title),
        _url_fault(url),
        None if pattern.fullmatch(project) else f"project: {project[:60]!r}; write {example}",
        "issue_type: which type of issue, as Task?" if jira and not issue_type else None,
        "issue_type: at most 60 characters" if len(issue_type) > 60 else None,
        "account: the mail address that the token belongs to" if kind == "jira-cloud" and "@" not in account else None,
        "account: at most 200 characters" if len(account) > 200 else None,
        f"labels: at most {MOST_LABELS}" if len(labels) > MOST_LABELS else None,
        *(None if _LABEL.fullmatch(one) else f"labels: {one[:40]!r}; up to 50 characters, no comma" for one in labels),
        *(f"labels: {one[:40]!r}; Jira takes no spaces in a label" for one in labels if jira and " " in one),
        None if place.sends in SENDS else f"sends: use one of {', '.join(SENDS)}",
        "teams: of which teams?" if place.sends == "team" and not teams else None,
    ]
    refuse_faults("The tracker is not right.", faults)
    return Place(title, url, project, issue_type if jira else "", account, labels, place.sends, teams)


def _url_fault(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "base_url: no web address"
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query or parts.fragment:
        return "base_url: as https://gitlab.example.com, without user name, question mark or #"
    if port == 0 or len(url) > 300 or not url.isascii() or any(c.isspace() for c in url):
        return "base_url: at most 300 plain characters"
    return None


def add(state: Tracker | None, id: str, kind: str, place: Place, token: str, by: str, now: Instant) -> list[Event]:
    if state is not None:
        raise Refused("TrackerExists", f"There is a tracker {id} already, or was one. Choose another name.")
    faults = [None if _ID.fullmatch(id) else "tracker: a short name: a-z, 0-9 and -, as ops-github", token_fault(token)]
    refuse_faults("The tracker is not right.", faults)
    p = checked(kind, place)
    added = ev.TrackerAdded(
        at=now,
        tracker=id,
        by=by,
        kind=kind,
        title=p.title,
        base_url=p.base_url,
        project=p.project,
        issue_type=p.issue_type,
        account=p.account,
        labels=p.labels,
        sends=p.sends,
        teams=p.teams,
    )
    return [added, ev.TrackerTryAsked(at=now, by=by)]


def revise(state: Tracker, place: Place, by: str, now: Instant) -> list[Event]:
    standing(state)
    p = checked(state.kind, place)
    if p == state.place:
        return []
    revised = ev.TrackerRevised(
        at=now,
        by=by,
        title=p.title,
        base_url=p.base_url,
        project=p.project,
        issue_type=p.issue_type,
        account=p.account,
        labels=p.labels,
        sends=p.sends,
        teams=p.teams,
    )
    return [revised, ev.TrackerTryAsked(at=now, by=by)]


def replace_token(state: Tracker, token: str, by: str, now: Instant) -> list[Event]:
    standing(state)
    refuse_faults("The token is not right.", [token_fault(token)])
    return [ev.TrackerTokenReplaced(at=now, by=by, what="token"), ev.TrackerTryAsked(at=now, by=by)]


def replace_secret(state: Tracker, by: str, now: Instant) -> list[Event]:
    standing(state)
    return [ev.TrackerTokenReplaced(at=now, by=by, what="secret")]


def try_it(state: Tracker, by: str, now: Instant) -> list[Event]:
    standing(state)
    return [] if state.asked_at is not None else [ev.TrackerTryAsked(at=now, by=by)]


def tried(state: Tracker, works: bool, said: str, now: Instant) -> list[Event]:
    return [] if state.removed else [ev.TrackerTried(at=now, works=works, said=said[:500])]


def remove(state: Tracker, by: str, now: Instant) -> list[Event]:
    return [] if state.removed else [ev.TrackerRemoved(at=now, by=by)]


def standing(state: Tracker) -> None:
    if state.removed:
        raise Refused("TrackerRemoved", f"The tracker {state.id} was removed. Add another.")


def token_fault(token: str) -> str | None:
    if not token or len(token) > 1000 or not token.isascii() or any(c.isspace() or not c.isprintable() for c in token):
        return "token: 1 to 1000 characters without spaces"
    return None


def choose(trackers: Sequence[tuple[str, Place]], teams: Iterable[str]) -> str | None:
    """Where an agreed action of these teams goes by itself: to a tracker of one of them, else to one for all."""
    mine = set(teams)
    of_team = (id for id, place in trackers if place.sends == "team" and mine & set(place.teams))
    for_all = (id for id, place in trackers if place.sends == "all")
    return next(of_team, None) or next(for_all, None)


def _place(e: ev.TrackerAdded | ev.TrackerRevised) -> Place:
    return Place(e.title, e.base_url, e.project, e.issue_type, e.account, e.labels, e.sends, e.teams)


TRACKER: Lifecycle[Tracker] = Lifecycle("tracker", evolve, due, leased=True)
