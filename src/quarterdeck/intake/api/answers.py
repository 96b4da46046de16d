"""What the door answers: PagerDuty's shapes on `/v2`, problem documents (RFC 9457) elsewhere."""

from typing import Any

import msgspec

from quarterdeck.kernel.errors import QuarterdeckError

_encode = msgspec.json.Encoder().encode
JSON = b"application/json"
PROBLEM = b"application/problem+json"


class Answer(QuarterdeckError):
    """An answer other than success, raised from wherever it becomes clear."""

    def __init__(self, status: int, title: str, detail: str, errors: list[str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors or []
        self.retry_after: int | None = more.pop("retry_after", None)
        self.allow: str | None = more.pop("allow", None)
        self.more = more

    def body(self, pagerduty: bool) -> bytes:
        if pagerduty:
            shape: dict[str, Any] = {"status": self.title, "message": self.detail, "errors": self.errors}
        else:
            shape = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
            if self.errors:
                shape["errors"] = self.errors
        return _encode(shape | self.more)

    def headers(self, pagerduty: bool, length: int) -> list[tuple[bytes, bytes]]:
        found = [*headers(JSON if pagerduty else PROBLEM, length)]
        if self.retry_after is not None:
            found.append((b"retry-after", str(self.retry_after).encode()))
        if self.allow:
            found.append((b"allow", self.allow.encode()))
        return found


def headers(kind: bytes, length: int) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", kind),
        (b"content-length", str(length).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]


def event_processed(dedup_key: str) -> bytes:
    return b'{"status":"success","message":"Event processed","dedup_key":' + _encode(dedup_key) + b"}"


CHANGE_PROCESSED = b'{"status":"success","message":"Change event processed"}'


def accepted(signals: int, dedup_keys: list[str]) -> bytes:
    """`dedup_keys` only where they help: for the few signals of a hand-made request."""
    return _encode({"accepted": signals, "dedup_keys": dedup_keys} if dedup_keys else {"accepted": signals})


def unauthorised(pagerduty: bool) -> Answer:
    if pagerduty:
        return Answer(401, "unauthorized", "The routing key is not valid.", ["'routing_key' is not valid"])
    return Answer(401, "WrongKey", "The key in the address is not valid.")


def not_found() -> Answer:
    return Answer(404, "NotFound", "There is nothing at this address.")


def wrong_method() -> Answer:
    return Answer(405, "MethodNotAllowed", "Signals are sent with POST.", allow="POST")


def too_large(limit: int) -> Answer:
    return Answer(
        413, "TooLarge", f"The body is larger than {limit // 1024} KB; nothing of it was kept. Send less at once."
    )


def malformed(why: str, pagerduty: bool) -> Answer:
    if pagerduty:
        return Answer(400, "invalid event", "Event object is invalid", [why])
    return Answer(400, "Invalid", "The body could not be read; nothing of it was kept.", [why], kept=0)


def faulty(errors: list[str], kept: int, pagerduty: bool) -> Answer:
    if pagerduty:
        return Answer(400, "invalid event", "Event object is invalid", errors)
    some = f"{kept} signals were kept" if kept else "nothing was kept"
    return Answer(400, "Invalid", f"Some of it makes no sense; {some}.", errors[:100], kept=kept)


def over_quota(seconds: int, pagerduty: bool) -> Answer:
    if pagerduty:
        title, detail = "throttle exceeded", "Requests for this key are arriving too quickly. Please retry later."
    else:
        title, detail = "QuotaExceeded", "This key has sent more than its quota; nothing of this request was kept."
    return Answer(429, title, detail, retry_after=seconds)


def busy(pagerduty: bool) -> Answer:
    return _unavailable(
        "More signals wait than can be written. Nothing of this request was kept; send it again.", pagerduty, 1
    )


def store_down(pagerduty: bool) -> Answer:
    return _unavailable("The store does not answer. Nothing of this request was kept; send it again.", pagerduty, 5)


def _unavailable(detail: str, pagerduty: bool, seconds: int) -> Answer:
    return Answer(503, "unavailable" if pagerduty else "StoreUnavailable", detail, retry_after=seconds)


def not_recorded(pagerduty: bool) -> Answer:
    detail = "This could not be recorded; nothing of it was kept. The server's log has the details."
    return Answer(500, "fault" if pagerduty else "Fault", detail)
