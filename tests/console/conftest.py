"""Chromium and the company it visits. Without Chromium these tests are skipped, and say so."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.console.browsing import Visitor, chromium, visit
from tests.console.company import Company, open_company

Visits = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One per module: while Playwright runs, no other test of this process may run an event loop."""
    path = chromium()
    if path is None:
        pytest.skip("No Chromium here: nobody has looked at the console. On Debian: apt install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def company() -> Iterator[Company]:
    opened = open_company()
    yield opened
    opened.stage.close(keep=False)


@pytest.fixture
def visits(browser: Browser, company: Company) -> Iterator[Visits]:
    """`visits("alice", viewport=PHONE)`; at the end nothing may have been complained about."""
    made: list[Visitor] = []

    def make(login: str | None = "you", **options: Any) -> Visitor:
        made.append(visit(browser, company.origin, company.session(login) if login else None, **options))
        return made[-1]

    yield make
    complaints = [complaint for visitor in made for complaint in visitor.complaints]
    for visitor in made:
        visitor.page.context.close()
    assert not complaints


@pytest.fixture(scope="module")
def kept(browser: Browser) -> Iterator[dict[str, Visitor]]:
    """Visitors who stay: a context of its own costs more than the look at a page."""
    found: dict[str, Visitor] = {}
    yield found
    for visitor in found.values():
        visitor.page.context.close()


@pytest.fixture
def passing(browser: Browser, company: Company, kept: dict[str, Visitor]) -> Iterator[Visits]:
    """As `visits`, by people who were here before: for looks at a page that change nothing."""
    used: list[Visitor] = []

    def pass_by(login: str | None = "you", **options: Any) -> Visitor:
        name = f"{login} {sorted(options)}"
        if name not in kept:
            kept[name] = visit(browser, company.origin, company.session(login) if login else None, **options)
        used.append(kept[name])
        return kept[name]

    yield pass_by
    complaints = [complaint for visitor in used for complaint in visitor.complaints]
    for visitor in used:
        visitor.complaints.clear()
    assert not complaints
