"""Keys: shown once, scoped, revoked at once, their use noted now and then; both stores."""

import re
from datetime import timedelta

import pytest

from quarterdeck.governance import actions, views
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import ENGINE
from tests.conftest import House


def issue(house: House, *roles: str, scopes: tuple[str, ...] | None = None, id: str | None = None) -> str:
    return house.perform(lambda tx: actions.issue_key(tx, label="Key", roles=roles, scopes=scopes, id=id))


def test_a_key_acts_with_its_roles_and_no_others(house: House) -> None:
    principal = house.ask(views.principal_of_key, issue(house, "viewer", id="k"))
    assert principal is not None
    assert principal.id == "key/k"
    assert [p for p in Permission if may(principal, p)] == [Permission.READ]


def test_scopes_narrow_a_key(house: House) -> None:
    principal = house.ask(views.principal_of_key, issue(house, "manager", scopes=("read", "audit", "administer")))
    assert principal is not None
    assert {p for p in Permission if may(principal, p)} == {Permission.READ, Permission.AUDIT}


def test_an_intake_key_looks_like_a_routing_key_and_only_sends_signals(house: House) -> None:
    secret = issue(house, "intake")
    assert re.fullmatch(r"[0-9a-f]{32}", secret)
    principal = house.ask(views.principal_of_key, secret)
    assert principal is not None
    assert [p for p in Permission if may(principal, p)] == [Permission.INTAKE]
    assert issue(house, "viewer").startswith("qa_")
    assert issue(house, "intake") != secret


@pytest.mark.parametrize("guess", ["", "x", "qa_", "'; DROP TABLE key_secret; --", "\x00", "\ud800", "é" * 5000])
def test_a_guess_is_nobody(house: House, guess: str) -> None:
    issue(house, "administrator")
    assert house.ask(views.principal_of_key, guess) is None


@pytest.mark.parametrize(
    ("label", "roles"),
    [("", ("viewer",)), ("a\nb", ("viewer",)), ("x" * 81, ("viewer",)), ("ok", ()), ("ok", ("engine",))],
)
def test_a_key_that_makes_no_sense_is_not_issued(house: House, label: str, roles: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        house.perform(lambda tx: actions.issue_key(tx, label=label, roles=roles))
    assert house.ask(views.keys) == []


def test_a_revoked_key_is_nobody_and_stays_in_the_list(house: House) -> None:
    secret = issue(house, "viewer", id="k")
    for _ in range(2):
        house.perform(lambda tx: actions.revoke_key(tx, key="k"))
    assert house.ask(views.principal_of_key, secret) is None
    row = house.ask(views.keys)[0]
    assert (row.id, row.label, row.roles, row.issued_by) == ("k", "Key", ("viewer",), "person/admin")
    assert row.revoked_at == house.clock.now()
    with pytest.raises(NotFound):
        house.perform(lambda tx: actions.revoke_key(tx, key="ghost"))


def test_last_use_is_kept_to_the_minute(house: House) -> None:
    secret = issue(house, "viewer", id="k")
    start = house.clock.now()

    def look() -> tuple[bool, object]:
        found = house.ask(views.identify, session_token=None, bearer=secret, now=house.clock.now())
        assert found is not None
        assert found.key == "k"
        return found.stale, house.ask(views.keys)[0].used_at

    assert look() == (True, None)
    house.perform(lambda tx: actions.note_use(tx, keys=["k", "k"]), ENGINE)
    assert look() == (False, start)
    house.clock.forward(seconds=59)
    house.perform(lambda tx: actions.note_use(tx, keys=["k"]), ENGINE)
    assert look() == (False, start)
    house.clock.forward(seconds=1)
    assert look() == (True, start)
    house.perform(lambda tx: actions.note_use(tx, keys=["k"]), ENGINE)
    assert look() == (False, start + timedelta(minutes=1))


def test_a_bad_key_is_nobody_even_beside_a_good_session(house: House) -> None:
    person = house.perform(lambda tx: actions.add_person(tx, login="ada", name="Ada", email="ada@example.com"))
    token = house.perform(lambda tx: actions.open_session(tx, person=person), ENGINE)
    now = house.clock.now()
    assert house.ask(views.principal_of_request, session_token=token, bearer=None, now=now) is not None
    assert house.ask(views.principal_of_request, session_token=token, bearer="qa_wrong", now=now) is None
    assert house.ask(views.principal_of_request, session_token=None, bearer=None, now=now) is None
