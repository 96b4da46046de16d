"""What a room hangs on pages of others (an incident, a document, a service, an action); what its references mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant


@dataclass(frozen=True)
class Panel:
    """On the incident page. `context(conn, who, number)` gives the template's values, or None: nothing to say here."""

    name: str
    place: Literal["left", "centre", "right"]
    title: str
    template: str
    context: Callable[[Any, Principal, int], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class DocumentPanel:
    """On the page of one document of the plan. `context(conn, who, key, now)`; the key is `plan`, `procedure:fix` …"""

    name: str
    title: str
    template: str
    context: Callable[[Any, Principal, str, Instant], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class SubjectPanel:
    """On the page of a service (its id is the key) or of an improvement action (its number)."""

    name: str
    on: Literal["service", "action"]
    title: str
    template: str
    context: Callable[[Any, Principal, str, Instant], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class Fact:
    """What one document has in a column: when, in what words, and where to read on."""

    at: Instant | None
    words: str = ""
    href: str | None = None


@dataclass(frozen=True)
class DocumentColumn:
    """In the library of documents. `facts(conn)`: by document; `absent`: what is said of kinds in `kinds` without one.

    The column `exercised` also answers what rule packs ask of exercises.
    """

    name: str
    title: str
    facts: Callable[[Any], Mapping[str, Fact]]
    absent: str
    kinds: tuple[str, ...] = ("procedure",)
    order: int = 50


@dataclass(frozen=True)
class Told:
    """What a reference leads to. `because`: references to what stands behind it in turn."""

    title: str
    href: str
    words: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A prefix that a room numbers its things with: `INC` for `INC-12`. `told(conn, number)`: None if there is none."""

    prefix: str
    what: str
    told: Callable[[Any, int], Told | None]


@dataclass(frozen=True)
class Hung:
    """What rooms have hung on the pages of the plan, of services and of improvement actions."""

    panels: tuple[DocumentPanel, ...] = ()
    columns: tuple[DocumentColumn, ...] = ()
    references: tuple[Reference, ...] = ()
    subjects: tuple[SubjectPanel, ...] = ()

    def on(
        self, subject: str, conn: Any, who: Principal, key: str, now: Instant
    ) -> list[tuple[SubjectPanel, dict[str, Any]]]:
        """The panels for one service or action that have something to say, with their values."""
        mine = [panel for panel in self.subjects if panel.on == subject]
        return [(panel, values) for panel in mine if (values := panel.context(conn, who, key, now)) is not None]
