"""A review to take away: the document, its Markdown and its data, with people's names or without."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection

from quarterdeck.governance.views import people, person_names
from quarterdeck.learning.rules.anonymising import Hiding, Somebody, roles
from quarterdeck.learning.views.account import Account, account
from quarterdeck.learning.views.printed import document
from quarterdeck.paper.document import Document
from quarterdeck.paper.source import source

_LOOKS = ("tone", "kind", "svg", "language")


@dataclass(frozen=True)
class Taken:
    """`data`: everything, as plain values; `document`: what is printed of it."""

    data: dict[str, Any]
    document: Document

    @property
    def markdown(self) -> str:
        return source(self.document)


def taken_away(conn: Connection, number: int, *, anonymous: bool = False, root_cause: bool = False) -> Taken:
    """Raises `NotFound`. `anonymous`: roles and letters stand for people, in what people wrote, too."""
    found = account(conn, number)
    paper = document(found, person_names(conn), root_cause=root_cause)
    data = _plain(found)
    if root_cause:
        data["root_cause"] = [one.text for one in found.agreed]
    if not anonymous:
        return Taken(data, paper)
    hiding = _hiding(conn, found)
    return Taken(hiding.whole(data), _renamed(paper, hiding))


def _renamed(value: Any, hiding: Hiding) -> Any:
    """The same blocks with other words; what says how they look is no word."""
    if isinstance(value, str):
        return hiding.text(value)
    if isinstance(value, tuple):
        return tuple(_renamed(one, hiding) for one in value)
    if isinstance(value, msgspec.Struct):
        words = {name: getattr(value, name) for name in value.__struct_fields__ if name not in _LOOKS}
        return msgspec.structs.replace(value, **{name: _renamed(one, hiding) for name, one in words.items()})
    return value


def _plain(found: Account) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(found, str_keys=True)
    return plain


def _hiding(conn: Connection, found: Account) -> Hiding:
    there = set(_there(found))
    everybody = [Somebody(one.id, one.login, one.name, one.email, there=one.id in there) for one in people(conn)]
    hiding = Hiding(everybody, dict(roles(found.review.commander, found.review.facilitator_id)))
    for one in found.draft.present:
        hiding.label(one.person)
    return hiding


def _there(found: Account) -> Iterable[str]:
    """Everybody whose first name may stand in a text."""
    review = found.review
    yield from (one.person for one in found.draft.present)
    yield from (one.person for one in found.draft.paged)
    yield from (*(review.participants or ()), *review.authors, review.commander, review.facilitator_id or "")
    yield from (one.by for one in found.observations)
    yield from (one.by for one in found.comments)
    yield from (one.found_by for one in found.factors)
