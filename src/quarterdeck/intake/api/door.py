"""The door that signals come in by: bare ASGI, one await for the body, one for the commit."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quarterdeck.intake.api import answers
from quarterdeck.intake.api.answers import Answer
from quarterdeck.intake.api.keys import Keys
from quarterdeck.intake.api.limits import Limits, Quota
from quarterdeck.intake.api.writer import NotRecorded, StoreDown, Writer
from quarterdeck.intake.rules import Parsed
from quarterdeck.intake.sources import alertmanager, generic, pagerduty
from quarterdeck.kernel.ids import new_id
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import monotonic
from quarterdeck.record import Record

MAX_BODY = 512 * 1024
Parse = Callable[[bytes, str], Parsed]
Scope = Any
Receive = Any
Send = Any

_KEY_IN_PATH: dict[str, Parse] = {alertmanager.NAME: alertmanager.parse, generic.NAME: generic.parse}
_KEY_IN_BODY: dict[str, Parse] = {"/v2/enqueue": pagerduty.parse, "/v2/change/enqueue": pagerduty.parse_change}
_FEW = 20


class Door:
    """An ASGI application. 202 is sent only after the commit."""

    def __init__(self, record: Record, limits: Limits) -> None:
        self._clock = record.clock
        self._keys = Keys(record)
        self._quota = Quota(limits.per_minute)
        self._writer = Writer(record, limits.batch, limits.waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        shaped = path in _KEY_IN_BODY
        try:
            if scope["method"] != "POST":
                raise answers.wrong_method() if shaped or _source_and_key(path) else answers.not_found()
            body = await self._take(path, scope, receive)
            status, kind = 202, answers.headers(answers.JSON, len(body))
        except Answer as answer:
            body = answer.body(shaped)
            status, kind = answer.status, answer.headers(shaped, len(body))
        except _Gone:
            return
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": body})

    async def _take(self, path: str, scope: Scope, receive: Receive) -> bytes:
        """The body of the answer once everything is committed. Raises `Answer`."""
        parse = _KEY_IN_BODY.get(path)
        if parse is not None:
            return await self._take_event(parse, await _body(scope, receive))
        found = _source_and_key(path)
        if found is None:
            raise answers.not_found()
        source, secret = found
        who = await self._who(secret, pagerduty=False)
        parsed = self._parse(_KEY_IN_PATH[source], await _body(scope, receive), pagerduty=False)
        await self._keep(parsed, who, pagerduty=False)
        kept = len(parsed.arrivals)
        if parsed.errors:
            raise answers.faulty(parsed.errors, kept, pagerduty=False)
        few = source == generic.NAME and kept <= _FEW
        return answers.accepted(kept, [arrival.dedup_key for arrival in parsed.arrivals] if few else [])

    async def _take_event(self, parse: Parse, body: bytes) -> bytes:
        parsed = self._parse(parse, body, pagerduty=True)
        if parsed.routing_key:
            who = await self._who(parsed.routing_key, pagerduty=True)
        if parsed.errors:
            raise answers.faulty(parsed.errors, 0, pagerduty=True)
        await self._keep(parsed, who, pagerduty=True)
        arrival = parsed.arrivals[0]
        return answers.CHANGE_PROCESSED if arrival.action == "change" else answers.event_processed(arrival.dedup_key)

    async def _who(self, secret: str, pagerduty: bool) -> Principal:
        try:
            who = self._keys.remembered(secret) or await self._keys.principal(secret)
        except (DBAPIError, PoolTimeout):
            raise answers.store_down(pagerduty)
        if who is None:
            raise answers.unauthorised(pagerduty)
        return who

    def _parse(self, parse: Parse, body: bytes, pagerduty: bool) -> Parsed:
        try:
            return parse(body, new_id(self._clock.now()))
        except RecursionError:
            raise answers.malformed("The body is nested too deeply.", pagerduty)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise answers.malformed(str(error)[:300] if body else "The body is empty.", pagerduty)

    async def _keep(self, parsed: Parsed, who: Principal, pagerduty: bool) -> None:
        if not parsed.arrivals:
            return
        seconds = self._quota.wait(who.id, len(parsed.arrivals), monotonic())
        if seconds:
            raise answers.over_quota(seconds, pagerduty)
        if self._writer.full():
            raise answers.busy(pagerduty)
        for arrival in parsed.arrivals:
            arrival.sender = who.id
        try:
            await self._writer.submit(parsed.arrivals)
        except StoreDown:
            raise answers.store_down(pagerduty)
        except NotRecorded:
            raise answers.not_recorded(pagerduty)


class _Gone(Exception):
    """The client hung up before it had sent everything."""


def _source_and_key(path: str) -> tuple[str, str] | None:
    parts = path.split("/")
    if len(parts) == 4 and parts[1] == "intake" and parts[2] in _KEY_IN_PATH:
        return parts[2], parts[3]
    return None


async def _body(scope: Scope, receive: Receive) -> bytes:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > MAX_BODY:
            raise answers.too_large(MAX_BODY)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        chunks, size = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > MAX_BODY:
                raise answers.too_large(MAX_BODY)
        body = b"".join(chunks)
    if message["type"] == "http.disconnect":
        raise _Gone
    if len(body) > MAX_BODY:
        raise answers.too_large(MAX_BODY)
    return body
