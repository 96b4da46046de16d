"""Contact methods and deliveries as they stand inside a transaction: what actions and reactions of any room may ask."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from quarterdeck.notify.kept import contact_address
from quarterdeck.notify.rules import CONTACTS, DELIVERY, Delivery, Method
from quarterdeck.record import Tx

_ADDRESS = select(contact_address).where(contact_address.c.method == bindparam("of"))


@dataclass(frozen=True)
class Address:
    """Where a method leads. `secret` signs a webhook's requests."""

    method: str
    person: str
    kind: str
    address: str
    secret: str


def methods(tx: Tx, person: str) -> list[Method]:
    """A person's contact methods in the order they are tried, unverified ones included."""
    contacts = tx.load(CONTACTS, person)
    return list(contacts.methods) if contacts else []


def reachable(tx: Tx, person: str) -> bool:
    """True if a page to this person would be tried by at least one method."""
    return any(method.verified for method in methods(tx, person))


def address(tx: Tx, method: str) -> Address | None:
    """Where a method leads; None if it has been removed."""
    row = tx.connection.execute(_ADDRESS, {"of": method}).first()
    return None if row is None else Address(row.method, row.person, row.kind, row.address, row.secret)


def delivery(tx: Tx, id: str) -> Delivery | None:
    return tx.load(DELIVERY, id)
