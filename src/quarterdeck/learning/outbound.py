"""Calls to a tracker's interface: JSON there and back, the token beside it, every fault a sentence with a remedy."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2

from quarterdeck.learning.rules.issue import Fault
from quarterdeck.learning.rules.tracker import Tracker
from quarterdeck.notify.outbound import Answer, NotAllowed, Unfit, exchange
from quarterdeck.notify.rules import NotifySettings

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer: a page of issues with long texts. What is larger is refused."""
MOST_REDIRECTS = 2
_MOVED = frozenset({301, 302, 307, 308})


@dataclass(frozen=True)
class Reply:
    """An answer that may be used: its status, headers, and what its JSON says (None: nothing)."""

    status: int
    headers: Mapping[str, str]
    data: Any


@dataclass(frozen=True)
class Caller:
    """Speaks to one tracker. `headers` carry the token, which is shown to its host alone and to nobody else."""

    tracker: Tracker
    settings: NotifySettings
    headers: Mapping[str, str] = field(repr=False)

    async def __call__(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        accept: tuple[int, ...] = (),
        etag: str = "",
    ) -> Reply:
        """`path` begins with `/`, below the base address. Statuses in `accept` are answers, not faults."""
        headers = {**self.headers, "Accept-Encoding": "identity"}
        content = None
        if data is not None:
            content, headers["Content-Type"] = json.dumps(data).encode(), "application/json"
        if etag:
            headers["If-None-Match"] = etag
        url = f"{self.tracker.place.base_url}{path}"
        answer = await self._sent(method, url, content, headers)
        for _ in range(MOST_REDIRECTS):
            if method != "GET" or answer.status not in _MOVED:
                break
            url = self._followed(url, answer.headers.get("location", ""))
            answer = await self._sent(method, url, content, headers)
        if 200 <= answer.status < 300 or answer.status in accept:
            return Reply(answer.status, answer.headers, _read(answer, method))
        raise fault_of(answer, method)

    async def _sent(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        writes, place = method != "GET", urlsplit(url).netloc
        try:
            async with asyncio.timeout(self.settings.attempt_seconds):
                return await exchange(method, url, self.settings, content, headers, largest=LARGEST)
        except TimeoutError:
            raise Fault(f"{place} did not answer within {self.settings.attempt_seconds:g} s.", unsure=writes) from None
        except (NotAllowed, Unfit) as refusal:
            raise Fault(f"{str(refusal)[:1].upper()}{str(refusal)[1:]}.", slow=True) from None
        except (httpx2.ConnectError, OSError, UnicodeError) as error:
            raise Fault(f"{place} cannot be reached: {_words(error)}.") from None
        except httpx2.HTTPError as error:
            raise Fault(f"{place} broke off: {_words(error)}.", unsure=writes) from None
        except (ValueError, httpx2.InvalidURL):
            raise Fault(
                "The base address is no web address. Correct it in the tracker's settings.", slow=True
            ) from None

    def _followed(self, url: str, location: str) -> str:
        """The same host's other address; the token goes nowhere else."""
        here = urlsplit(url)
        there = urlsplit(location if "://" in location else f"{here.scheme}://{here.netloc}{location}")
        if not location.startswith("//") and (there.scheme, there.netloc) == (here.scheme, here.netloc):
            return there.geturl()
        raise Fault(
            f"{here.netloc} sends us on to {there.netloc[:80] or 'nowhere'}, and the token does not follow. If the"
            " tracker has moved, say so in its settings.",
            slow=True,
        )


def fault_of(answer: Answer, method: str) -> Fault:
    """What a status means and what to do about it."""
    status, said = answer.status, _said(answer)
    wait, reset = _when(answer.headers)
    empty = answer.headers.get("x-ratelimit-remaining") == "0" or answer.headers.get("ratelimit-remaining") == "0"
    limited = "rate limit" in said.lower()
    if status == 429 or (status == 403 and (wait is not None or empty or limited)):
        wait = 60 if wait is None and reset is None else wait
        return Fault("The tracker asks for fewer requests; we wait as long as it says.", wait=wait, reset=reset)
    if status == 401:
        return Fault(f"The tracker does not know the token (401). Make a new one and replace it here.{said}", slow=True)
    if status == 403:
        return Fault(f"The token may not do this (403): give it the right to read and write issues.{said}", slow=True)
    if status in (404, 410):
        return Fault(
            f"There is no such place ({status}), or the token may not see it: look at the project and the base"
            f" address.{said}",
            slow=True,
            everywhere=False,
        )
    if 300 <= status < 400:
        return Fault(
            f"The tracker answers with a redirect ({status}) where it should  do something: the project has been"
            " renamed, or the base address is not the right one.",
            slow=True,
        )
    if status in (400, 409, 413, 415, 422):
        return Fault(f"The tracker refuses what was sent ({status}).{said}", slow=True, everywhere=False)
    return Fault(f"The tracker is in trouble ({status}).{said}", wait=wait, unsure=method != "GET")


def _read(answer: Answer, method: str) -> Any:
    if answer.status in (204, 304) or not answer.body.strip():
        return None
    if answer.cut:
        raise Fault(
            f"The answer is larger than {LARGEST // 2**20} MB and was not read.", slow=True, unsure=method != "GET"
        )
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Fault(
            "The answer is no JSON: this is hardly the tracker's interface. Look at the base address.",
            slow=True,
            unsure=method != "GET",
        ) from None


def _said(answer: Answer) -> str:
    """What the tracker itself says is wrong, short."""
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    errors = data.get("errors")
    found = [data.get("message"), data.get("error"), *_listed(data.get("errorMessages")), *_listed(errors)]
    words = " ".join(f"{one}" for one in found if isinstance(one, str | dict | list) and one)
    return f" It says: {' '.join(words.split())[:200]}" if words else ""


def _listed(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [f"{name}: {text}" for name, text in list(value.items())[:5]]
    return value[:5] if isinstance(value, list) else []


def _when(headers: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Seconds to wait, and the epoch second after which to come again."""
    wait, reset = None, None
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit() and len(after) < 8:
        wait = float(after)
    elif after:
        try:
            reset = parsedate_to_datetime(after).timestamp()
        except (ValueError, OverflowError):
            wait = None
    until = headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset") or ""
    if reset is None and wait is None and until.isascii() and until.isdigit() and len(until) < 12:
        reset = float(until)
    return wait, reset


def _words(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]
