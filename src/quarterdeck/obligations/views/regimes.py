"""The regimes that there are, shipped and own: they apply, do not, or nobody has said, which is a gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.obligations.events import Regime, ScopeDeclared
from quarterdeck.obligations.projections import regime as table
from quarterdeck.obligations.projections import regime_declaration
from quarterdeck.plan.views import in_force

Standing = Literal["applies", "does not apply", "undeclared", "draft", "not in force"]
_ORDER: tuple[Standing, ...] = ("undeclared", "applies", "does not apply", "not in force", "draft")


@dataclass(frozen=True)
class Said:
    """One declaration."""

    at: Instant
    by_name: str
    applies: bool
    reason: str


@dataclass(frozen=True)
class RegimeRow:
    """A regime and what was declared of it. `post_title`: who answers for its notices."""

    id: str
    regime: Regime
    own: bool
    standing: Standing
    declared: ScopeDeclared | None
    declared_by: str | None
    post_title: str | None
    said: tuple[Said, ...] = ()

    @property
    def gap(self) -> bool:
        """Nobody has said whether it applies."""
        return self.standing == "undeclared"


def regimes(conn: Connection, shipped: Mapping[str, Regime], today: date) -> list[RegimeRow]:
    """The gaps first, then what applies, what does not, and drafts."""
    kept = {row.id: row for row in conn.execute(select(table))}
    every = {**shipped, **{id: _regime(row.own) for id, row in kept.items() if row.own is not None}}
    names, titles = person_names(conn), post_titles(conn)
    rows = [_row(id, one, kept.get(id), names, titles, today) for id, one in every.items()]
    return sorted(rows, key=lambda row: (_ORDER.index(row.standing), row.regime.title))


def regime_row(conn: Connection, shipped: Mapping[str, Regime], id: str, today: date) -> RegimeRow:
    """One regime with everything that was ever declared of it, the latest first. Raises `NotFound`."""
    found = next((row for row in regimes(conn, shipped, today) if row.id == id), None)
    if found is None:
        raise NotFound(f"regime {id[:60]!r}")
    names = person_names(conn)
    query = select(regime_declaration).where(regime_declaration.c.regime == id)
    said = tuple(
        Said(
            from_micros(row.at),
            names.get(row.declared["by"], row.declared["by"]),
            row.declared["applies"],
            row.declared["reason"],
        )
        for row in conn.execute(query.order_by(regime_declaration.c.place.desc()).limit(50))
    )
    return RegimeRow(**{**vars(found), "said": said})


def in_scope(conn: Connection, shipped: Mapping[str, Regime]) -> list[Regime]:
    """The regimes that were declared to apply."""
    found = []
    for row in conn.execute(select(table).where(table.c.declared.is_not(None))):
        if row.declared and row.declared["applies"]:
            one = _regime(row.own) if row.own is not None else shipped.get(row.id)
            if one is not None:
                found.append(one)
    return found


def pack_text(conn: Connection, id: str) -> str | None:
    """The file of a regime of the organisation's own, as it was given."""
    return conn.execute(select(table.c.text).where(table.c.id == id)).scalar()


def _row(
    id: str, regime: Regime, kept: Any, names: Mapping[str, str], titles: Mapping[str, str], today: date
) -> RegimeRow:
    said = msgspec.convert(kept.declared, ScopeDeclared) if kept is not None and kept.declared else None
    standing: Standing = "undeclared"
    if said is not None:
        standing = "applies" if said.applies else "does not apply"
    elif regime.draft:
        standing = "draft"
    elif regime.effective_to is not None and regime.effective_to < today:
        standing = "not in force"
    return RegimeRow(
        id=id,
        regime=regime,
        own=kept is not None and kept.own is not None,
        standing=standing,
        declared=said,
        declared_by=names.get(said.by, said.by) if said else None,
        post_title=titles.get(said.post or "", titles.get("")) if said and said.applies else None,
    )


def post_titles(conn: Connection) -> dict[str, str]:
    """Post → title; the empty one is the plan's owner."""
    found = in_force(conn)
    if found is None:
        return {}
    posts = {id: post.title for id, post in found.plan.posts.items()}
    return {**posts, "": posts.get(found.plan.owner, found.plan.owner)}


def post_title(conn: Connection, post: str | None) -> str | None:
    """Who answers for the notices, in words; None: there is no plan."""
    titles = post_titles(conn)
    return titles.get(post or "", titles.get(""))


def answers(conn: Connection, post: str | None) -> str | None:
    """The id of the person who holds the post now; where that is nobody, the plan's owner: as `state.responsible`."""
    found = in_force(conn)
    if found is None:
        return None
    active = {one.login: one.id for one in people(conn) if one.active}
    held = (found.plan.posts.get(name) for name in (post or "", found.plan.owner))
    return next((active[one.login] for one in held if one and one.login in active), None)


def _regime(plain: Any) -> Regime:
    return msgspec.convert(plain, Regime)
