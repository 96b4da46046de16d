"""A panel: what a room hangs on the incident page, whose frame belongs to the app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from quarterdeck.kernel.principal import Principal


@dataclass(frozen=True)
class Panel:
    """`context(conn, who, number)` gives the template's values, or None when the panel has nothing to say here."""

    name: str
    place: Literal["left", "centre", "right"]
    title: str
    template: str
    context: Callable[[Any, Principal, int], dict[str, Any] | None]
    order: int = 50
