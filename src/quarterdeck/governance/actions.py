"""What can be done about people, teams, keys and sessions."""

from collections.abc import Iterable, Sequence
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from quarterdeck.governance import rules
from quarterdeck.governance.events import KeyIssued, PasswordSet, PersonAdded, ProfileChanged, SignedIn, TeamAdded
from quarterdeck.governance.kept import HashedPassword, digest, hash_password, key_secret, password, profile, session
from quarterdeck.governance.rules import KEY, PERSON, SESSION, TEAM, Permission, permitted, unguarded
from quarterdeck.governance.state import others_administer
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.ids import new_id, secret
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.record import Tx

# -- people ------------------------------------------------------------------------------------


@permitted(Permission.ADMINISTER)
def add_person(
    tx: Tx,
    *,
    login: str,
    name: str,
    email: str,
    roles: Iterable[str] = (),
    password: str | None = None,
    zone: str = "UTC",
    id: str | None = None,
) -> str:
    """Add a person and return the id. Without a password the person can be paged but cannot sign in.

    `LoginTaken` if the login belongs to anybody, inactive people included. Pass what `prepare_password` gives, so
    that the slow hash is not made inside the transaction; a password in clear is checked and hashed here.
    """
    granted = rules.check_roles(roles, rules.PERSON_ROLES)
    _check_profile(login, name, email, zone)
    hashed = None if password is None else _prepared(password, login)
    tx.lock()
    if tx.connection.execute(select(profile.c.person).where(profile.c.login == login)).first():
        raise Refused("LoginTaken", f"Somebody has the login {login} already. Choose another.")
    person = id or new_id(tx.now)
    if tx.load(PERSON, person) is not None:
        raise Refused("PersonExists", "There is a person with this id already.")
    try:
        tx.connection.execute(
            insert(profile).values(person=person, login=login, name=name.strip(), email=email, zone=zone)
        )
    except IntegrityError as error:
        raise Refused("LoginTaken", f"Somebody has the login {login} already. Choose another.") from error
    tx.append(PERSON, person, [PersonAdded(at=tx.now, person=person, roles=granted)])
    if hashed is not None:
        _store_password(tx, person, hashed)
    return person


@permitted(Permission.READ)
def revise_profile(
    tx: Tx, *, person: str, name: str | None = None, email: str | None = None, zone: str | None = None
) -> None:
    """Change what is given; one's own profile, or anybody's with the permission to administer."""
    _own_or_administer(tx, person)
    tx.existing(PERSON, person)
    row = tx.connection.execute(select(profile).where(profile.c.person == person)).one()
    given = {"name": name and name.strip(), "email": email, "zone": zone}
    changes = {field: value for field, value in given.items() if value is not None and value != getattr(row, field)}
    _check_profile(row.login, *(changes.get(field, getattr(row, field)) for field in given))
    if changes:
        tx.append(PERSON, person, [ProfileChanged(at=tx.now, person=person, fields=tuple(sorted(changes)))])
        tx.connection.execute(update(profile).where(profile.c.person == person).values(**changes))


@permitted(Permission.ADMINISTER)
def grant_role(tx: Tx, *, person: str, role: str) -> None:
    """Give a person a role. Granting one twice changes nothing."""
    rules.check_roles([role], rules.PERSON_ROLES)
    tx.decide(PERSON, person, lambda standing: rules.grant(standing, person, role, tx.now))


@permitted(Permission.ADMINISTER)
def revoke_role(tx: Tx, *, person: str, role: str) -> None:
    """Take a role away, at once for every open session. The last administrator cannot lose theirs."""
    rules.check_roles([role], rules.PERSON_ROLES)
    others = others_administer(tx, person)
    tx.decide(PERSON, person, lambda standing: rules.revoke(standing, person, role, others, tx.now))


@permitted(Permission.ADMINISTER)
def deactivate_person(tx: Tx, *, person: str) -> None:
    """The person may no longer act, sign in or be paged; what they did stays under their name."""
    others = others_administer(tx, person)
    tx.decide(PERSON, person, lambda standing: rules.deactivate(standing, person, others, tx.now))
    _end_sessions(tx, person, "deactivated")


@permitted(Permission.ADMINISTER)
def reactivate_person(tx: Tx, *, person: str) -> None:
    tx.decide(PERSON, person, lambda standing: rules.reactivate(standing, person, tx.now))


