"""Who is paged if this fires at that instant: turn by turn, by which channels, and where it is weak."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.catalog.views import services
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.views import verified_channels
from quarterdeck.oncall.events import Reached, Unreached
from quarterdeck.oncall.rules.copying import copied
from quarterdeck.oncall.rules.preview import WHY, Coming, coming_turns
from quarterdeck.oncall.views.paths import Book
from quarterdeck.plan.rules import Plan, commander_post_for, path_for, severity_for
from quarterdeck.plan.views import draft_plan, in_force


@dataclass(frozen=True)
class Paged:
    """One person of a turn. `channels`: the kinds of verified methods, in order. `again`: had a page before."""

    person: str
    name: str
    target: str
    channels: tuple[str, ...]
    again: bool


@dataclass(frozen=True)
class Turn:
    """One rung as it would be reached. `after`: minutes since it fired; `level` 0: the final post."""

    at: Instant
    after: int
    level: int
    round: int
    targets: tuple[str, ...]
    people: tuple[Paged, ...]
    missing: tuple[str, ...]
    """Targets that give nobody, or somebody whom no page reaches, each with the reason."""


@dataclass(frozen=True)
class WouldPage:
    """The answer. `path` None: the plan pages nobody at this severity. `weak`: sentences; none: nothing found."""

    at: Instant
    type: str | None
    severity: str
    service: str | None
    path: str | None
    path_title: str | None
    commander: str | None
    """Who commands until somebody acknowledges, if the plan's post says so."""
    final_title: str | None
    turns: tuple[Turn, ...]
    weak: tuple[str, ...]


def who_would_be_paged(
    conn: Connection,
    plan: Plan,
    *,
    at: Instant,
    type: str | None = None,
    severity: str | None = None,
    service: str | None = None,
) -> WouldPage:
    """As the engine would page by this plan, in force or a draft's, with schedules and cover as they stand for then.

    Without a type, or a severity: the plan's defaults. Raises `Invalid` for what plan and catalogue do not know.
    """
    type = type or plan.defaults.type
    entry = next((one for one in services(conn) if one.id == service), None) if service else None
    _check(plan, type, severity, service, known=entry is not None)
    severity = severity or severity_for(plan, type, plan.defaults.impact, plan.defaults.urgency)
    names = person_names(conn)
    book, posts = Book(conn, at), {name: post.login for name, post in plan.posts.items()}
    post = commander_post_for(plan, type)
    held = book.stand(f"post:{post}", posts, at) if post else None
    left = held is None or held.fault == "PersonInactive"
    commander = None if held is None or left else next((name for _, name in (*held.people, *held.missing)), None)
    path = path_for(plan, type, severity, entry.escalation_path if entry else None)
    if path is None:
        nobody = f"The plan pages nobody at {severity}: it names no escalation path."
        return WouldPage(at, type, severity, service, None, None, commander, None, (), (nobody,))

    def resolve(targets: Sequence[str], when: Instant) -> tuple[list[Reached], list[Unreached]]:
        stands = [book.stand(target, posts, when) for target in targets]
        people = [Reached(person=id, target=one.target) for one in stands for id, _ in one.people]
        return people, [
            Unreached(target=one.target, reason=one.fault, person=next((id for id, _ in one.missing), None))
            for one in stands
            if one.fault
        ]

    started = copied(
        plan,
        path,
        at,
        revision=0,
        number=0,
        severity=severity,
        reason="declared",
        acknowledged=False,
        by="preview",
    )
    turns = tuple(_turns(coming_turns(started, resolve), at, names, verified_channels(conn)))
    found, final = plan.escalation[path], started.final.title
    weak = tuple(dict.fromkeys(_weak(turns, at, severity, final)))
    return WouldPage(at, type, severity, service, path, found.title, commander, final, turns, weak)


def plan_asked(conn: Connection, draft: int | None) -> Plan:
    """The plan in force, or that of a draft. Raises `NotFound`, and `Invalid` for a draft with faults."""
    if draft is not None:
        return draft_plan(conn, draft)
    found = in_force(conn)
    if found is None:
        raise NotFound("plan in force: publish one, or name a draft")
    return found.plan


def _check(plan: Plan, type: str, severity: str | None, service: str | None, *, known: bool) -> None:
    errors = []
    if type not in plan.types:
        errors.append(f"type: {type[:80]!r} is unknown; the plan has {', '.join(plan.types)}")
    if severity is not None and severity not in plan.severity.levels:
        errors.append(f"severity: {severity[:80]!r} is unknown; the plan has {', '.join(plan.severity.levels)}")
    if service and not known:
        errors.append(f"service: {service[:80]!r} is not in the catalogue")
    if errors:
        raise Invalid("Nobody can say who would be paged for this.", tuple(errors))


def _turns(
    coming: Iterator[Coming], at: Instant, names: dict[str, str], channels: dict[str, tuple[str, ...]]
) -> Iterator[Turn]:
    before: set[str] = set()
    for one in coming:
        people = tuple(
            Paged(
                reached.person,
                names.get(reached.person, reached.person),
                reached.target,
                channels.get(reached.person, ()),
                reached.person in before,
            )
            for reached in one.people
        )
        before |= {person.person for person in people}
        missing = tuple(
            f"{each.target}: "
            + (f"{names.get(each.person, each.person)}: " if each.person else "")
            + WHY.get(each.reason, each.reason)
            for each in one.unreached
        )
        yield Turn(one.at, round((one.at - at) / MINUTE), one.level, one.round, one.targets, people, missing)


MINUTE = timedelta(minutes=1)


def _weak(turns: tuple[Turn, ...], at: Instant, severity: str, final: str) -> Iterator[str]:
    first = turns[0]
    if first.at > at:
        hours = (first.at - at) / timedelta(hours=1)
        yield f"{severity} waits for support hours: the first page goes out {hours:.1f} h later."
    if not any(turn.people for turn in turns):
        yield "Nobody at all would be paged, however long it lasted."
    seen: dict[str, Turn] = {}
    for turn in turns:
        where = f"Level {turn.level}" if turn.level else f"The final post ({final})"
        for missing in turn.missing:
            yield f"{where}: {missing}."
        if not turn.people:
            yield f"{where} reaches nobody."
        for person in turn.people:
            before = seen.setdefault(person.person, turn)
            if before.level != turn.level and turn.round == 1:
                yield f"{where} pages {person.name}, who did not answer on level {before.level}."
