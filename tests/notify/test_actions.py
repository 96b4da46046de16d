"""Contact methods, codes, links and replies on both stores."""

from typing import Any

import pytest

from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.notify import actions, kept, views
from quarterdeck.notify.events import ReplyReceived
from quarterdeck.record.tables import record as journal
from tests.notify.pager import Pager


@pytest.fixture
def pager(house: Any) -> Pager:
    return Pager(house)


def person(id: str) -> Principal:
    return Principal(f"person/{id}", roles=frozenset({"responder"}))


def add(pager: Pager, id: str, kind: str, address: str, **more: Any) -> str:
    made: str = pager.house.perform(
        lambda tx: actions.add_method(tx, person=id, kind=kind, address=address, **more), by=person(id)
    )
    return made


def code_in(text: str) -> str:
    return next(word.strip(".") for word in text.split() if word.strip(".").isdigit() and len(word.strip(".")) == 6)


def test_a_method_is_verified_by_the_code_that_came_through_it(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "bob@example.com")
    pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    pager.work()
    code = code_in(pager.second.log[0][2].text)
    wrong = "000000" if code != "000000" else "111111"
    assert not pager.house.perform(lambda tx: actions.verify_method(tx, method=method, code=wrong), by=person(bob))
    assert not pager.house.ask(views.methods, bob)[0].verified
    assert pager.house.perform(lambda tx: actions.verify_method(tx, method=method, code=f" {code} "), by=person(bob))
    assert pager.house.ask(views.methods, bob)[0].verified


def test_the_code_is_on_no_record(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "bob@example.com")
    pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    pager.work()
    code = code_in(pager.second.log[0][2].text)
    with pager.house.read() as conn:
        rows = conn.execute(journal.select()).all()
    assert rows
    assert not any(f"is {code}" in row.data or f'"{code}"' in row.data for row in rows)
    assert not any("bob@example.com" in row.data for row in rows)


def test_five_wrong_codes_spend_it_even_if_the_sixth_is_right(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "bob@example.com")
    pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    pager.work()
    code = code_in(pager.second.log[0][2].text)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert not pager.house.perform(lambda tx: actions.verify_method(tx, method=method, code=wrong), by=person(bob))
    with pytest.raises(Refused, match="Five wrong codes"):
        pager.house.perform(lambda tx: actions.verify_method(tx, method=method, code=code), by=person(bob))


def test_a_code_is_good_for_fifteen_minutes_and_once(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "bob@example.com")
    pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    pager.work()
    code = code_in(pager.second.log[0][2].text)
    pager.house.clock.forward(minutes=15)
    with pytest.raises(Refused, match="no code"):
        pager.house.perform(lambda tx: actions.verify_method(tx, method=method, code=code), by=person(bob))


def test_a_code_that_could_not_be_sent_in_time_is_given_up(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "bob@example.com")
    pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    pager.house.clock.forward(minutes=16)
    pager.work()
    assert pager.second.log == []
    [row] = pager.house.ask(views.deliveries, f"contact/{bob}")
    assert (row.state, row.detail) == ("abandoned", "CodeExpired")


def test_a_fourth_code_within_fifteen_minutes_is_refused(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "email", "victim@example.com")
    for _ in range(3):
        pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))
    with pytest.raises(Refused, match="Several codes"):
        pager.house.perform(lambda tx: actions.send_verification(tx, method=method), by=person(bob))