def _check_profile(login: str, name: str, email: str, zone: str) -> None:
    rules.refuse_faults(
        "The profile is not right.",
        [rules.login_fault(login), rules.line_fault("name", name), rules.email_fault(email), _zone_fault(zone)],
    )


def _zone_fault(zone: str) -> str | None:
    try:
        if len(zone) <= 64:
            ZoneInfo(zone)
            return None
    except (KeyError, ValueError, OSError):  # OSError: a directory of zones, such as "Europe"
        pass
    return "zone: give an IANA time zone such as Europe/Paris"


def _own_or_administer(tx: Tx, person: str) -> None:
    if tx.by.person != person:
        rules.demand(tx.by, Permission.ADMINISTER)


# -- passwords and sessions --------------------------------------------------------------------


def prepare_password(clear: str, login: str = "") -> HashedPassword:
    """Check a new password against the rules and hash it; slow, so call it before the transaction."""
    rules.refuse_faults("The password is not good enough.", [rules.password_fault(clear, login)])
    return hash_password(clear)


def _prepared(given: str, login: str) -> HashedPassword:
    return given if isinstance(given, HashedPassword) else prepare_password(given, login)


@permitted(Permission.READ)
def set_password(tx: Tx, *, person: str, password: str) -> None:
    """One's own, or anybody's with the permission to administer. Ends all of the person's sessions."""
    _own_or_administer(tx, person)
    tx.existing(PERSON, person)
    login = tx.connection.execute(select(profile.c.login).where(profile.c.person == person)).scalar_one()
    _store_password(tx, person, _prepared(password, login))
    _end_sessions(tx, person, "password changed")


def _store_password(tx: Tx, person: str, hashed: HashedPassword) -> None:
    tx.append(PERSON, person, [PasswordSet(at=tx.now, person=person)])
    tx.connection.execute(delete(password).where(password.c.person == person))
    tx.connection.execute(insert(password).values(person=person, argon2=str(hashed), set_at=micros(tx.now)))


@unguarded("signing in is how permissions come about; only the person and the engine may open the person's session")
def open_session(tx: Tx, *, person: str, verified: str | None = None, address: str = "", agent: str = "") -> str:
    """Open a session for somebody whose password was found right and return its token, which exists nowhere else.

    `verified` is the hash that the password was compared with: if it has been replaced meanwhile, nobody gets in.
    """
    if tx.by.person != person and "engine" not in tx.by.roles:
        raise Forbidden(Permission.ADMINISTER.value)
    tx.lock()
    standing = tx.existing(PERSON, person)
    current = tx.connection.execute(select(password.c.argon2).where(password.c.person == person)).scalar()
    if not standing.active or (verified is not None and verified != current):
        raise Refused("NotSignedIn", "The login or the password is not right.")
    id, token = new_id(tx.now), secret("qs")
    now = micros(tx.now)
    forgotten = micros(tx.now - rules.SESSION_LASTS)
    tx.connection.execute(delete(session).where(session.c.person == person, session.c.opened_at < forgotten))
    tx.connection.execute(
        insert(session).values(
            digest=digest(token),
            id=id,
            person=person,
            opened_at=now,
            used_at=now,
            address=_clipped(address, 64),
            agent=_clipped(agent, 200),
        )
    )
    tx.append(SESSION, id, [SignedIn(at=tx.now, session=id, person=person)])
    return token


@unguarded("whoever holds the token may end its session")
def close_session(tx: Tx, *, token: str) -> None:
    """Sign out. An unknown or expired token changes nothing."""
    id = tx.connection.execute(select(session.c.id).where(session.c.digest == digest(token))).scalar()
    if id is not None:
        _end(tx, [id], "asked")


@permitted(Permission.READ)
def end_session(tx: Tx, *, session_id: str) -> None:
    """End one of one's own sessions, or anybody's with the permission to administer. Others get `NotFound`."""
    person = tx.connection.execute(select(session.c.person).where(session.c.id == session_id)).scalar()
    if person is None or (person != tx.by.person and not rules.may(tx.by, Permission.ADMINISTER)):
        raise NotFound(f"session {session_id[:40]}")
    _end(tx, [session_id], "revoked")


def _end_sessions(tx: Tx, person: str, reason: str) -> None:
    _end(tx, tx.connection.execute(select(session.c.id).where(session.c.person == person)).scalars().all(), reason)


