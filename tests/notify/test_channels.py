"""Every channel against a real server on this machine, in good weather and bad."""

import asyncio
import base64
import hmac
from dataclasses import replace
from hashlib import sha256

import pytest

from quarterdeck.notify.channels import email, ntfy, slack, webhook
from quarterdeck.notify.rules import Delivered, Failed, Message, NotifySettings, Outcome
from tests.notify.sinks import mail_server, web_server

PAGE = Message(
    key="d1-1",
    delivery="d1",
    about="incident/214",
    purpose="page",
    urgency=0,
    subject="SEV1 INC-214 Checkout",
    text="SEV1 INC-214 Checkout: payments fail in Köln.",
    short="SEV1 INC-214 Checkout https://im.example/p/abc",
    link="https://im.example/p/abc",
    secret="whsec_c2VjcmV0",
)
HERE = NotifySettings(attempt_seconds=1.5, outbound_allow=("127.0.0.0/8",), mail_from="Quarterdeck <qd@im.example>")


def mail(settings: NotifySettings, message: Message = PAGE, to: str = "bob@example.com") -> Outcome:
    return asyncio.run(email.send(message, to, settings))


def test_a_page_arrives_as_plain_mail_with_a_message_id_that_a_resend_repeats() -> None:
    with mail_server() as box:
        settings = replace(HERE, smtp_port=box.port)
        assert isinstance(mail(settings), Delivered)
        assert isinstance(mail(settings), Delivered)
    first, second = box.mails
    assert first["Subject"] == "SEV1 INC-214 Checkout"
    assert first["To"] == "bob@example.com"
    assert first["Message-ID"] == second["Message-ID"] == "<d1-1@im.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert "payments fail in Köln" in first.get_content()
    assert "https://im.example/p/abc" in first.get_content()


def test_an_alert_s_text_cannot_add_a_header() -> None:
    hostile = replace(PAGE, subject="SEV1\r\nBcc: everyone@example.com", text="a\r\n.\r\nb")
    with mail_server() as box:
        assert isinstance(mail(replace(HERE, smtp_port=box.port), hostile), Delivered)
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["Subject"] == "SEV1 Bcc: everyone@example.com"
    assert box.mails[0].get_content().splitlines()[:3] == ["a", ".", "b"]


@pytest.mark.parametrize(("answer", "permanent"), [("550 no such user", True), ("451 come back later", False)])
def test_a_refusal_by_the_mail_server_is_told_apart(answer: str, permanent: bool) -> None:
    with mail_server() as box:
        box.refuse = answer
        outcome = mail(replace(HERE, smtp_port=box.port))
    assert isinstance(outcome, Failed)
    assert outcome.permanent is permanent
    assert answer[4:] in outcome.error


def test_a_mail_server_that_is_down_is_a_failure_worth_another_try() -> None:
    outcome = mail(replace(HERE, smtp_port=1))
    assert isinstance(outcome, Failed)
    assert not outcome.permanent
    assert not outcome.unsure


def test_a_password_is_not_sent_in_clear_unless_told_to() -> None:
    with mail_server(password="open") as box:
        settings = replace(HERE, smtp_port=box.port, smtp_user="qd", smtp_password="open")
        outcome = mail(settings)
        assert isinstance(outcome, Failed)
        assert "STARTTLS" in outcome.error
        assert box.logins == []
        assert isinstance(mail(replace(settings, smtp_tls="off")), Delivered)
        assert box.logins == [(b"qd", b"open")]


def test_a_wrong_password_is_permanent_and_not_in_the_error() -> None:
    with mail_server(password="right") as box:
        settings = replace(HERE, smtp_port=box.port, smtp_user="qd", smtp_password="wrong-word", smtp_tls="off")
        outcome = mail(settings)
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert "wrong-word" not in outcome.error


