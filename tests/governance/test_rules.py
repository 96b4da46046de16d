"""Governance rules, without I/O."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.governance import events, rules
from quarterdeck.governance.rules import KEY, PERSON, ROLES, SESSION, TEAM, Permission, check_origin, may
from quarterdeck.kernel.errors import Forbidden, Invalid
from quarterdeck.kernel.principal import ENGINE, NOBODY, Principal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

MATRIX = {
    "administrator": "read declare respond command schedule catalog plan review administer audit",
    "manager": "read declare respond command schedule catalog plan review audit",
    "responder": "read declare respond command schedule",
    "viewer": "read",
    "intake": "intake",
    "engine": "read declare respond command schedule catalog plan review intake administer audit",
}


def test_the_roles_carry_exactly_these_permissions() -> None:
    assert {role: set(map(str, granted)) for role, granted in ROLES.items()} == {
        role: set(granted.split()) for role, granted in MATRIX.items()
    }


@pytest.mark.parametrize("permission", Permission)
def test_permission_is_denied_unless_a_role_grants_it(permission: Permission) -> None:
    assert not may(NOBODY, permission)
    assert not may(Principal("person/x", frozenset({"no such role", ""})), permission)
    assert may(ENGINE, permission)
    for role in MATRIX:
        assert may(Principal("p", frozenset({role})), permission) == (permission in MATRIX[role].split())


@given(st.frozensets(st.sampled_from(sorted(ROLES))), st.none() | st.frozensets(st.sampled_from(list(Permission))))
def test_scopes_narrow_and_never_widen(roles: frozenset[str], scopes: frozenset[str] | None) -> None:
    wide, narrow = Principal("k", roles), Principal("k", roles, scopes)
    for permission in Permission:
        if scopes is None:
            assert may(narrow, permission) == may(wide, permission)
        else:
            assert may(narrow, permission) == (may(wide, permission) and permission in scopes)


def test_a_permitted_action_names_its_permission_and_asks_for_it() -> None:
    @rules.permitted(Permission.PLAN)
    def publish(tx: SimpleNamespace, *, text: str) -> str:
        return text

    assert vars(publish)["permission"] is Permission.PLAN
    assert publish(SimpleNamespace(by=ENGINE), text="yes") == "yes"
    with pytest.raises(Forbidden) as forbidden:
        publish(SimpleNamespace(by=Principal("p", frozenset({"responder"}))), text="no")
    assert forbidden.value.permission == "plan"


def test_every_action_of_governance_and_catalogue_is_guarded_or_says_why_not() -> None:
    from quarterdeck.catalog import actions as catalog
    from quarterdeck.governance import actions as governance

    pure = {"prepare_password"}
    for module in (governance, catalog):
        for name, found in vars(module).items():
            ours = callable(found) and getattr(found, "__module__", "") == module.__name__
            if ours and not name.startswith("_") and name not in pure:
                marks = vars(found)
                assert ("permission" in marks) != ("unguarded" in marks), f"{module.__name__}.{name}"


def test_unknown_roles_and_scopes_are_each_named() -> None:
    with pytest.raises(Invalid) as invalid:
        rules.check_roles(["viewer", "god", "engine"], rules.KEY_ROLES)
    assert len(invalid.value.errors) == 2
    assert rules.check_roles(["viewer", "manager", "viewer"], rules.PERSON_ROLES) == ("manager", "viewer")
    for scopes in (["read", "fly"], []):
        with pytest.raises(Invalid):
            rules.check_scopes(scopes)
    assert rules.check_scopes(None) is None


def test_lives_are_folded_from_their_events() -> None:
    person = PERSON.fold(
        [
            events.PersonAdded(at=NOW, person="a", roles=("viewer",)),
            events.RoleGranted(at=NOW, person="a", role="manager"),
            events.RoleRevoked(at=NOW, person="a", role="viewer"),
            events.ProfileChanged(at=NOW, person="a", fields=("name",)),
            events.PasswordSet(at=NOW, person="a"),
            events.PersonDeactivated(at=NOW, person="a"),
        ]
    )
    assert person == rules.Standing(frozenset({"manager"}), active=False)
    assert PERSON.fold([events.PersonReactivated(at=NOW, person="a")], person) == rules.Standing(frozenset({"manager"}))
    team = TEAM.fold(
        [
            events.TeamAdded(at=NOW, team="t", name="T"),
            events.MemberAdded(at=NOW, team="t", person="b"),
            events.MemberAdded(at=NOW, team="t", person="a"),
            events.MemberRemoved(at=NOW, team="t", person="b"),
            events.TeamRenamed(at=NOW, team="t", name="U"),
        ]
    )
    assert team == rules.Membership("U", ("a",))
    key = KEY.fold(
        [events.KeyIssued(at=NOW, key="k", label="L", roles=("viewer",)), events.KeyRevoked(at=NOW, key="k")]
    )
    assert key == rules.Key("L", ("viewer",), None, revoked=True)
    session = SESSION.fold(
        [
            events.SignedIn(at=NOW, session="s", person="a"),
            events.SignedOut(at=NOW, session="s", person="a", reason="asked"),
        ]
    )
    assert session == rules.Session("a", ended=True)


def test_a_session_stands_until_it_is_idle_or_old() -> None:
    day, week = timedelta(days=1), timedelta(days=7)
    moment = timedelta(microseconds=1)
    assert rules.session_stands(NOW, NOW, NOW + day - moment)
    assert not rules.session_stands(NOW, NOW, NOW + day)
    assert rules.session_stands(NOW, NOW + week - day, NOW + week - moment)
    assert not rules.session_stands(NOW, NOW + week - day, NOW + week)


def test_use_is_noted_at_most_once_a_minute() -> None:
    assert rules.use_is_stale(None, NOW)
    assert not rules.use_is_stale(NOW, NOW + timedelta(seconds=59))
    assert rules.use_is_stale(NOW, NOW + timedelta(seconds=60))


HOST = {"host": "deck.example:8310"}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://deck.example:8310"}, False),
        ({"origin": "https://deck.example:8310"}, True),
        ({"origin": "http://DECK.example:8310"}, True),
        ({"origin": "https://deck.example"}, False),
        ({"origin": "https://deck.example:8310.evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://["}, False),
        ({"origin": "ftp://deck.example:8310"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_an_unsafe_request_must_come_from_our_own_pages(headers: dict[str, str], allowed: bool) -> None:
    assert all(check_origin(method, {**HOST, **headers}) is allowed for method in ("POST", "put", "DELETE", "PATCH"))
    assert all(check_origin(method, {**HOST, **headers}) for method in ("GET", "head", "OPTIONS"))


def test_without_a_host_no_origin_is_ours() -> None:
    assert not check_origin("POST", {"origin": "http://"})


@given(st.text(max_size=40) | st.sampled_from(["//x", "/\\x", "/a\nb", "/ok", "http://x", "\\\\x", "/%2f/x"]))
def test_after_signing_in_one_stays_on_this_site(wanted: str) -> None:
    path = rules.local_path(wanted)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path
    assert path.isprintable()
    assert path in {wanted, "/"}


@given(st.text(max_size=300))
def test_what_passes_as_one_line_is_one_line(text: str) -> None:
    if rules.line_fault("name", text) is None:
        assert 0 < len(text) <= 200
        assert len(text.splitlines()) == 1
        text.encode()
    if rules.email_fault(text) is None:
        assert text.count("@") == 1
        assert len(text.split()) == 1
    if rules.login_fault(text) is None:
        assert text.isascii()


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("123456789", False),
        ("1234567890", True),
        ("correct horse", True),
        ("adaadaadaada", False),
        ("abababababab", False),
        ("пароль длинный", True),
        ("x" * 257, False),
        ("\ud800 half a character", False),
    ],
)
def test_a_password_is_long_and_not_the_login(password: str, good: bool) -> None:
    assert (rules.password_fault(password, "ada") is None) is good
