"""Who would be paged: a target's people at an instant, and the weak spots of the plan's escalation paths."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.governance.views import people, teams
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.views import unreachable_people
from quarterdeck.oncall import rules
from quarterdeck.oncall.views.schedules import schedules
from quarterdeck.plan.views import in_force


@dataclass(frozen=True)
class Stand:
    """Whom a target stands for: `people` are (id, name); `fault` says why somebody or everybody is missing."""

    target: str
    people: tuple[tuple[str, str], ...]
    fault: str | None = None
    missing: tuple[tuple[str, str], ...] = ()
    """Those whom it stands for and no page reaches."""


@dataclass(frozen=True)
class LevelPreview:
    """One rung as it would be paged: after so many minutes without an answer."""

    after: int
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class PathPreview:
    """A path of the plan in force, as it would be climbed if an incident began at this instant. `final` comes last."""

    id: str
    title: str
    levels: tuple[LevelPreview, ...]
    repeat: int
    final: LevelPreview
    final_title: str


class Book:
    """Everybody who can be paged from an instant on, looked up once."""

    def __init__(self, conn: Connection, since: Instant) -> None:
        found = people(conn)
        self._by_id = {person.id: person for person in found}
        self._by_login = {person.login: person.id for person in found}
        self._unreachable = set(unreachable_people(conn))
        self._teams = {team.id: tuple(member.id for member in team.members) for team in teams(conn)}
        self._schedules = {row.schedule.id: row.schedule for row in schedules(conn, since)}

    def stand(self, target: str, posts: Mapping[str, str], at: Instant) -> Stand:
        """The same answer as the engine's, from the read tables."""
        kind, _, name = target.partition(":")
        if kind == "team":
            ids = [id for id in self._teams.get(name, ()) if self._by_id[id].active]
            return self._stand(target, ids, "EmptyTeam" if name in self._teams else "UnknownTeam")
        if kind == "schedule":
            planned = self._schedules.get(name)
            on_call = rules.who_is_on_call(planned, at) if planned else None
            missing = "NobodyOnCall" if planned else "NoSuchSchedule"
            return self._stand(target, [on_call] if on_call else [], missing)
        login = name if kind == "person" else posts.get(name)
        id = self._by_login.get(login or "")
        return self._stand(target, [id] if id else [], "UnknownPerson" if login else "UnknownPost")

    def _stand(self, target: str, ids: Iterable[str], missing: str) -> Stand:
        found = [self._by_id[id] for id in ids if id in self._by_id]
        reached = [person for person in found if person.active and person.id not in self._unreachable]
        fault: str | None = None
        if not found:
            fault = missing
        elif len(reached) < len(found):
            fault = "NoContactMethod" if all(person.active for person in found) else "PersonInactive"
        missed = tuple((person.id, person.name) for person in found if person not in reached)
        return Stand(target, tuple((person.id, person.name) for person in reached), fault, missed)


def stands(conn: Connection, targets: Iterable[str], posts: Mapping[str, str], at: Instant) -> list[Stand]:
    """Whom these targets stand for at an instant."""
    book = Book(conn, at)
    return [book.stand(target, posts, at) for target in targets]


def paths(conn: Connection, at: Instant) -> list[PathPreview]:
    """Every path of the plan in force with the people who would be paged if an incident began now."""
    revised = in_force(conn)
    if revised is None:
        return []
    book = Book(conn, at)
    posts = {name: post.login for name, post in revised.plan.posts.items()}
    found = []
    for id, path in revised.plan.escalation.items():
        after, levels = 0, []
        for level in path.levels:
            levels.append(LevelPreview(after, tuple(book.stand(target, posts, at) for target in level.notify)))
            after += level.acknowledge_within
        final = LevelPreview(after * (path.repeat + 1), (book.stand(f"post:{path.final}", posts, at),))
        title = revised.plan.posts[path.final].title
        found.append(PathPreview(id, path.title, tuple(levels), path.repeat, final, title))
    return found
