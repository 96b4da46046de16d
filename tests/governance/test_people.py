"""People, teams and what may be done about them, on both stores."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from quarterdeck.governance import actions, kept, state, views
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.record.schema import rebuild
from quarterdeck.record.tables import read
from tests.cast import ADMIN, ALICE, BOB, CHARLIE, DANA
from tests.conftest import House

ADA: dict[str, Any] = {"login": "ada", "name": "Ada Adams", "email": "ada@example.com", "roles": ("responder",)}
PASSWORD = "correct horse battery"


def add(house: House, **changes: Any) -> str:
    return house.perform(lambda tx: actions.add_person(tx, **{**ADA, **changes}), ADMIN)


def test_an_added_person_is_found_by_id_and_by_login(house: House) -> None:
    id = add(house, zone="Europe/Paris")

    def ask(tx: Any) -> tuple[Any, Any, Any]:
        return state.person(tx, id), state.person_by_login(tx, "ada"), state.person_by_login(tx, "bea")

    by_id, by_login, unknown = house.perform(ask)
    assert (
        by_id
        == by_login
        == state.Person(id, "ada", "Ada Adams", "ada@example.com", "Europe/Paris", True, frozenset({"responder"}))
    )
    assert unknown is None
    assert house.ask(views.person_names) == {id: "Ada Adams"}
    assert [(one.login, one.roles, one.may_sign_in) for one in house.ask(views.people)] == [
        ("ada", ("responder",), False)
    ]


def test_no_name_or_address_enters_the_record(house: House) -> None:
    from quarterdeck.record.tables import record

    id = add(house, password=PASSWORD)
    house.perform(lambda tx: actions.revise_profile(tx, person=id, name="Ada Byron", email="byron@example.com"))
    with house.read() as conn:
        written = " ".join(conn.execute(select(record.c.data)).scalars())
    for private in ("Ada", "Byron", "example.com", "correct horse", "argon2"):
        assert private not in written


def test_a_login_belongs_to_one_person_for_ever(house: House) -> None:
    first = add(house)
    add(house, login="root", roles=("administrator",))
    house.perform(lambda tx: actions.deactivate_person(tx, person=first))
    with pytest.raises(Refused) as refused:
        add(house)
    assert refused.value.reason == "LoginTaken"


HOSTILE = [
    ({"login": ""}, "login"),
    ({"login": "Ada"}, "login"),
    ({"login": "ada\n"}, "login"),
    ({"login": "-ada"}, "login"),
    ({"login": "a" * 64}, "login"),
    ({"login": "../ada"}, "login"),
    ({"name": "  "}, "name"),
    ({"name": "Ada\nBcc: all@example.com"}, "name"),
    ({"name": "Ada \u202egnp.exe"}, "name"),
    ({"name": "\ud800"}, "name"),
    ({"name": "a" * 201}, "name"),
    ({"email": "ada"}, "email"),
    ({"email": "ada@example.com\r\nBcc: x@example.com"}, "email"),
    ({"email": "a@b, c@d"}, "email"),
    ({"email": "a" * 250 + "@b.example"}, "email"),
    ({"zone": "Mars/Olympus"}, "zone"),
    ({"zone": "../../etc/passwd"}, "zone"),
    ({"zone": "Europe"}, "zone"),
    ({"zone": ""}, "zone"),
    ({"roles": ("engine",)}, "roles"),
    ({"roles": ("intake",)}, "roles"),
    ({"roles": ("god",)}, "roles"),
    ({"password": "short"}, "password"),
    ({"password": ""}, "password"),
    ({"password": "aaaaaaaaaaaa"}, "password"),
    ({"password": "x" * 257}, "password"),
]


@pytest.mark.parametrize(("changes", "field"), HOSTILE, ids=repr)
def test_what_makes_no_sense_is_refused_by_field(house: House, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        add(house, **changes)
    assert any(error.startswith(f"{field}:") for error in invalid.value.errors)
    assert house.ask(views.people) == []


def test_every_fault_is_named_at_once(house: House) -> None:
    with pytest.raises(Invalid) as invalid:
        add(house, login="", name="", email="", zone="x")
    assert [error.partition(":")[0] for error in invalid.value.errors] == ["login", "name", "email", "zone"]


def everything(person: str) -> dict[str, Callable[[Any], Any]]:
    return {
        "add_person": partial(actions.add_person, **ADA),
        "grant_role": partial(actions.grant_role, person=person, role="administrator"),
        "revoke_role": partial(actions.revoke_role, person=person, role="responder"),
        "deactivate_person": partial(actions.deactivate_person, person=person),
        "reactivate_person": partial(actions.reactivate_person, person=person),
        "revise_profile": partial(actions.revise_profile, person=person, name="Mallory"),
        "set_password": partial(actions.set_password, person=person, password=PASSWORD),
        "add_team": partial(actions.add_team, id="red", name="Red"),
        "rename_team": partial(actions.rename_team, team="red", name="Blue"),
        "add_member": partial(actions.add_member, team="red", person=person),
        "remove_member": partial(actions.remove_member, team="red", person=person),
        "issue_key": partial(actions.issue_key, label="mine", roles=("administrator",)),
        "revoke_key": partial(actions.revoke_key, key="any"),
        "open_session": partial(actions.open_session, person=person),
    }


@pytest.mark.parametrize("who", [ALICE, BOB, DANA, CHARLIE, Principal("key/k", frozenset({"intake"}))], ids=str)
@pytest.mark.parametrize("name", everything(""))
def test_only_administrators_govern(house: House, who: Principal, name: str) -> None:
    person = add(house, login="victim")
    house.perform(lambda tx: actions.add_team(tx, id="red", name="Red"))
    with pytest.raises(Forbidden):
        house.perform(everything(person)[name], who)


def test_people_change_their_own_profile_but_not_their_roles(house: House) -> None:
    id = add(house)
    ada = Principal(f"person/{id}", frozenset({"responder"}))
    house.perform(lambda tx: actions.revise_profile(tx, person=id, zone="Asia/Tokyo"), ada)
    assert house.ask(views.people)[0].zone == "Asia/Tokyo"
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.grant_role(tx, person=id, role="administrator"), ada)


def test_roles_are_granted_and_revoked_once(house: House) -> None:
    id = add(house)
    for _ in range(2):
        house.perform(lambda tx: actions.grant_role(tx, person=id, role="manager"))
    assert house.ask(views.people)[0].roles == ("manager", "responder")
    for _ in range(2):
        house.perform(lambda tx: actions.revoke_role(tx, person=id, role="manager"))
    assert house.ask(views.people)[0].roles == ("responder",)
    with pytest.raises(NotFound):
        house.perform(lambda tx: actions.grant_role(tx, person="nobody", role="manager"))


def test_the_last_administrator_stays_until_there_is_another(house: House) -> None:
    first = add(house, roles=("administrator",))
    for act in (
        partial(actions.revoke_role, person=first, role="administrator"),
        partial(actions.deactivate_person, person=first),
    ):
        with pytest.raises(Refused) as refused:
            house.perform(act)
        assert refused.value.reason == "LastAdministrator"
    add(house, login="bea", roles=("administrator",))
    house.perform(lambda tx: actions.deactivate_person(tx, person=first))
    assert [(one.login, one.active) for one in house.ask(views.people)] == [("bea", True), ("ada", False)]


def test_teams_keep_the_order_of_joining_and_leave_out_the_inactive(house: House) -> None:
    add(house, login="root", roles=("administrator",))
    first, second, third = (add(house, login=login) for login in ("zoe", "ada", "mia"))

    def build(tx: Any) -> None:
        actions.add_team(tx, id="red", name="Red team")
        for id in (first, second, third, first):
            actions.add_member(tx, team="red", person=id)
        actions.remove_member(tx, team="red", person=second)

    house.perform(build)
    house.perform(lambda tx: actions.deactivate_person(tx, person=third))
    members, found = house.perform(lambda tx: (state.members(tx, "red"), state.team(tx, "red")), ENGINE)
    assert [member.login for member in members] == ["zoe"]
    assert found == state.Team("red", "Red team", (first, third))
    assert [(m.login, m.active) for t in house.ask(views.teams) for m in t.members] == [("zoe", True), ("mia", False)]
    with pytest.raises(Refused, match="Reactivate"):
        house.perform(lambda tx: actions.add_member(tx, team="red", person=third))
    with pytest.raises(Refused, match="already"):
        house.perform(lambda tx: actions.add_team(tx, id="red", name="Other"))


def test_rebuilding_the_read_tables_changes_nothing(house: House) -> None:
    test_teams_keep_the_order_of_joining_and_leave_out_the_inactive(house)
    house.perform(lambda tx: actions.rename_team(tx, team="red", name="Crimson"))
    key = "0key"
    house.perform(lambda tx: actions.issue_key(tx, label="CI", roles=("viewer",), id=key))
    house.perform(lambda tx: actions.revoke_key(tx, key=key))
    one = house.ask(views.person_by_login, "zoe")
    assert one is not None
    house.perform(lambda tx: actions.open_session(tx, person=one.id), ENGINE)
    house.perform(lambda tx: actions.revoke_role(tx, person=one.id, role="responder"))

    def snapshot() -> dict[str, list[Any]]:
        ours = ("person", "person_role", "team", "team_member", "access_key")
        with house.read() as conn:
            return {name: sorted(map(str, conn.execute(select(read.tables[name])))) for name in ours}

    live = snapshot()
    assert all(live.values())
    rebuild(house.record)
    assert snapshot() == live


def test_kept_tables_hold_no_secret_in_clear(house: House) -> None:
    id = add(house, password=PASSWORD)
    key = house.perform(lambda tx: actions.issue_key(tx, label="CI", roles=("viewer",)))
    token = house.perform(lambda tx: actions.open_session(tx, person=id), ENGINE)
    with house.read() as conn:
        stored = " ".join(
            str(row)
            for table in (kept.profile, kept.password, kept.session, kept.key_secret)
            for row in conn.execute(select(table))
        )
    for secret in (PASSWORD, key, token):
        assert secret not in stored
    assert "$argon2id$" in stored