def test_a_webhook_is_signed_over_id_time_and_body_and_repeats_its_id() -> None:
    with web_server() as web:
        for _ in range(2):
            assert asyncio.run(webhook.send(PAGE, f"{web.url}/in", HERE)) == Delivered("HTTP 200")
    for call in web.calls:
        assert call.headers["webhook-id"] == call.headers["idempotency-key"] == "d1-1"
        signed = f"d1-1.{call.headers['webhook-timestamp']}.".encode() + call.body
        expected = base64.b64encode(hmac.new(base64.b64decode("c2VjcmV0"), signed, sha256).digest()).decode()
        assert call.headers["webhook-signature"] == f"v1,{expected}"
        assert call.json()["about"] == "incident/214"
        assert "secret" not in call.json()


def test_ntfy_gets_the_short_text_with_priority_and_link() -> None:
    with web_server() as web:
        outcome = asyncio.run(ntfy.send(PAGE, f"{web.url}/bob-phone", HERE))
    assert isinstance(outcome, Delivered)
    sent = web.calls[0]
    assert sent.json() == {"topic": "bob-phone", "title": PAGE.subject, "message": PAGE.short}
    assert sent.headers["x-priority"] == "max"
    assert sent.headers["x-click"] == PAGE.link
    assert "x-icon" not in sent.headers


def test_ntfy_is_signed_in_to_with_its_token() -> None:
    with web_server() as web:
        asyncio.run(ntfy.send(PAGE, f"http://tk_abc@127.0.0.1:{web.port}/bob", HERE))
    assert web.calls[0].headers["authorization"] == "Bearer tk_abc"


@pytest.mark.parametrize(("status", "permanent"), [(403, True), (429, False), (500, False), (302, True)])
def test_ntfy_s_status_decides_whether_to_try_again(status: int, permanent: bool) -> None:
    with web_server() as web:
        web.statuses = [status]
        web.answer = b"{}"
        web.headers = {"Location": "/elsewhere"}
        outcome = asyncio.run(ntfy.send(PAGE, f"{web.url}/bob", HERE))
        assert len(web.calls) == 1, "apprise's own retries and redirects are off"
    assert isinstance(outcome, Failed)
    assert outcome.permanent is permanent


def test_ntfy_that_hangs_is_given_up_in_time() -> None:
    with web_server() as web:
        web.hanging = True
        outcome = asyncio.run(ntfy.send(PAGE, f"{web.url}/bob", HERE))
    assert isinstance(outcome, Failed)
    assert outcome.unsure


def test_ntfy_cannot_be_used_to_reach_inside() -> None:
    with web_server() as web:
        outcome = asyncio.run(ntfy.send(PAGE, f"{web.url}/bob", replace(HERE, outbound_allow=())))
        assert web.calls == []
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert "outbound_allow" in outcome.error


SLACK = "https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/abcdefghijklmnopqrstuvwx"


def test_slack_gets_text_that_mentions_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.slack import NotifySlack

    with web_server() as web:
        monkeypatch.setattr(NotifySlack, "webhook_url", web.url)
        outcome = asyncio.run(slack.send(replace(PAGE, short="<!channel> & <@U1>"), SLACK, HERE))
    assert isinstance(outcome, Delivered)
    assert web.calls[0].path == "/T01ABCDEF/B01ABCDEF/abcdefghijklmnopqrstuvwx"
    body = web.calls[0].body.decode()
    assert "<!channel>" not in body
    assert "<@U1>" not in body
    assert "github" not in body.lower()


def test_slack_that_refuses_is_a_permanent_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.slack import NotifySlack

    with web_server() as web:
        monkeypatch.setattr(NotifySlack, "webhook_url", web.url)
        web.statuses, web.answer = [403], b"invalid_token"
        outcome = asyncio.run(slack.send(PAGE, SLACK, HERE))
    assert isinstance(outcome, Failed)
    assert outcome.permanent


def test_fifty_sends_that_hang_do_not_hold_up_one_another() -> None:
    async def all_of_them(url: str) -> list[Outcome]:
        return await asyncio.gather(*(ntfy.send(PAGE, f"{url}/bob", HERE) for _ in range(50)))

    with web_server() as web:
        web.hanging = True
        outcomes = asyncio.run(all_of_them(web.url))
    assert len(web.calls) == 50
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
