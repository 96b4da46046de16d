"""Roles, the permissions they carry, and the guard that every action stands behind."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from quarterdeck.kernel.errors import Forbidden, Invalid
from quarterdeck.kernel.principal import Principal


class Permission(StrEnum):
    """What a door or an action may ask of a principal."""

    READ = "read"
    DECLARE = "declare"
    RESPOND = "respond"
    COMMAND = "command"
    SCHEDULE = "schedule"
    CATALOG = "catalog"
    PLAN = "plan"
    REVIEW = "review"
    INTAKE = "intake"
    ADMINISTER = "administer"
    AUDIT = "audit"


_RESPONDER = frozenset(
    {Permission.READ, Permission.DECLARE, Permission.RESPOND, Permission.COMMAND, Permission.SCHEDULE}
)

ROLES: Mapping[str, frozenset[Permission]] = {
    "administrator": frozenset(Permission) - {Permission.INTAKE},
    "manager": _RESPONDER | {Permission.CATALOG, Permission.PLAN, Permission.REVIEW, Permission.AUDIT},
    "responder": _RESPONDER,
    "viewer": frozenset({Permission.READ}),
    "intake": frozenset({Permission.INTAKE}),
    "engine": frozenset(Permission),
}
PERSON_ROLES = ("administrator", "manager", "responder", "viewer")
KEY_ROLES = (*PERSON_ROLES, "intake")


def may(principal: Principal, permission: Permission) -> bool:
    """True if one of the principal's roles has the permission and its scopes, if any, do not leave it out."""
    if principal.scopes is not None and permission not in principal.scopes:
        return False
    return any(permission in ROLES.get(role, frozenset()) for role in principal.roles)


def demand(principal: Principal, permission: Permission) -> None:
    """Raise `Forbidden` unless the principal has the permission."""
    if not may(principal, permission):
        raise Forbidden(permission.value)


class Acting(Protocol):
    """What `permitted` needs of a transaction: who is acting."""

    @property
    def by(self) -> Principal: ...


A = TypeVar("A", bound=Acting)
P = ParamSpec("P")
R = TypeVar("R")


def permitted(
    permission: Permission,
) -> Callable[[Callable[Concatenate[A, P], R]], Callable[Concatenate[A, P], R]]:
    """Refuse the action with `Forbidden` unless `tx.by` has the permission; `.permission` names it."""

    def guard(action: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
        @wraps(action)
        def guarded(tx: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
            demand(tx.by, permission)
            return action(tx, *args, **kwargs)

        guarded.__dict__["permission"] = permission
        return guarded

    return guard


def unguarded(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark an action that needs no permission; `.unguarded` gives the reason, so that a review can find them all."""

    def mark(action: Callable[P, R]) -> Callable[P, R]:
        action.__dict__["unguarded"] = why
        return action

    return mark


def check_roles(roles: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """The roles, sorted and without repeats; `Invalid` names each unknown one and what there is."""
    given, known = sorted(set(roles)), tuple(allowed)
    errors = tuple(
        f"roles: there is no role {role!r} here; use one of {', '.join(known)}" for role in given if role not in known
    )
    if errors:
        raise Invalid("The roles are not right.", errors)
    return tuple(given)


def check_scopes(scopes: Iterable[str] | None) -> tuple[str, ...] | None:
    """The permissions that narrow a key, sorted; `Invalid` names each unknown one. None stays None: no narrowing."""
    if scopes is None:
        return None
    given = sorted(set(scopes))
    errors = tuple(
        f"scopes: there is no permission {scope!r}; use some of {', '.join(Permission)}"
        for scope in given
        if scope not in set(Permission)
    )
    if errors or not given:
        raise Invalid("The scopes are not right.", errors or ("scopes: name at least one, or leave them out",))
    return tuple(given)
