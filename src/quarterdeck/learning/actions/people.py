"""Who acts, and who is meant by a login or an id."""

from quarterdeck.governance.state import person, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record import Tx


def actor(tx: Tx) -> str:
    """The person's id, or the principal where no person acts."""
    return tx.by.person or tx.by.id


def somebody(tx: Tx, name: str, field: str = "owner") -> str:
    """An active person's id, by id or login. Raises `Invalid` at `field`."""
    found = person(tx, name) or person_by_login(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"{field}: {name[:80]!r} is no active person's login or id",))
    return found.id
