"""The cast's profiles, for houses in which people sign in or are paged."""

from quarterdeck.governance import actions as governance
from quarterdeck.governance.state import person
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.notify import actions as notify
from quarterdeck.record import Record, Tx
from tests.cast import EVERYBODY


def settle(record: Record, *, zone: str = "UTC") -> None:
    """Add everybody of the cast who is not there yet, each with a verified demo method."""

    def add_all(tx: Tx) -> None:
        for who in EVERYBODY:
            if person(tx, id_of(who)) is None:
                _add(tx, who, zone)

    record.perform(ENGINE, add_all)


def _add(tx: Tx, who: Principal, zone: str) -> None:
    login = id_of(who)
    governance.add_person(
        tx,
        id=login,
        login=login,
        name=login.capitalize(),
        email=f"{login}@example.com",
        roles=who.roles,
        zone=zone,
    )
    notify.add_method(tx, person=login, kind="demo", address=login, assume_verified=True)


def id_of(who: Principal) -> str:
    return who.id.removeprefix("person/")
