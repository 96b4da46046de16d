"""The phone at 3 a.m.: one tap, no script needed, and nothing happens to whoever only looks."""

from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.console.browsing import PHONE
from tests.console.company import Company
from tests.console.conftest import Visits

pytestmark = pytest.mark.browser
OUTAGE = {"type": "service-outage", "impact": "extensive", "urgency": "high", "service": "checkout"}

PRESS = """() => new Promise(said => {
  const button = [...document.querySelectorAll('button')].find(one => one.innerText.includes('ACK: I have it'));
  button.click();
  setTimeout(() => said(button.innerText.trim()), 100);
})"""
"""In one go: Playwright's own look at the page waits until the held answer has come."""


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_one_tap_acknowledges_and_looking_does_nothing(company: Company, visits: Visits, script: bool) -> None:
    number = company.declare(f"Checkout is down {uuid4().hex[:6]}", **OUTAGE)
    path = company.page_of(number)
    visitor = visits(None, viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=script)
    for _ in range(2):  # a mail scanner's visit, and the person's own
        visitor.open(path)
    assert company.found(number).acknowledged_at is None
    ack = visitor.page.get_by_role("button", name="ACK: I have it")
    box = ack.bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] >= 330, "full width, for a thumb"
    assert box["y"] > PHONE["height"] / 3, "in reach of the thumb"
    ack.tap()
    expect(visitor.page.get_by_text("You have it since")).to_be_visible()
    assert company.found(number).acknowledged_at is not None


def test_the_page_is_small(company: Company, visits: Visits) -> None:
    visitor = visits(None, viewport=PHONE)
    visitor.open(company.page_of(company.numbers["triage"]))
    visitor.page.wait_for_function("document.fonts.status === 'loaded'")
    document = visitor.transferred.pop(visitor.page.url)
    assert document <= 30 * 1024, document
    assert document + sum(visitor.transferred.values()) <= 100 * 1024, visitor.transferred
    assert len(visitor.transferred) <= 9, "each request is a round trip on a slow phone"


def test_the_answer_is_never_shown_before_the_server_has_it(company: Company, visits: Visits) -> None:
    number = company.declare(f"Payments are down {uuid4().hex[:6]}", **{**OUTAGE, "service": "payments"})
    visitor = visits(None, viewport=PHONE)
    visitor.open(company.page_of(number))
    held: list[Route] = []
    visitor.page.route("**/p/*", lambda route: held.append(route))
    assert visitor.page.evaluate(PRESS) == "Sending…"
    assert company.found(number).acknowledged_at is None
    held[0].continue_()
    expect(visitor.page.get_by_text("You have it since")).to_be_visible()
