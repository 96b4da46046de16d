"""Somebody else acts, and the open page shows it; what is being typed stays, and so does the cursor."""

import httpx2
import pytest
from playwright.sync_api import expect

from tests.console.company import Company
from tests.console.conftest import Visits

pytestmark = pytest.mark.browser


def test_an_open_incident_changes_by_itself_and_keeps_what_is_typed(company: Company, visits: Visits) -> None:
    number = company.numbers["active"]
    visitor = visits()
    visitor.open(f"/incidents/{number}")
    page = visitor.page
    expect(page.locator("[data-live-state][data-state=live]")).to_be_visible()
    page.evaluate("window.since = 'the first load'")
    note = page.locator("#note-text")
    note.click()
    page.keyboard.type("The rollback is at 40")
    key = {"Authorization": f"Bearer {company.key('responder')}"}
    with httpx2.Client(base_url=company.origin, headers=key) as somebody:
        noted = somebody.post(f"/api/incidents/{number}/notes", json={"text": "The provider confirms it."})
        stated = somebody.post(f"/api/incidents/{number}/impact", json={"statement": "4 in 10 cards are declined."})
    assert noted.is_success and stated.is_success, (noted.text, stated.text)
    expect(page.get_by_text("The provider confirms it.")).to_be_visible()
    expect(page.locator("#bar").get_by_text("4 in 10 cards are declined.")).to_be_visible()
    page.keyboard.type("%.")  # goes where the cursor is: nowhere, had it been lost
    assert note.input_value() == "The rollback is at 40%."
    assert page.evaluate("document.activeElement.id") == "note-text"
    assert page.evaluate("window.since") == "the first load"


def test_a_refused_form_says_so_and_keeps_the_text(company: Company, visits: Visits) -> None:
    visitor = visits("bob")
    visitor.open(f"/incidents/{company.numbers['active']}")
    page = visitor.page
    page.route("**/notes", lambda route: route.abort())
    page.locator("#note-text").fill("Half a thought")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_role("alert")).to_contain_text("Your text is still here.")
    assert page.locator("#note-text").input_value() == "Half a thought"
    visitor.complaints.clear()  # the request that the test itself broke
