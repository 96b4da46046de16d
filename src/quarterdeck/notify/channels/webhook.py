"""A signed POST (Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`) to an address of the person's own."""

import base64
import hmac
from hashlib import sha256

import msgspec

from quarterdeck.kernel.time import SystemClock
from quarterdeck.notify.outbound import post
from quarterdeck.notify.rules import Message, NotifySettings, Outcome


async def send(message: Message, address: str, settings: NotifySettings) -> Outcome:
    """`webhook-id` is the idempotency key: the same on each resend. Receivers drop what they have seen."""
    body = msgspec.json.encode(
        {
            "id": message.key,
            "delivery": message.delivery,
            "about": message.about,
            "purpose": message.purpose,
            "urgency": message.urgency,
            "subject": message.subject,
            "text": message.text,
            "short": message.short,
            "link": message.link,
        }
    )
    timestamp = str(int(SystemClock().now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
        "webhook-id": message.key,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(message.secret, message.key, timestamp, body),
    }
    return await post(address, content=body, headers=headers, settings=settings)


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC; `secret` is `whsec_` and the key in base64, as the standard has it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, f"{id}.{timestamp}.".encode() + body, sha256).digest()).decode()
