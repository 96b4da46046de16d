"""The demo, gone through as a newcomer does, in a browser."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from quarterdeck.app.demo.stage import free_port
from tests.console.browsing import breaches, visit

pytestmark = pytest.mark.browser
SLOW = 45_000


@pytest.fixture
def address(browser: Browser) -> Iterator[str]:
    """What `quarterdeck demo` prints. It asks for Chromium first: without one no demo is started."""
    command = [sys.executable, "-u", "-m", "quarterdeck", "demo", "--port", str(free_port(0))]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    found = next(filter(None, (re.search(r"http://\S+/demo/enter/\S+", line) for line in demo.stdout)), None)
    assert found is not None, "the demo ended before it said where it is"
    yield found.group()
    demo.terminate()
    demo.wait(timeout=30)


def test_a_newcomer_goes_through_the_whole_demo(browser: Browser, address: str) -> None:
    origin, _, entry = address.partition("/demo/")
    visitor = visit(browser, origin)
    page = visitor.page
    visitor.open(f"/demo/{entry}")
    expect(page.get_by_role("button", name="Acknowledge for me")).to_be_visible(timeout=SLOW)
    expect(page.locator(".count")).to_contain_text("1,240 of 1,240 alerts accepted")
    expect(page.locator(".tale")).to_contain_text("Your phone rang once.")
    assert not breaches(page)
    page.emulate_media(color_scheme="dark")
    assert not breaches(page)
    page.frame_locator(".hand-held iframe").get_by_role("button", name="ACK: I have it").click()
    plug = page.get_by_role("button", name=re.compile("Pull the plug"))
    expect(plug).to_be_visible(timeout=SLOW)
    expect(page.locator(".tale")).to_contain_text("the escalation stopped in the same transaction")
    plug.click()
    tick = page.get_by_role("button", name=re.compile("Work the plan"))
    expect(tick).to_be_visible(timeout=SLOW)
    expect(page.locator(".tale")).to_contain_text("was killed (-9)")
    expect(page.locator(".tale")).to_contain_text(" 0 are lost")
    tick.click()
    resolve = page.get_by_role("button", name="Resolve the incident")
    expect(resolve).to_be_visible(timeout=SLOW)
    resolve.click()
    prove = page.get_by_role("button", name=re.compile("Prove that nothing was lost"))
    expect(prove).to_be_visible(timeout=SLOW)
    expect(page.locator(".tale")).to_contain_text("A review is due by")
    prove.click()
    expect(page.locator(".tale")).to_contain_text("every chain holds", timeout=SLOW)
    assert not breaches(page)
    page.get_by_role("link", name="Reviews").last.click()
    expect(page.locator("#main")).to_contain_text("Checkout API: 38% of EU payments fail")
    page.context.close()
    assert not visitor.complaints
