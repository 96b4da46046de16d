"""Where channels may not go: the corpus of server-side request forgery, and what a hostile receiver may answer."""

import asyncio
import socket
from collections.abc import Sequence

import pytest
import requests

from quarterdeck.notify import outbound
from quarterdeck.notify.outbound import checked, judged, permitted_address, post
from quarterdeck.notify.rules import Delivered, Failed, NotifySettings, Outcome
from tests.notify.sinks import web_server

FORBIDDEN = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:53aa:64c:0:0:0:0",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_inside_is_refused(address: str) -> None:
    assert not permitted_address(address, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_an_address_on_the_internet_is_permitted(address: str) -> None:
    assert permitted_address(address, ())


def test_a_listed_network_is_permitted_and_nothing_beside_it() -> None:
    allow = ("10.1.2.0/24",)
    assert permitted_address("10.1.2.3", allow)
    assert permitted_address("::ffff:10.1.2.3", allow)
    assert not permitted_address("10.1.3.3", allow)
    assert not permitted_address("::1", allow)


def test_one_bad_address_among_several_is_enough_to_refuse() -> None:
    with pytest.raises(outbound.NotAllowed):
        checked("example.com", ["8.8.8.8", "127.0.0.1"], ())


def send(url: str, settings: NotifySettings, found: Sequence[str] | None = None) -> Outcome:
    async def resolver(host: str, port: int) -> Sequence[str]:
        assert found is not None
        return found

    given = resolver if found is not None else outbound.resolve
    return asyncio.run(post(url, content=b"{}", headers={}, settings=settings, resolver=given))


QUICK = NotifySettings(attempt_seconds=1.0)
HERE = NotifySettings(attempt_seconds=1.0, outbound_allow=("127.0.0.0/8",))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_no_way_of_writing_this_machine_gets_through(host: str) -> None:
    with web_server() as web:
        for scheme in ("http", "https"):
            outcome = send(f"{scheme}://{host}:{web.port}/", QUICK)
            assert isinstance(outcome, Failed)
        assert web.calls == []


@pytest.mark.parametrize("url", ["ftp://example.com/", "https://a:b@example.com/", "https:///x", "//example.com", "x"])
def test_what_is_not_a_plain_web_address_is_refused_for_good(url: str) -> None:
    outcome = send(url, QUICK, ["8.8.8.8"])
    assert isinstance(outcome, Failed)
    assert outcome.permanent


def test_a_name_that_changes_its_mind_is_asked_once_and_the_answer_is_what_is_connected_to() -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    with web_server() as web:
        url = f"http://rebind.example:{web.port}/hook"
        outcome = asyncio.run(post(url, content=b"{}", headers={}, settings=HERE, resolver=rebinding))
        assert outcome == Delivered("HTTP 200")
        assert web.calls[0].headers["host"] == f"rebind.example:{web.port}"
    assert answers == [["127.0.0.2"]], "resolved once only"


def test_plain_http_is_refused_outside_the_listed_networks() -> None:
    outcome = send("http://example.com/", QUICK, ["8.8.8.8"])
    assert isinstance(outcome, Failed)
    assert "https://" in outcome.error


def test_a_redirect_is_not_followed() -> None:
    with web_server() as web, web_server() as inside:
        web.statuses = [302]
        web.headers = {"Location": f"{inside.url}/latest/meta-data"}
        outcome = send(web.url, HERE)
        assert isinstance(outcome, Failed)
        assert outcome.permanent
        assert inside.calls == []


def test_an_endless_answer_is_cut_off() -> None:
    with web_server() as web:
        web.answer = b"x" * 50_000_000
        assert send(web.url, HERE) == Delivered("HTTP 200")


def test_a_receiver_that_accepts_and_hangs_is_given_up_in_time_and_may_have_got_it() -> None:
    with web_server() as web:
        web.hanging = True
        outcome = send(web.url, HERE)
        assert isinstance(outcome, Failed)
        assert outcome.unsure
        assert not outcome.permanent


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (403, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_a_status_says_whether_to_try_again(status: int, permanent: bool) -> None:
    outcome = judged(status, "why")
    assert isinstance(outcome, Failed)
    assert outcome.permanent is permanent


def test_an_answer_goes_on_the_record_in_one_short_line() -> None:
    outcome = judged(500, "a\r\nb" + "x" * 5000)
    assert isinstance(outcome, Failed)
    assert "\n" not in outcome.error
    assert len(outcome.error) < 200


def test_inside_the_guard_the_other_client_cannot_reach_this_machine() -> None:
    with web_server() as web:
        with outbound.guarded(QUICK), pytest.raises(requests.ConnectionError, match="may not reach"):
            requests.post(f"{web.url}/x", timeout=1)
        assert web.calls == []
        with outbound.guarded(HERE):
            assert requests.post(f"{web.url}/x", timeout=1).status_code == 200


def test_the_guard_s_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: object, *args: object, **named: object) -> object:
        lookups.append(str(host))
        port = args[0]
        assert isinstance(port, int)
        return real("127.0.0.1", port, type=socket.SOCK_STREAM)

    with web_server() as web:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        with outbound.guarded(HERE):
            requests.post(f"http://rebind.example:{web.port}/x", timeout=1)
    assert lookups.count("rebind.example") == 1
