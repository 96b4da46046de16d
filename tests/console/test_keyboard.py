"""The main flow by keys alone, with the focus always in sight, and single keys that can be switched off."""

import re

import pytest
from playwright.sync_api import expect

from tests.console.company import Company, until
from tests.console.conftest import Visits
from tests.console.keyed import SEEN, tab_to

pytestmark = pytest.mark.browser


def test_the_main_flow_needs_no_mouse(company: Company, visits: Visits) -> None:
    number = company.declare(
        "Storefront is blank", type="service-outage", impact="extensive", urgency="high", service="storefront"
    )
    visitor = visits(None)
    page, keys = visitor.page, visitor.page.keyboard
    visitor.open("/sign-in")
    expect(page.get_by_label("Login")).to_be_focused()
    keys.type("you")
    keys.press("Tab")
    keys.type(company.stage.password)
    keys.press("Enter")
    page.wait_for_url(company.origin + "/")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    assert not page.evaluate(SEEN)
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.press("Control+k")
    keys.type("Storefront is blank")
    expect(page.locator("#palette-found [role=option]").first).to_contain_text("Storefront is blank")
    keys.press("Enter")
    page.wait_for_url(f"{company.origin}/incidents/{number}")
    keys.press("a")
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    until(lambda: company.found(number).acknowledged_at)
    before = sum(task.state == "done" for task in company.found(number).tasks.values())
    tab_to(page, "Done")
    keys.press("Enter")
    expect(page.locator("#settled")).to_be_visible()
    assert sum(task.state == "done" for task in company.found(number).tasks.values()) == before + 1
    page.locator("body").evaluate("() => document.activeElement.blur()")
    page.reload()
    tab_to(page, "Resolve")
    keys.press("Enter")
    if page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        keys.press("Tab")
    assert page.evaluate("document.activeElement.id") == "resolve-reason"
    keys.type("Rolled back release 812.")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#bar summary", has_text="Resolve")).to_have_count(0)
    expect(page.locator("#bar summary", has_text="Reopen")).to_be_visible()
    expect(page.locator("#bar .state")).to_have_text(re.compile("^(resolved|reviewing)$"))
    assert company.found(number).resolved_at is not None


def test_single_keys_can_be_switched_off_and_stay_off(company: Company, visits: Visits) -> None:
    visitor = visits()
    page = visitor.page
    visitor.open("/help")
    page.get_by_role("checkbox", name="Single keys are on").first.uncheck()
    visitor.open("/")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