def _end(tx: Tx, ids: Sequence[str], reason: str) -> None:
    tx.connection.execute(delete(session).where(session.c.id.in_(ids)))
    for id in ids:
        tx.decide(SESSION, id, partial(_ended, session=id, reason=reason, now=tx.now))


def _ended(state: rules.Session, *, session: str, reason: str, now: Instant) -> Sequence[Event]:
    return rules.end_session(state, session, reason, now)


def _clipped(text: str, longest: int) -> str:
    return "".join(c for c in text if c.isprintable())[:longest]


# -- teams -------------------------------------------------------------------------------------


@permitted(Permission.ADMINISTER)
def add_team(tx: Tx, *, id: str, name: str) -> None:
    """Add a team under a slug that people choose; `TeamExists` if it is taken."""
    rules.refuse_faults("The team is not right.", [rules.slug_fault("id", id), rules.line_fault("name", name)])
    if tx.load(TEAM, id) is not None:
        raise Refused("TeamExists", f"There is a team {id} already. Choose another id.")
    tx.append(TEAM, id, [TeamAdded(at=tx.now, team=id, name=name.strip())])


@permitted(Permission.ADMINISTER)
def rename_team(tx: Tx, *, team: str, name: str) -> None:
    rules.refuse_faults("The team is not right.", [rules.line_fault("name", name)])
    tx.decide(TEAM, team, lambda state: rules.rename(state, team, name.strip(), tx.now))


@permitted(Permission.ADMINISTER)
def add_member(tx: Tx, *, team: str, person: str) -> None:
    """Add an active person to a team. Adding one twice changes nothing."""
    if not tx.existing(PERSON, person).active:
        raise Refused("PersonInactive", "An inactive person cannot join a team. Reactivate the person first.")
    tx.decide(TEAM, team, lambda state: rules.join(state, team, person, tx.now))


@permitted(Permission.ADMINISTER)
def remove_member(tx: Tx, *, team: str, person: str) -> None:
    tx.decide(TEAM, team, lambda state: rules.leave(state, team, person, tx.now))


# -- keys --------------------------------------------------------------------------------------


@permitted(Permission.ADMINISTER)
def issue_key(
    tx: Tx, *, label: str, roles: Iterable[str], scopes: Iterable[str] | None = None, id: str | None = None
) -> str:
    """Issue a key and return its secret, which is shown this once and stored only as a digest.

    A key whose only role is `intake` is 32 hex digits, so that clients of PagerDuty take it for a routing key; all
    others begin with `qa_`. `scopes` narrows the key to these permissions of its roles.
    """
    rules.refuse_faults("The key is not right.", [rules.line_fault("label", label, 80)])
    granted = rules.check_roles(roles, rules.KEY_ROLES)
    if not granted:
        raise Invalid("The key is not right.", (f"roles: give at least one of {', '.join(rules.KEY_ROLES)}",))
    narrowed = rules.check_scopes(scopes)
    key = id or new_id(tx.now)
    clear = secret("qa")
    if granted == ("intake",):
        clear = sha256(clear.encode()).hexdigest()[:32]
    tx.append(KEY, key, [KeyIssued(at=tx.now, key=key, label=label.strip(), roles=granted, scopes=narrowed)])
    tx.connection.execute(insert(key_secret).values(digest=digest(clear), key=key, used_at=None))
    return clear


@permitted(Permission.ADMINISTER)
def revoke_key(tx: Tx, *, key: str) -> None:
    """The key stops working when this commits. Revoking one twice changes nothing."""
    tx.decide(KEY, key, lambda state: rules.revoke_key(state, key, tx.now))
    tx.connection.execute(delete(key_secret).where(key_secret.c.key == key))


# -- last use ----------------------------------------------------------------------------------


@unguarded("notes only that a session or key, already checked, was used")
def note_use(tx: Tx, *, sessions: Iterable[str] = (), keys: Iterable[str] = ()) -> None:
    """Remember that these sessions and keys (ids) were used now. A use noted within the last minute stays."""
    before = micros(tx.now - rules.USE_NOTED_EVERY)
    for table, column, ids in ((session, session.c.id, sessions), (key_secret, key_secret.c.key, keys)):
        _note(tx, table, column, sorted(set(ids)), before)


def _note(tx: Tx, table: Table, column: Column[str], ids: Sequence[str], before: int) -> None:
    if ids:
        stale = (table.c.used_at.is_(None)) | (table.c.used_at <= before)
        tx.connection.execute(update(table).where(column.in_(ids), stale).values(used_at=micros(tx.now)))
