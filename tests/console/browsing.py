"""A browser that complains: about errors, breaches of the content policy, and requests that leave the origin."""

import shutil
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
HAND: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
"""A context that is a phone: what is touched has to be larger there."""
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Every rule axe has switched on by itself, and the target size of WCAG 2.2 as well."""


def chromium() -> str | None:
    """Debian's Chromium, or whichever is on the path."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Visitor:
    """A page of a context of its own; `complaints` has to stay empty."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    transferred: dict[str, int] = field(default_factory=dict)
    expects: int = 200
    """The status of the page itself: Chromium logs any other as an error of its own."""

    def listen(self) -> "Visitor":
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._weighed)
        return self

    def open(self, path: str, status: int = 200) -> Response:
        self.expects = status
        answer = self.page.goto(self.origin + path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
        return answer

    def _said(self, message: ConsoleMessage) -> None:
        expected = self.expects >= 400 and f"status of {self.expects}" in message.text
        if message.type == "error" and not expected:
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", "data:", "blob:")):
            self.complaints.append(f"left the origin: {request.url}")

    def _weighed(self, request: Request) -> None:
        if request.url.startswith(self.origin) and not request.url.endswith("/live"):
            self.transferred[request.url] = request.sizes()["responseBodySize"]


def visit(browser: Browser, origin: str, token: str | None = None, **options: Any) -> Visitor:
    """A fresh context, signed in with this session's token."""
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", "color_scheme": "light", **options})
    context.set_default_timeout(15_000)
    if token is not None:
        context.add_cookies([{"name": "qd_session", "value": token, "url": origin}])
    return Visitor(context.new_page(), origin).listen()


def breaches(page: Page, only: str | None = None) -> list[str]:
    """What axe finds, each with the first places it is found at. `only`: a single rule."""
    options = AXE if only is None else {**AXE, "runOnly": {"type": "rule", "values": [only]}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))


def small_targets(page: Page) -> list[str]:
    """What a thumb presses and is below 44 px high; links within a line of text are as high as the line."""
    return list(page.evaluate(SMALL))


def clipped(page: Page) -> list[str]:
    """Placeholders that do not fit into their field."""
    return list(page.evaluate(CLIPPED))


SMALL = """() => [...document.querySelectorAll('button, summary, input, select, textarea, .button, a.brand, .nav a')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && one.type !== 'hidden')
  .filter(one => !one.closest('.unseen, .skip'))
  .filter(one => (one.closest('label') || one).getBoundingClientRect().height < 43.5)
  .map(one => Math.round(one.getBoundingClientRect().height) + ' px: ' + one.outerHTML.slice(0, 160))"""
CLIPPED = """() => [...document.querySelectorAll('[placeholder]')].filter(one => one.checkVisibility()).filter(one => {
  const style = getComputedStyle(one), pen = document.createElement('canvas').getContext('2d');
  pen.font = style.font;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return one.tagName === 'INPUT' && pen.measureText(one.placeholder).width > room;
}).map(one => one.placeholder)"""
