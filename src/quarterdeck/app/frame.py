"""What every page shows around itself: who is signed in, where they may go, and what templates know by name."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

import quarterdeck
from quarterdeck.app import words
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.principal import NOBODY, Principal
from quarterdeck.kernel.time import Instant, SystemClock, monotonic
from quarterdeck.record import Record

_NAMES_LAST = 30.0
"""Seconds for which a signed-in person's name is taken from memory; only the top bar shows it."""


@dataclass(frozen=True)
class Place:
    """A page one can go to from every other. `current` is true on it and below it."""

    name: str
    href: str
    icon: str
    permission: Permission
    key: str | None = None
    current: bool = False


PLACES = (
    Place("Now", "/", "compass", Permission.READ, "g s"),
    Place("Incidents", "/incidents", "siren", Permission.READ, "g i"),
    Place("On-call", "/on-call", "phone", Permission.READ, "g o"),
)
"""Where one goes in a hurry: always in sight, on a phone too."""
GROUPS: Mapping[str, tuple[Place, ...]] = {
    "Plan": (
        Place("The plan in force", "/plan", "book-open", Permission.READ),
        Place("Library", "/plan/library", "layers", Permission.READ),
        Place("Drafts", "/plan/drafts", "square-pen", Permission.READ),
        Place("History", "/plan/revisions", "history", Permission.READ),
        Place("Standards", "/plan/standards", "shield-check", Permission.READ),
        Place("Alignment", "/plan/alignment", "target", Permission.READ),
        Place("Exercises", "/exercises", "flag", Permission.READ),
        Place("Readiness", "/readiness", "clipboard-check", Permission.READ),
    ),
    "Learn": (
        Place("Reviews", "/reviews", "clipboard-list", Permission.READ),
        Place("Lessons", "/lessons", "lightbulb", Permission.READ),
        Place("Actions", "/actions", "wrench", Permission.READ),
        Place("Patterns", "/patterns", "refresh-cw", Permission.READ),
        Place("Debt", "/debt", "hourglass", Permission.READ),
        Place("What we learned", "/learned", "file-text", Permission.READ),
    ),
    "Direct": (
        Place("Executive page", "/executive", "file-text", Permission.READ),
        Place("Reports", "/reports", "clipboard-list", Permission.READ),
        Place("Insights", "/insights", "activity", Permission.READ),
        Place("Objectives", "/objectives", "target", Permission.READ),
        Place("Paths", "/paths", "route", Permission.READ),
        Place("Legal clocks", "/obligations", "hourglass", Permission.READ),
        Place("Conformance", "/conformance", "list-checks", Permission.READ),
        Place("Exposure", "/exposure", "flame", Permission.READ),
        Place("Portfolio", "/portfolio", "trending-down", Permission.READ),
        Place("What if", "/what-if", "git-branch", Permission.READ),
        Place("Rosters", "/rosters", "calendar-days", Permission.READ),
        Place("Staffing", "/staffing", "users", Permission.READ),
    ),
    "House": (
        Place("Services", "/services", "layers", Permission.READ),
        Place("Status page", "/status-page", "megaphone", Permission.READ),
        Place("Signals", "/signals", "radio", Permission.READ),
        Place("Pager", "/pager", "heart-pulse", Permission.READ),
        Place("Imports", "/imports", "download", Permission.READ),
        Place("Trackers", "/trackers", "plug", Permission.ADMINISTER),
        Place("Audit", "/audit", "scroll-text", Permission.AUDIT),
    ),
}
"""The rest, by the turn of the loop that it serves. A place appears when its room has opened it."""
OWN = (
    Place("My reading list", "/me/reading", "book-open", Permission.READ),
    Place("My contact methods", "/me/methods", "smartphone", Permission.READ),
    Place("People and teams", "/people", "users", Permission.ADMINISTER),
    Place("Keys", "/keys", "key-round", Permission.ADMINISTER),
    Place("Help and keys", "/help", "keyboard", Permission.READ),
)


