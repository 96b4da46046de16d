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
