"""Signing in, sessions and their end, on both stores and through the web."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from quarterdeck.governance import actions, kept, views
from quarterdeck.governance.pages.sign_in import COOKIE, Attempts
from quarterdeck.governance.rules import SESSION_IDLES, SESSION_LASTS
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import ENGINE, Principal
from tests.conftest import House

PASSWORD = "correct horse battery"
HASHED = kept.hash_password(PASSWORD)


@pytest.fixture
def ada(house: House) -> Principal:
    """Ada can sign in; Root is there so that Ada need not stay."""

    def settle(tx: Any) -> str:
        for login, roles in (("root", ("administrator",)), ("ada", ("responder",))):
            id = actions.add_person(
                tx, login=login, name=login.title(), email=f"{login}@example.com", roles=roles, password=HASHED
            )
        return id

    return Principal(f"person/{house.perform(settle, ENGINE)}", frozenset({"responder"}))


def open_session(house: House, who: Principal) -> str:
    return house.perform(lambda tx: actions.open_session(tx, person=str(who.person)), who)


def principal(house: House, token: str) -> Principal | None:
    return house.ask(views.principal_of_session, token, house.clock.now())


def test_a_session_acts_as_its_person_with_the_roles_of_this_moment(house: House, ada: Principal) -> None:
    token = open_session(house, ada)
    assert principal(house, token) == ada
    house.perform(lambda tx: actions.grant_role(tx, person=str(ada.person), role="manager"))
    house.perform(lambda tx: actions.revoke_role(tx, person=str(ada.person), role="responder"))
    assert principal(house, token) == Principal(ada.id, frozenset({"manager"}))
    assert principal(house, token + "x") is None
    assert principal(house, "") is None


def test_a_session_ends_after_a_day_without_use_and_after_a_week_with_it(house: House, ada: Principal) -> None:
    idle, busy = open_session(house, ada), open_session(house, ada)
    used = house.ask(views.identify, session_token=busy, bearer=None, now=house.clock.now())
    assert used is not None
    opened = house.clock.now()
    house.clock.set(opened + SESSION_IDLES / 2)
    house.perform(lambda tx: actions.note_use(tx, sessions=[str(used.session)]), ENGINE)
    house.clock.set(opened + SESSION_IDLES)
    assert principal(house, idle) is None
    assert principal(house, busy) is not None
    while house.clock.now() < opened + SESSION_LASTS:
        assert principal(house, busy) is not None
        house.perform(lambda tx: actions.note_use(tx, sessions=[str(used.session)]), ENGINE)
        house.clock.forward(hours=12)
    assert principal(house, busy) is None
    assert house.ask(views.sessions, str(ada.person), house.clock.now()) == []


@pytest.mark.parametrize("how", ["signed out", "password", "password by an administrator", "deactivated", "ended"])
def test_a_session_is_void_at_once(house: House, ada: Principal, how: str) -> None:
    token, other, person = open_session(house, ada), open_session(house, ada), str(ada.person)
    root = next(one for one in house.ask(views.people) if one.login == "root")
    bystander = open_session(house, Principal(f"person/{root.id}"))
    id = house.ask(views.identify, session_token=token, bearer=None, now=house.clock.now())
    acts: dict[str, Any] = {
        "signed out": (lambda tx: actions.close_session(tx, token=token), ada),
        "password": (lambda tx: actions.set_password(tx, person=person, password="another long one"), ada),
        "password by an administrator": (
            lambda tx: actions.set_password(tx, person=person, password="another long one"),
            ENGINE,
        ),
        "deactivated": (lambda tx: actions.deactivate_person(tx, person=person), ENGINE),
        "ended": (lambda tx: actions.end_session(tx, session_id=(id and id.session) or ""), ada),
    }
    act, by = acts[how]
    house.perform(act, by)
    assert principal(house, token) is None
    assert (principal(house, other) is None) == (how not in {"signed out", "ended"})
    assert principal(house, bystander) is not None


def test_nobody_ends_or_opens_the_session_of_another(house: House, ada: Principal) -> None:
    from quarterdeck.kernel.errors import Forbidden, NotFound

    root = next(one for one in house.ask(views.people) if one.login == "root")
    open_session(house, Principal(f"person/{root.id}"))
    session = house.ask(views.sessions, root.id, house.clock.now())[0].id
    with pytest.raises(NotFound):
        house.perform(lambda tx: actions.end_session(tx, session_id=session), ada)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.open_session(tx, person=root.id), ada)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.set_password(tx, person=root.id, password="taken over!!"), ada)


def test_a_password_replaced_while_it_was_compared_opens_nothing(house: House, ada: Principal) -> None:
    seen = house.ask(views.credential, "ada")
    assert seen is not None
    house.perform(lambda tx: actions.set_password(tx, person=seen.person, password="another long one"), ada)
    with pytest.raises(Refused) as refused:
        house.perform(lambda tx: actions.open_session(tx, person=seen.person, verified=seen.argon2), ada)
    assert refused.value.reason == "NotSignedIn"


def test_an_inactive_person_opens_nothing(house: House, ada: Principal) -> None:
    house.perform(lambda tx: actions.deactivate_person(tx, person=str(ada.person)))
    with pytest.raises(Refused):
        open_session(house, ada)
    found = house.ask(views.credential, "ada")
    assert found is not None
    assert found.argon2 is None


def test_an_unknown_login_is_compared_with_a_decoy_and_never_matches() -> None:
    hashed: list[str] = []

    class Spy:
        def verify(self, hash: str, password: str) -> bool:
            hashed.append(hash)
            return True

        hash = staticmethod(kept._HASHER.hash)

    original = kept._HASHER
    kept._HASHER = Spy()  # type: ignore[assignment]  # counts comparisons instead of timing them
    try:
        assert kept.password_matches(None, PASSWORD) is False
        assert kept.password_matches(HASHED, PASSWORD) is True
    finally:
        kept._HASHER = original
    assert len(hashed) == 2
    assert hashed[0] != HASHED
    assert hashed[0].rpartition("$")[0].split("$")[:4] == HASHED.split("$")[:4]


def test_attempts_are_limited_by_address_and_by_login() -> None:
    attempts = Attempts()
    assert [attempts.allowed("10.0.0.1", "ada") for _ in range(11)] == [True] * 10 + [False]
    assert attempts.allowed("10.0.0.2", "ada")
    spraying = [attempts.allowed("10.0.0.3", f"login{n}") for n in range(51)]
    assert spraying == [True] * 50 + [False]
    many = [attempts.allowed(f"10.1.0.{n}", "bea") for n in range(101)]
    assert many == [True] * 100 + [False]
    attempts.forgive("10.0.0.1", "ada")
    assert attempts.allowed("10.0.0.1", "ada")


# -- through the web ---------------------------------------------------------------------------


@contextmanager
def web(house: House) -> Iterator[Any]:
    with house.client() as client:
        client.headers["accept"] = "text/html"
        yield client


def sign_in(client: Any, login: str = "ada", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"login": login, "password": password, **more}, follow_redirects=False)


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(house: House, ada: Principal) -> None:
    with web(house) as client:
        answer = sign_in(client, login=" Ada ", next="/people?x=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/people?x=1")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}=qs_")
        assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
        assert "Secure" not in cookie
        assert client.get("/me").status_code == 200
        token = client.cookies[COOKIE]
        out = client.post("/sign-out", follow_redirects=False)
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
        assert principal(house, token) is None


def test_over_https_the_cookie_is_secure(house: House, ada: Principal) -> None:
    with web(house) as client:
        client.base_url = "https://testserver.local"
        assert "Secure" in sign_in(client).headers["set-cookie"]


def test_every_wrong_attempt_gets_the_same_answer(house: House, ada: Principal) -> None:
    house.perform(lambda tx: actions.add_person(tx, login="pager", name="P", email="p@example.com"))
    with web(house) as client:
        answers = [
            sign_in(client, "ada", "wrong password"),
            sign_in(client, "nobody", PASSWORD),
            sign_in(client, "pager", PASSWORD),
            sign_in(client, "ada", ""),
            sign_in(client, "ada", "x" * 10_000),
            sign_in(client, "", PASSWORD),
        ]
        assert {answer.status_code for answer in answers} == {401}
        pages = {re.sub(r'(value|data-now)="[^"]*"| autofocus', "", answer.text) for answer in answers}
        assert len(pages) == 1
        assert all("set-cookie" not in answer.headers for answer in answers)


def test_the_eleventh_attempt_has_to_wait_even_if_it_is_right(house: House, ada: Principal) -> None:
    with web(house) as client:
        for _ in range(10):
            assert sign_in(client, password="").status_code == 401
        answer = sign_in(client)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "300"


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(house: House, ada: Principal, next: str) -> None:
    with web(house) as client:
        assert sign_in(client, next=next).headers["location"] == "/"
        assert "evil" not in client.get("/sign-in", params={"next": next}).text


def test_another_site_cannot_sign_anybody_in_or_act_for_them(house: House, ada: Principal) -> None:
    with web(house) as client:
        client.headers["sec-fetch-site"] = "cross-site"
        assert sign_in(client).status_code == 403
        client.headers["sec-fetch-site"] = "same-origin"
        assert sign_in(client).status_code == 303
        client.headers["sec-fetch-site"] = "same-site"
        answer = client.post("/me/profile", data={"name": "M", "email": "m@example.com", "zone": "UTC"})
        assert answer.status_code == 403
        assert house.ask(views.person_names)[str(ada.person)] == "Ada"


def test_a_changed_password_ends_other_sessions_and_keeps_this_browser_signed_in(house: House, ada: Principal) -> None:
    with web(house) as client:
        sign_in(client)
        before, elsewhere = client.cookies[COOKIE], open_session(house, ada)
        wrong = client.post("/me/password", data={"current": "guessed it", "password": "another long one"})
        assert wrong.status_code == 400
        assert principal(house, elsewhere) is not None
        short = client.post("/me/password", data={"current": PASSWORD, "password": "short"})
        assert short.status_code == 400
        answer = client.post(
            "/me/password", data={"current": PASSWORD, "password": "another long one"}, follow_redirects=False
        )
        assert answer.status_code == 303
        assert principal(house, before) is None
        assert principal(house, elsewhere) is None
        assert client.get("/me", follow_redirects=False).status_code == 200


def test_the_page_of_open_sessions_ends_one(house: House, ada: Principal) -> None:
    elsewhere = open_session(house, ada)
    with web(house) as client:
        sign_in(client)
        id = next(row.id for row in house.ask(views.sessions, str(ada.person), house.clock.now()) if row.agent == "")
        client.post(f"/me/sessions/{id}/revocation")
        assert principal(house, elsewhere) is None
        assert client.get("/me").status_code == 200
