"""Every link on every screen leads to a page: one of each kind is followed."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx2

from tests.console.company import Company
from tests.console.screens import SCREENS


class Links(HTMLParser):
    """The console's own addresses on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith("/"):
            self.found.append(href.partition("#")[0])


def kind(address: str) -> str:
    """Pages that differ by a number, a name or a value alone are of one kind."""
    parts = urlsplit(address)
    names = re.sub(r"=[^&]*", "", parts.query)
    return re.sub(r"/(\d+|[0-9a-f]{10}|[0-9a-z]{20})\b", "/N", parts.path) + f"?{names}"


def test_every_link_leads_to_a_page(company: Company) -> None:
    cookies = {"qd_session": company.session("you")}
    with httpx2.Client(base_url=company.origin, cookies=cookies, headers={"accept": "text/html"}, timeout=30) as web:
        screens = [screen.at(company) for screen in SCREENS if screen.who == "you" and screen.status == 200]
        seen, broken, found = {kind(one) for one in screens}, [], list[tuple[str, str]]()
        for on in screens:
            for href in Links(web.get(on).text).found:
                if kind(href) not in seen and not href.endswith(".pdf"):
                    seen.add(kind(href))
                    found.append((href, on))
        for href, on in found:
            answer = web.get(href)
            if answer.status_code not in (200, 303):
                broken.append(f"{answer.status_code}: {href} on {on}")
    assert not broken
    assert len(found) > 50, "there were links to follow"
