"""Writing to people in a browser, by keys alone: what each audience reads stands beside the form while one types."""

import re

import pytest
from playwright.sync_api import expect

from quarterdeck.comms import views
from tests.console.browsing import breaches
from tests.console.company import Company, until
from tests.console.conftest import Visits
from tests.console.keyed import tab_to

pytestmark = pytest.mark.browser


def told(company: Company, number: int) -> list[views.UpdateRow]:
    with company.stage.record.read() as conn:
        return views.updates(conn, number)


def test_an_update_to_every_audience_is_one_form_and_its_renderings_follow_the_typing(
    company: Company, visits: Visits
) -> None:
    number = company.declare("Card payments fail", impact="extensive", urgency="high", service="checkout")
    visitor = visits("alice")
    until(lambda: _begun(company, number))
    visitor.open(f"/incidents/{number}")
    page = visitor.page
    page.keyboard.press("u")
    page.wait_for_url(re.compile(r"/updates/new$"))
    tab_to(page, page.get_by_label("Who cannot do what?").get_attribute("id") or "")
    page.keyboard.type("EU customers cannot pay by card")
    reads = page.locator("#previews [data-audience]")
    expect(reads).to_have_count(4)
    for audience in ("business", "management", "customers"):
        expect(page.locator(f'[data-audience="{audience}"]')).to_contain_text("EU customers cannot pay by card.")
    assert breaches(page) == []
    assert told(company, number) == [], "reading along sends nothing"
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/incidents/{number}$"))
    (sent,) = told(company, number)
    assert [text.audience for text in sent.texts] == ["it", "business", "management", "customers"]
    page.keyboard.press("c")
    until(lambda: len(told(company, number)) == 2 or None)
    assert told(company, number)[0].unchanged


def test_what_was_typed_stays_when_it_is_refused(company: Company, visits: Visits) -> None:
    number = company.declare("Search is slow", impact="extensive", urgency="high", service="checkout")
    until(lambda: _begun(company, number))
    visitor = visits("alice")
    visitor.open(f"/incidents/{number}/updates/new")
    page = visitor.page
    visitor.expects = 400
    page.get_by_label("Who cannot do what?").fill("x" * 1_200)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#flashes")).to_contain_text("1,200 characters")
    expect(page.get_by_label("Who cannot do what?")).to_have_value("x" * 1_200)
    assert told(company, number) == []


def _begun(company: Company, number: int) -> views.CommunicationRow | None:
    with company.stage.record.read() as conn:
        return views.communication(conn, number)
