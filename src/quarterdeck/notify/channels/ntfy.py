"""ntfy: a push to a topic, on ntfy.sh or a server of one's own, through apprise."""

from typing import Any
from urllib.parse import urlsplit

from quarterdeck.notify.outbound import by_apprise, in_thread
from quarterdeck.notify.rules import Message, NotifySettings, Outcome

_PRIORITY = {0: 5, 1: 4, 2: 3, 3: 2, 4: 2}


async def send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    """`address`: `https://server/topic`, with an optional token (`tk_…@`) before the server's name."""
    return await in_thread(lambda: _send(message, address, settings), settings)


def _send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    return by_apprise(_plugin(message, address, settings), message.subject, message.short, settings)


def _plugin(message: Message, address: str, settings: NotifySettings) -> Any:
    from apprise import AppriseAsset
    from apprise.plugins.ntfy import NotifyNtfy

    parts = urlsplit(address)
    signed_in = {"token": parts.username, "auth": "token"} if parts.username else {}
    return NotifyNtfy(  # type: ignore[no-untyped-call]  # apprise does not type its plugins
        targets=[parts.path.strip("/")],
        mode="private",
        host=parts.hostname,
        port=parts.port,
        secure=parts.scheme == "https",
        priority=_PRIORITY[message.urgency] if message.purpose in ("page", "elevation") else 3,
        click=message.link or None,
        include_image=False,
        asset=AppriseAsset(app_id="Quarterdeck", http_redirects=False),
        cto=settings.attempt_seconds / 2,
        rto=settings.attempt_seconds,
        retry=0,
        **signed_in,
    )