@dataclass(frozen=True)
class Frame:
    """The chrome of one page for one principal."""

    who: Principal
    name: str
    path: str
    version: str
    existing: frozenset[str]

    @property
    def signed_in(self) -> bool:
        return self.who is not NOBODY

    @property
    def roles(self) -> str:
        return ", ".join(sorted(self.who.roles))

    @property
    def places(self) -> list[Place]:
        return self._open(PLACES)

    @property
    def groups(self) -> list[tuple[str, list[Place]]]:
        opened = ((name, self._open(places)) for name, places in GROUPS.items())
        return [(name, places) for name, places in opened if places]

    @property
    def own(self) -> list[Place]:
        return self._open(OWN)

    def may(self, permission: str) -> bool:
        """Whether the reader may do this: `frame().may("command")`."""
        return may(self.who, Permission(permission))

    def _open(self, places: tuple[Place, ...]) -> list[Place]:
        here = self._here()
        return [
            Place(place.name, place.href, place.icon, place.permission, place.key, place.href == here)
            for place in places
            if may(self.who, place.permission) and (not self.existing or place.href in self.existing)
        ]

    def _here(self) -> str:
        """The place that the page belongs to: the longest address that it is or stands below."""
        every = (place.href for places in (PLACES, OWN, *GROUPS.values()) for place in places)
        return max((href for href in every if self._stands_on(href)), key=len, default="")

    def _stands_on(self, href: str) -> bool:
        return self.path == href or (href != "/" and self.path.startswith(href + "/"))


class _Names:
    """Names of signed-in people, asked of the store now and then."""

    def __init__(self) -> None:
        self._of: Record | None = None
        self._known: Mapping[str, str] = {}
        self._asked = float("-inf")

    def __call__(self, who: Principal, record: Record | None) -> str:
        if who.person is None:
            return who.id if who is not NOBODY else ""
        stale = record is not self._of or who.person not in self._known or monotonic() - self._asked > _NAMES_LAST
        if record is not None and stale:
            from quarterdeck.governance.views import person_names

            with record.read() as conn:
                self._known = person_names(conn)
            self._of, self._asked = record, monotonic()
        return self._known.get(who.person, who.person)


def prepare(
    environment: Environment, serving: Callable[[], Record | None] = lambda: None, paths: frozenset[str] = frozenset()
) -> None:
    """Give the templates their filters and globals. `paths`: the addresses that exist; no link leads elsewhere.

    `serving`: the record that is served just now.
    """
    names = _Names()

    def now() -> Instant:
        record = serving()
        return (record.clock if record else SystemClock()).now()

    @pass_context
    def frame(context: Context) -> Frame:
        request: Any = context.get("request")
        who = getattr(request.state, "who", None) if request is not None else context.get("who")
        path = request.url.path if request is not None else str(context.get("path", "/"))
        who = who or NOBODY
        return Frame(who, names(who, serving()), path, quarterdeck.__version__, paths)

    @pass_context
    def render_panel(context: Context, name: str, values: Mapping[str, Any]) -> Markup:
        """A room's panel, with its own values and the request; the template has escaped what it shows."""
        own = {key: context[key] for key in ("request",) if key in context}
        return Markup(environment.get_template(name).render({**own, **values}))  # noqa: S704  # rendered by autoescape

    environment.filters.update(words.filters(now))
    environment.globals.update(
        now=now, frame=frame, render_panel=render_panel, static=_static(), state_look=words.state_look
    )


def _static() -> Callable[[str], str]:
    """`static("base.css")` is its address with a fingerprint, so that it may be cached for ever."""
    folder = Path(str(files(quarterdeck))) / "app" / "static"
    marks: dict[str, str] = {}

    def address(name: str) -> str:
        if name not in marks:
            marks[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        return f"/static/{name}?v={marks[name]}"

    return address
