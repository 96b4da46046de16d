"""How a person can be reached: methods in order, each proved by a code that came through it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from quarterdeck.governance.rules import email_fault
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.events import (
    ContactMethodAdded,
    ContactMethodRemoved,
    ContactMethodVerified,
    ContactOrderChanged,
)

KINDS = ("email", "webhook", "ntfy", "slack", "demo")
MOST_METHODS = 8
CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CODES_PER_METHOD, CODES_PER_PERSON = 3, 10
"""Codes that may be sent within 15 minutes and within an hour: a code is also a way to pester somebody."""
LONGEST_ADDRESS = 500


@dataclass(frozen=True)
class Method:
    """One way to reach a person."""

    id: str
    kind: str
    verified: bool
    added_at: Instant


@dataclass(frozen=True)
class Contacts:
    """A person's methods, the one to try first first."""

    person: str
    methods: tuple[Method, ...] = ()

    def verified(self) -> tuple[Method, ...]:
        return tuple(method for method in self.methods if method.verified)

    def method(self, id: str) -> Method:
        for method in self.methods:
            if method.id == id:
                return method
        raise NotFound(f"contact method {id}")


def evolve(state: Contacts | None, event: Event) -> Contacts:
    match event:
        case ContactMethodAdded():
            state = state or Contacts(event.person)
            added = Method(event.method, event.kind, False, event.at)
            return replace(state, methods=(*state.methods, added))
        case ContactMethodVerified() if state:
            return replace(
                state,
                methods=tuple(replace(m, verified=True) if m.id == event.method else m for m in state.methods),
            )
        case ContactMethodRemoved() if state:
            return replace(state, methods=tuple(m for m in state.methods if m.id != event.method))
        case ContactOrderChanged() if state:
            return replace(state, methods=tuple(sorted(state.methods, key=lambda m: event.methods.index(m.id))))
    raise ValueError(f"{type(event).__name__} cannot happen to {state}")


CONTACTS: Lifecycle[Contacts] = Lifecycle("contact", evolve)
"""One stream a person, so that order and number of the methods are decided in one place."""


def add(state: Contacts | None, person: str, method: str, kind: str, now: Instant) -> list[Event]:
    if state and len(state.methods) >= MOST_METHODS:
        raise Refused("TooManyMethods", f"At most {MOST_METHODS} contact methods. Remove one first.")
    return [ContactMethodAdded(at=now, person=person, method=method, kind=kind)]


def verify(state: Contacts, method: str, how: str, now: Instant) -> list[Event]:
    if state.method(method).verified:
        return []
    return [ContactMethodVerified(at=now, person=state.person, method=method, how=how)]


def remove(state: Contacts, method: str, now: Instant) -> list[Event]:
    state.method(method)
    return [ContactMethodRemoved(at=now, person=state.person, method=method)]


def order(state: Contacts, methods: Sequence[str], now: Instant) -> list[Event]:
    """The new order must name every method exactly once."""
    mine = [method.id for method in state.methods]
    if sorted(methods) != sorted(mine):
        raise Invalid("Name each of the contact methods exactly once.", (f"methods: yours are {', '.join(mine)}",))
    if list(methods) == mine:
        return []
    return [ContactOrderChanged(at=now, person=state.person, methods=tuple(methods))]


def check_address(kind: str, address: str) -> None:
    """Raise `Invalid` unless `address` is well formed for `kind`. Where it leads is checked when something is sent."""
    fault = _fault(kind, address)
    if fault:
        raise Invalid("This contact method cannot be used.", (fault,))


_SLACK = re.compile(r"https://hooks\.slack\.com/services/T[A-Z0-9]{2,20}/B[A-Z0-9]{2,20}/[A-Za-z0-9]{8,60}")
_TOPIC = re.compile(r"/[A-Za-z0-9_-]{1,64}")
_LABEL = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def _fault(kind: str, address: str) -> str | None:
    if kind not in KINDS:
        return f"kind: use one of {', '.join(KINDS)}"
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or not address.isascii() or " " in address:
        return f"address: at most {LONGEST_ADDRESS} printable ASCII characters without spaces"
    if kind == "email":
        fault = email_fault(address)
        return fault and fault.replace("email:", "address:", 1)
    if kind == "demo":
        return None if _LABEL.fullmatch(address) else "address: a short name for the phone, such as bob"
    if kind == "slack":
        example = "https://hooks.slack.com/services/T…/B…/…"
        return None if _SLACK.fullmatch(address) else f"address: paste Slack's incoming webhook address, {example}"
    return _url_fault(kind, address)


def _url_fault(kind: str, address: str) -> str | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        return "address: not a web address"
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        return "address: a web address that begins with https://"
    if parts.fragment or parts.password is not None:
        return "address: without a password or a #fragment"
    if kind == "webhook" and parts.username is not None:
        return "address: without a user name; the requests are signed instead"
    if kind == "ntfy":
        if parts.username is not None and not parts.username.startswith("tk_"):
            return "address: only an ntfy token (tk_…) may stand before the @"
        if not _TOPIC.fullmatch(parts.path) or parts.query:
            return "address: server and topic, such as https://ntfy.example/my-topic"
    return None


def masked(kind: str, address: str) -> str:
    """Enough of an address to recognise it, not enough to use it."""
    if kind == "email":
        local, _, domain = address.partition("@")
        return f"{local[:1]}…@{domain}"
    if kind == "demo":
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}/…"
