"""The lives of people, teams, keys and sessions, and what may be decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quarterdeck.governance.events import (
    KeyIssued,
    KeyRevoked,
    MemberAdded,
    MemberRemoved,
    PersonAdded,
    PersonDeactivated,
    PersonReactivated,
    RoleGranted,
    RoleRevoked,
    SignedIn,
    SignedOut,
    TeamAdded,
    TeamRenamed,
)
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant


@dataclass(frozen=True)
class Standing:
    """What the record knows of a person: no name, only whether and as what the person may act."""

    roles: frozenset[str] = frozenset()
    active: bool = True


@dataclass(frozen=True)
class Membership:
    """A team as the record knows it; `members` are person ids in the order they joined."""

    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    label: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...] | None
    revoked: bool = False


@dataclass(frozen=True)
class Session:
    person: str
    ended: bool = False


def _person(state: Standing | None, event: Event) -> Standing:
    was = state or Standing()
    match event:
        case PersonAdded(roles=roles):
            return Standing(frozenset(roles))
        case RoleGranted(role=role):
            return replace(was, roles=was.roles | {role})
        case RoleRevoked(role=role):
            return replace(was, roles=was.roles - {role})
        case PersonDeactivated():
            return replace(was, active=False)
        case PersonReactivated():
            return replace(was, active=True)
    return was


def _team(state: Membership | None, event: Event) -> Membership:
    was = state or Membership("")
    match event:
        case TeamAdded(name=name) | TeamRenamed(name=name):
            return replace(was, name=name)
        case MemberAdded(person=person):
            return replace(was, members=(*was.members, person))
        case MemberRemoved(person=person):
            return replace(was, members=tuple(member for member in was.members if member != person))
    return was


def _key(state: Key | None, event: Event) -> Key:
    if isinstance(event, KeyIssued):
        return Key(event.label, event.roles, event.scopes)
    assert state is not None
    return replace(state, revoked=True) if isinstance(event, KeyRevoked) else state


def _session(state: Session | None, event: Event) -> Session:
    if isinstance(event, SignedIn):
        return Session(event.person)
    assert state is not None
    return replace(state, ended=True) if isinstance(event, SignedOut) else state


PERSON = Lifecycle("person", _person)
TEAM = Lifecycle("team", _team)
KEY = Lifecycle("key", _key)
SESSION = Lifecycle("session", _session)
LIFECYCLES: tuple[Lifecycle[Standing] | Lifecycle[Membership] | Lifecycle[Key] | Lifecycle[Session], ...] = (
    PERSON,
    TEAM,
    KEY,
    SESSION,
)


def grant(state: Standing, person: str, role: str, now: Instant) -> Sequence[Event]:
    """Nothing if the person has the role already."""
    return [] if role in state.roles else [RoleGranted(at=now, person=person, role=role)]


def revoke(state: Standing, person: str, role: str, others_administer: bool, now: Instant) -> Sequence[Event]:
    """Refused as `LastAdministrator` if nobody would be left to let people in."""
    if role not in state.roles:
        return []
    _keep_one_administrator(state, role == "administrator", others_administer)
    return [RoleRevoked(at=now, person=person, role=role)]


def deactivate(state: Standing, person: str, others_administer: bool, now: Instant) -> Sequence[Event]:
    """Nothing if already inactive; refused as `LastAdministrator` if nobody would be left to let people in."""
    if not state.active:
        return []
    _keep_one_administrator(state, True, others_administer)
    return [PersonDeactivated(at=now, person=person)]


def _keep_one_administrator(state: Standing, loses_the_role: bool, others_administer: bool) -> None:
    if state.active and "administrator" in state.roles and loses_the_role and not others_administer:
        raise Refused("LastAdministrator", "This is the last active administrator. Grant somebody else the role first.")


def reactivate(state: Standing, person: str, now: Instant) -> Sequence[Event]:
    return [] if state.active else [PersonReactivated(at=now, person=person)]


def join(state: Membership, team: str, person: str, now: Instant) -> Sequence[Event]:
    return [] if person in state.members else [MemberAdded(at=now, team=team, person=person)]


def leave(state: Membership, team: str, person: str, now: Instant) -> Sequence[Event]:
    return [MemberRemoved(at=now, team=team, person=person)] if person in state.members else []


def rename(state: Membership, team: str, name: str, now: Instant) -> Sequence[Event]:
    return [] if name == state.name else [TeamRenamed(at=now, team=team, name=name)]


def revoke_key(state: Key, key: str, now: Instant) -> Sequence[Event]:
    return [] if state.revoked else [KeyRevoked(at=now, key=key)]


def end_session(state: Session, session: str, reason: str, now: Instant) -> Sequence[Event]:
    return [] if state.ended else [SignedOut(at=now, session=session, person=state.person, reason=reason)]