def test_an_unverified_method_gets_no_pages(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    add(pager, bob, "email", "bob@example.com")
    pager.first.answers = pager.second.answers
    pager.page(bob, 1)
    pager.work()
    assert pager.second.log == []
    assert len(pager.first.log) == 1


def test_nobody_touches_another_s_methods(pager: Pager) -> None:
    bob, eve = pager.person("bob", "demo"), pager.person("eve", "demo")
    method = pager.house.ask(views.methods, bob)[0].id
    attempts = [
        lambda tx: actions.add_method(tx, person=bob, kind="email", address="eve@example.com"),
        lambda tx: actions.remove_method(tx, method=method),
        lambda tx: actions.order_methods(tx, person=bob, methods=[method]),
        lambda tx: actions.send_verification(tx, method=method),
        lambda tx: actions.verify_method(tx, method=method, code="000000"),
        lambda tx: actions.ring(tx, person=bob),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            pager.house.perform(attempt, by=person(eve))


def test_only_an_administrator_may_call_a_method_verified(pager: Pager) -> None:
    bob = pager.person("bob")
    with pytest.raises(Forbidden):
        add(pager, bob, "email", "bob@example.com", assume_verified=True)


def test_the_same_address_is_not_added_twice(pager: Pager) -> None:
    bob = pager.person("bob")
    add(pager, bob, "email", "bob@example.com")
    with pytest.raises(Refused, match="there already"):
        add(pager, bob, "email", " bob@example.com ")


def test_a_bad_address_is_refused_and_nothing_is_recorded(pager: Pager) -> None:
    bob = pager.person("bob")
    with pytest.raises(Invalid):
        add(pager, bob, "webhook", "file:///etc/passwd")
    assert pager.house.ask(views.methods, bob) == []


def test_methods_are_shown_in_order_with_their_addresses_masked(pager: Pager) -> None:
    bob = pager.person("bob", "demo", "email")
    first, second = pager.house.ask(views.methods, bob)
    assert (first.kind, second.shown) == ("demo", "b…@example.com")
    pager.house.perform(lambda tx: actions.order_methods(tx, person=bob, methods=[second.id, first.id]), by=person(bob))
    assert [row.kind for row in pager.house.ask(views.methods, bob)] == ["email", "demo"]


def test_a_webhook_has_a_signing_secret_of_its_own(pager: Pager) -> None:
    bob = pager.person("bob")
    method = add(pager, bob, "webhook", "https://hooks.example.com/qd")
    secret = pager.house.ask(views.webhook_secret, method)
    assert secret.startswith("whsec_")


def token_of(pager: Pager) -> str:
    return pager.first.log[-1][2].link.rpartition("/")[2]


def test_a_link_is_answered_once_and_looking_at_it_changes_nothing(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    delivery = pager.page(bob, 214)
    pager.work()
    token = token_of(pager)
    for _ in range(3):
        page = pager.house.ask(views.page_of_token, token, pager.house.clock.now())
        assert (page.state, page.about, page.person, page.label) == ("open", "incident/214", bob, "INC-214")
    reply = pager.house.perform(lambda tx: actions.redeem(tx, token=token, answer="ack"), by=person(bob))
    assert isinstance(reply, ReplyReceived)
    assert (reply.delivery, reply.about, reply.person, reply.answer) == (delivery, "incident/214", bob, "ack")
    with pytest.raises(Refused, match="used already"):
        pager.house.perform(lambda tx: actions.redeem(tx, token=token, answer="escalate"), by=person(bob))
    page = pager.house.ask(views.page_of_token, token, pager.house.clock.now())
    assert (page.state, page.answer) == ("used", "ack")
    assert pager.house.ask(views.deliveries, "incident/214")[0].answer == "ack"


def test_a_link_is_void_after_a_day(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    pager.work()
    pager.house.clock.forward(hours=24)
    page = pager.house.ask(views.page_of_token, token_of(pager), pager.house.clock.now())
    assert page.state == "expired"
    with pytest.raises(Refused, match="a day old"):
        pager.house.perform(lambda tx: actions.redeem(tx, token=token_of(pager), answer="ack"))


@pytest.mark.parametrize("token", ["", "x", "a" * 22, "../../etc/passwd", "é" * 22, "0" * 5000])
def test_a_token_that_was_never_given_out_opens_nothing(pager: Pager, token: str) -> None:
    assert pager.house.ask(views.page_of_token, token, pager.house.clock.now()) is None
    with pytest.raises(NotFound):
        pager.house.perform(lambda tx: actions.redeem(tx, token=token, answer="ack"))


def test_a_wrong_answer_leaves_the_link_open(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    pager.work()
    with pytest.raises(Invalid):
        pager.house.perform(lambda tx: actions.redeem(tx, token=token_of(pager), answer="snooze"))
    page = pager.house.ask(views.page_of_token, token_of(pager), pager.house.clock.now())
    assert page.state == "open"


def test_a_link_s_token_is_stored_nowhere_in_clear(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 1)
    pager.work()
    token = token_of(pager)
    with pager.house.read() as conn:
        links = conn.execute(kept.page_link.select()).all()
        rows = conn.execute(journal.select()).all()
    assert links
    assert not any(token in str(row) for row in [*links, *rows])


def test_two_people_have_two_links_to_one_incident(pager: Pager) -> None:
    for name in ("bob", "eve"):
        pager.page(pager.person(name, "demo"), 1)
    pager.work()
    links = {message.link for _, _, message in pager.first.log}
    assert len(links) == 2


def test_an_update_links_to_the_incident_and_needs_a_sign_in(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.page(bob, 7, purpose="update")
    pager.work()
    assert pager.first.log[0][2].link == "https://im.example/incidents/7"


def test_pager_test_rings_the_person_who_asks(pager: Pager) -> None:
    bob = pager.person("bob", "demo")
    pager.house.perform(lambda tx: actions.ring(tx, person=bob), by=person(bob))
    pager.work()
    assert pager.first.texts()[0].startswith("TEST Your pager works")


def test_somebody_who_has_left_is_not_paged(pager: Pager) -> None:
    from quarterdeck.governance import actions as governance

    bob = pager.person("bob", "demo")
    pager.house.record.perform(ENGINE, lambda tx: governance.deactivate_person(tx, person=bob))
    pager.page(bob, 1)
    assert pager.work() == 0
    assert pager.house.ask(views.deliveries, "incident/1")[0].detail == "PersonInactive"
