"""Documents that go along by mail: made by the room that wrote the message, when it is sent and not before.

So no document waits in the database, and a mail that is sent again carries the same one: what it shows is frozen on
the record.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from quarterdeck.notify.rules import Attachment, Message
from quarterdeck.record import Record

Attach = Callable[[Record, str, str], Attachment]
"""`(record, key, base_url)` → the document of a stream of this kind."""

log = structlog.get_logger("quarterdeck.notify")


async def with_document(
    record: Record, message: Message, stream: str, base_url: str, known: Mapping[str, Attach]
) -> Message:
    """The message with its document. If that cannot be made the message goes without it: its link leads there."""
    kind, _, key = stream.partition("/")
    try:
        made = await asyncio.to_thread(known[kind], record, key, base_url)
    except Exception:
        log.exception("a document could not be made; the message goes without it", document=stream)
        return message
    return replace(message, attachment=made)
