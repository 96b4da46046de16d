"""The review in a browser: two who write the same text at once see what differs, and no typed word is lost."""

from playwright.sync_api import Page, expect

from tests.console.company import Company
from tests.console.conftest import Visits


def save(page: Page) -> None:
    page.locator(".save button").click()


def test_two_editors_lose_nothing_and_unsaved_text_outlives_another_form(visits: Visits, company: Company) -> None:
    address = f"/reviews/{company.numbers['reviewing']}"
    carol, alice = visits("carol"), visits("alice")
    carol.open(address)
    alice.open(address)
    carol.page.fill("#text-worse", "Noise everywhere.")
    save(carol.page)
    expect(carol.page.locator(".save")).to_contain_text("Version 1")
    alice.page.fill("#text-worse", "The pager was silent.")
    alice.expects = 409
    save(alice.page)
    expect(alice.page.locator("[data-differs] .gone")).to_have_text("− Noise everywhere.")  # noqa: RUF001  # as shown
    expect(alice.page.locator("#text-worse")).to_have_value("The pager was silent.")
    save(alice.page)
    expect(alice.page.locator("[data-differs]")).to_have_count(0)
    expect(alice.page.locator(".save")).to_contain_text("Version 2")

    carol.open(address)
    carol.page.fill("#text-change", "A thought not saved yet")
    carol.page.locator("#observe-helped summary").click()
    carol.page.fill("#observed-helped", "The rollback was one button.")
    carol.page.locator("#observe-helped").get_by_role("button", name="Add it").click()
    expect(carol.page.locator(".observations")).to_contain_text("The rollback was one button.")
    expect(carol.page.locator("#text-change")).to_have_value("A thought not saved yet")
    expect(carol.page.locator("#review-seen")).to_have_value("2")
