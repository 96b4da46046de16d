"""Who stands behind a request: a key, a session, or nobody."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from quarterdeck.governance import kept
from quarterdeck.governance.projections import access_key, person, person_role
from quarterdeck.governance.rules import session_stands, use_is_stale
from quarterdeck.governance.views.people import instant
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, from_micros


@dataclass(frozen=True)
class Identity:
    """Who stands behind a request. `session` or `key` is the id to note the use of; `stale`: it is worth a write."""

    principal: Principal
    session: str | None = None
    key: str | None = None
    stale: bool = False


def identify(conn: Connection, *, session_token: str | None, bearer: str | None, now: Instant) -> Identity | None:
    """Who sends this request. A bearer key that is not valid is nobody, whatever cookie comes with it."""
    if bearer:
        return _by_key(conn, bearer, now)
    return _by_session(conn, session_token, now) if session_token else None


def principal_of_request(
    conn: Connection, *, session_token: str | None, bearer: str | None, now: Instant
) -> Principal | None:
    found = identify(conn, session_token=session_token, bearer=bearer, now=now)
    return None if found is None else found.principal


def principal_of_key(conn: Connection, secret: str) -> Principal | None:
    """Whom a key acts as; None if it is unknown or revoked."""
    found = _by_key(conn, secret, None)
    return None if found is None else found.principal


def principal_of_session(conn: Connection, token: str, now: Instant) -> Principal | None:
    """Whom a session acts as, with the roles of this moment; None if it is unknown, ended, idle or too old."""
    found = _by_session(conn, token, now)
    return None if found is None else found.principal


def _by_key(conn: Connection, secret: str, now: Instant | None) -> Identity | None:
    query = (
        select(access_key.c.id, access_key.c.roles, access_key.c.scopes, kept.key_secret.c.used_at)
        .join(kept.key_secret, kept.key_secret.c.key == access_key.c.id)
        .where(kept.key_secret.c.digest == kept.digest(secret), access_key.c.revoked_at.is_(None))
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    scopes = None if row.scopes is None else frozenset(row.scopes)
    principal = Principal(f"key/{row.id}", roles=frozenset(row.roles), scopes=scopes)
    return Identity(principal, key=row.id, stale=now is not None and use_is_stale(instant(row.used_at), now))


def _by_session(conn: Connection, token: str, now: Instant) -> Identity | None:
    query = (
        select(kept.session)
        .join(person, person.c.id == kept.session.c.person)
        .where(kept.session.c.digest == kept.digest(token), person.c.active)
    )
    row = conn.execute(query).first()
    if row is None:
        return None
    used_at = from_micros(row.used_at)
    if not session_stands(from_micros(row.opened_at), used_at, now):
        return None
    roles = conn.execute(select(person_role.c.role).where(person_role.c.person == row.person)).scalars()
    principal = Principal(f"person/{row.person}", roles=frozenset(roles))
    return Identity(principal, session=row.id, stale=use_is_stale(used_at, now))
