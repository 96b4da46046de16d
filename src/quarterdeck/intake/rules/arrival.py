"""An arrival: one thing a monitor said, read and cleaned, before anybody has judged it."""

import re
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from quarterdeck.intake.events import Link
from quarterdeck.kernel.time import Instant

Action = Literal["raise", "acknowledge", "resolve", "change"]

SEVERITIES = ("critical", "error", "warning", "info")
"""Of a signal, the gravest first: the four of PagerDuty's common event format."""
LONGEST_TITLE = 1024
LONGEST_KEY = 255
LONGEST_LABEL_NAME = 128
LONGEST_LABEL = 1024
LONGEST_LINK = 2048
LONGEST_BODY = 64 * 1024
MOST_LABELS = 64
MOST_LINKS = 16

_WORDS = {
    "critical": "critical page emergency emerg alert fatal disaster severe p1 sev1 s1",
    "error": "error err high major p2 sev2 s2",
    "warning": "warning warn minor medium moderate average p3 sev3 s3",
    "info": "info information informational notice none low ok debug p4 p5 sev4 sev5 s4",
}
_SEVERITY_OF = {word: severity for severity, words in _WORDS.items() for word in words.split()}
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]"
)


class Arrival(msgspec.Struct, kw_only=True):
    """`key` names the signal: the same source and dedup_key make the same signal. The door adds `sender`."""

    action: Action
    source: str
    dedup_key: str
    key: str
    title: str = ""
    severity: str = "error"
    labels: dict[str, str] = {}
    links: tuple[Link, ...] = ()
    body: str = ""
    started_at: Instant | None = None
    sender: str = ""
    drill: str = ""
    """The exercise that lets it happen, such as `EX-3`; no source can set it. Never grouped with real signals."""


class Parsed(msgspec.Struct, kw_only=True):
    """What a source made of a request: what can be kept, and every fault of the rest."""

    arrivals: list[Arrival] = []
    errors: list[str] = []
    routing_key: str | None = None
    """For sources that carry the intake key in the body."""


def key_of(source: str, dedup_key: str) -> str:
    """32 hexadecimal digits; the name of the signal's stream."""
    return blake2b(f"{source}\x00{dedup_key}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def severity_of(word: str | None) -> str:
    """One of `SEVERITIES`; what we have never heard of counts as `error`, so that it is not overlooked."""
    return _SEVERITY_OF.get((word or "").strip().lower(), "error")


def graver(a: str, b: str) -> bool:
    """Whether signal severity `a` is worse than `b`."""
    return SEVERITIES.index(a) < SEVERITIES.index(b)


def clean(text: str, longest: int = LONGEST_TITLE) -> str:
    """Text without control and direction-changing characters (they become U+FFFD), cut to length with an ellipsis."""
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isprintable():
        return text
    return _HOSTILE.sub("\ufffd", text.replace("\r\n", "\n"))


def clean_labels(labels: dict[str, str]) -> dict[str, str]:
    """At most 64 labels with names of at most 128 characters."""
    if len(labels) > MOST_LABELS:
        labels = dict(list(labels.items())[:MOST_LABELS])
    every = [*labels, *labels.values()]
    if "".join(every).isprintable() and max(map(len, every), default=0) <= LONGEST_LABEL_NAME:
        return labels  # as nearly all are; asking once for all of them is many times cheaper
    return {clean(name, LONGEST_LABEL_NAME): clean(value, LONGEST_LABEL) for name, value in labels.items()}


def scalars(details: Any) -> dict[str, str]:
    """The short scalar values at the top of an object: what routes may match on."""
    if not isinstance(details, dict):
        return {}
    found = {}
    for name, value in details.items():
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, int | float) or (isinstance(value, str) and 0 < len(value) <= 256):
            found[name] = str(value)
    return found


def clean_links(links: list[Link]) -> tuple[Link, ...]:
    """Only http and https addresses; at most 16."""
    return tuple(
        Link(clean(link.href, LONGEST_LINK), clean(link.text, 200))
        for link in links[:MOST_LINKS]
        if link.href.startswith(("https://", "http://")) and len(link.href) <= LONGEST_LINK
    )


def clean_body(raw: bytes | msgspec.Raw) -> str:
    """JSON text as the monitor sent it, its first 64 KB; escapes inside it stay escapes, bytes that are no text go."""
    return bytes(raw)[:LONGEST_BODY].decode("utf-8", "ignore")
