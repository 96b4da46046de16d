"""The library: every document of the plan in force, who keeps it, what is due of it, and what it still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.governance.views import people
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Document, InForce, Plan, documents
from quarterdeck.plan.rules.completeness import Facts, Finding, Pack, examine
from quarterdeck.plan.rules.gaps import Gap, gaps
from quarterdeck.plan.views.history import last_touched
from quarterdeck.plan.views.keeping import UpkeepRow, upkeep
from quarterdeck.plan.views.publications import in_force, revisions


@dataclass(frozen=True)
class Keeper:
    """A post and the name of the person who holds it; None: nobody with that login is active."""

    post: str
    name: str | None


@dataclass(frozen=True)
class Shelved:
    """One document in its place. `depth`: 0 for what stands under nothing; `revision`: the last that touched it."""

    document: Document
    depth: int
    owner: Keeper
    approver: Keeper
    upkeep: UpkeepRow | None
    revision: int
    serves: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Library:
    """`findings`: of all rule packs in effect, for the plan in force."""

    found: InForce
    shelf: tuple[Shelved, ...]
    findings: tuple[Finding, ...]

    def one(self, key: str) -> Shelved | None:
        return next((row for row in self.shelf if row.document.key == key), None)

    def under(self, key: str) -> tuple[Shelved, ...]:
        return tuple(row for row in self.shelf if row.document.parent == key)


def library(conn: Connection, packs: tuple[Pack, ...], now: Instant, *, exercised: bool | None) -> Library | None:
    """The framework as a tree, parents before their children; None before the first publication.

    `exercised`: whether a procedure of the plan was exercised as it stands; None: nobody keeps a record of exercises.
    """
    found = in_force(conn)
    if found is None:
        return None
    plan, due = found.plan, {row.document: row for row in upkeep(conn)}
    touched, named = last_touched(conn), {one.login: one.name for one in people(conn) if one.active}
    findings = examine(plan, packs, now.date(), Facts(approved=found.approved_by is not None, exercised=exercised))
    lacking = gaps(plan, findings)

    def keeper(post: str) -> Keeper:
        held = plan.posts.get(post)
        return Keeper(held.title if held else post, named.get(held.login) if held else None)

    shelf = tuple(
        Shelved(
            document=one,
            depth=depth,
            owner=keeper(one.owner),
            approver=keeper(one.approver),
            upkeep=due.get(one.key),
            revision=touched.get(one.key, 1),
            serves=tuple(plan.objectives[id].title for id in one.serves if id in plan.objectives),
            gaps=lacking.get(one.key, ()),
        )
        for one, depth in tree(plan)
    )
    return Library(found, shelf, findings)


def tree(plan: Plan) -> list[tuple[Document, int]]:
    """Documents with their depths: each policy, then what stands under it; the plan's own chain first."""
    everything = documents(plan)
    children: dict[str | None, list[Document]] = {}
    for one in everything:
        children.setdefault(one.parent, []).append(one)
    placed: list[tuple[Document, int]] = []

    def place(one: Document, depth: int) -> None:
        placed.append((one, depth))
        for child in children.get(one.key, ()):
            place(child, depth + 1)

    for root in sorted(children.get(None, ()), key=lambda one: one.key != f"policy:{plan.policy}"):
        place(root, 0)
    return placed


def exercised_as_it_stands(conn: Connection, exercised: Mapping[str, Instant]) -> bool:
    """Whether some procedure of the plan in force was exercised since it was last touched; by document, when it was."""
    touched, published = last_touched(conn), {row.revision: row.published_at for row in revisions(conn, limit=10_000)}
    return any(key.startswith("procedure:") and at >= published[touched.get(key, 1)] for key, at in exercised.items())
