"""Slack: a message by an incoming webhook, through apprise."""

from typing import Any

from quarterdeck.notify.outbound import by_apprise, in_thread
from quarterdeck.notify.rules import Message, NotifySettings, Outcome


async def send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    """`address`: `https://hooks.slack.com/services/T…/B…/…`."""
    return await in_thread(lambda: _send(message, address, settings), settings)


def _send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    return by_apprise(_plugin(address, settings), _plain(message.subject), _plain(message.short), settings)


def _plain(text: str) -> str:
    """Slack reads `<…>` as links and mentions: an alert's text may not mention anybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plugin(address: str, settings: NotifySettings) -> Any:
    from apprise import AppriseAsset
    from apprise.plugins.slack import NotifySlack

    token_a, token_b, token_c = address.rstrip("/").split("/")[-3:]
    return NotifySlack(  # type: ignore[no-untyped-call]  # apprise does not type its plugins
        token_a=token_a,
        token_b=token_b,
        token_c=token_c,
        include_image=False,
        include_footer=False,
        asset=AppriseAsset(app_id="Quarterdeck", http_redirects=False),
        cto=settings.attempt_seconds / 2,
        rto=settings.attempt_seconds,
        retry=0,
    )
