"""Contact methods: what an address may look like, and in which order they are tried."""

from datetime import UTC, datetime

import pytest

from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.notify.rules import CONTACTS, Contacts, NotifySettings, contact

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def with_methods(*ids: str) -> Contacts:
    events: list[Event] = []
    state: Contacts | None = None
    for id in ids:
        added = contact.add(state, "bob", id, "email", NINE)
        events += added
        state = CONTACTS.fold(added, state)
    assert state is not None
    return state


def test_methods_are_tried_in_the_order_they_were_added_until_that_is_changed() -> None:
    state = with_methods("a", "b", "c")
    events = contact.order(state, ["c", "a", "b"], NINE)
    changed = CONTACTS.fold(events, state)
    assert changed is not None
    assert [m.id for m in changed.methods] == ["c", "a", "b"]


@pytest.mark.parametrize("order", [["a"], ["a", "b", "b"], ["a", "b", "x"], []])
def test_an_order_that_does_not_name_each_method_once_is_refused(order: list[str]) -> None:
    with pytest.raises(Invalid):
        contact.order(with_methods("a", "b"), order, NINE)


def test_a_method_is_unverified_until_it_is_verified_and_verifying_twice_says_nothing() -> None:
    state = with_methods("a")
    assert state.verified() == ()
    verified = CONTACTS.fold(contact.verify(state, "a", "code", NINE), state)
    assert verified is not None
    assert [m.id for m in verified.verified()] == ["a"]
    assert contact.verify(verified, "a", "code", NINE) == []


def test_a_ninth_method_is_refused() -> None:
    state = with_methods(*"abcdefgh")
    with pytest.raises(Refused, match="At most 8"):
        contact.add(state, "bob", "i", "email", NINE)


def test_a_method_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(NotFound):
        contact.remove(with_methods("a"), "b", NINE)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "bob@example.com"),
        ("webhook", "https://hooks.example.com/qd?room=1"),
        ("webhook", "http://10.1.2.3:8080/in"),
        ("ntfy", "https://ntfy.example/bob-phone"),
        ("ntfy", "https://tk_abc123@ntfy.example/bob-phone"),
        ("slack", "https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/abcdefghijklmnopqrstuvwx"),
        ("demo", "bob"),
    ],
)
def test_good_addresses_are_taken(kind: str, address: str) -> None:
    contact.check_address(kind, address)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "bob"),
        ("email", "bob@example.com\r\nBcc: all@example.com"),
        ("email", "bob@example.com, eve@example.com"),
        ("webhook", "ftp://example.com/"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "gopher://127.0.0.1:25/"),
        ("webhook", "https://user:pass@example.com/"),
        ("webhook", "https://example.com:99999/"),
        ("webhook", "https://[::1/"),
        ("webhook", "https:///nohost"),
        ("webhook", "https://example.com/#x"),
        ("webhook", "https://exa mple.com/"),
        ("webhook", "https://example.com/" + "a" * 600),
        ("ntfy", "https://ntfy.example/a,b"),
        ("ntfy", "https://ntfy.example/a/b"),
        ("ntfy", "https://bob@ntfy.example/a"),
        ("ntfy", "https://ntfy.example/a?actions=view"),
        ("slack", "https://hooks.slack.com.evil.example/services/T01ABCDEF/B01ABCDEF/abcdefghijklmnop"),
        ("slack", "http://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/abcdefghijklmnop"),
        ("demo", "../bob"),
        ("pager", "bob"),
    ],
)
def test_bad_addresses_are_refused_and_the_reason_given(kind: str, address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        contact.check_address(kind, address)
    assert refusal.value.errors


def test_an_address_is_shown_without_its_secret_part() -> None:
    assert contact.masked("email", "bob@example.com") == "b…@example.com"
    assert "abcdefgh" not in contact.masked("slack", "https://hooks.slack.com/services/T01AB/B01AB/abcdefghijkl")
    assert contact.masked("ntfy", "https://tk_secret@ntfy.example/topic") == "https://ntfy.example/…"


def test_settings_that_are_wrong_list_every_fault() -> None:
    with pytest.raises(Invalid) as refusal:
        NotifySettings(outbound_allow=("10.0.0.0/99",), smtp_tls="maybe", pace_kept_back=3)
    assert len(refusal.value.errors) == 3


def test_settings_of_the_wrong_type_are_refused() -> None:
    with pytest.raises(Invalid, match="smtp_port"):
        NotifySettings(smtp_port="25")  # type: ignore[arg-type]  # wrong on purpose


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(NotifySettings(secret_key="hush-hush", smtp_password="hush-hush"))
    assert "hush" not in shown
