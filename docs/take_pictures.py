"""Takes the pictures in docs/pictures from the running demo: `python docs/take_pictures.py` (needs Chromium)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PORT = 8397
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Walk through the demo's first steps as a newcomer does, and keep what they see."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Chromium is missing. On Debian: apt install chromium")
    PICTURES.mkdir(exist_ok=True)
    command = [sys.executable, "-u", "-m", "quarterdeck", "demo", "--port", str(PORT)]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = _address(demo)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            _walk(browser, address)
            browser.close()
    finally:
        demo.terminate()
        demo.wait(timeout=30)


def _address(demo: "subprocess.Popen[str]") -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        found = re.search(r"http://\S+/demo/enter/\S+", line)
        if found:
            return found.group()
    sys.exit("The demo ended before it said where it is.")


def _walk(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=DESK, device_scale_factor=2, color_scheme="light", locale="en-GB")
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("button", name="Acknowledge for me")).to_be_visible(timeout=60_000)
    _keep(page, "demo.png")
    origin = address.split("/demo/")[0]
    page.goto(f"{origin}/")
    _keep(page, "now.png")
    page.goto(f"{origin}/incidents/141")
    _keep(page, "incident.png")
    page.emulate_media(color_scheme="dark")
    _keep(page, "incident-dark.png")
    page.emulate_media(color_scheme="light")
    page.goto(f"{origin}/executive")
    _keep(page, "executive.png")
    page.goto(f"{origin}/on-call")
    _keep(page, "on-call.png")
    page.goto(f"{origin}/reviews/126")
    _keep(page, "review.png")
    page.goto(f"{origin}/plan")
    _keep(page, "plan.png")
    page.goto(f"{origin}/plan/library")
    _keep(page, "library.png")
    context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(700)  # the live connection opens, the font arrives
    page.screenshot(path=PICTURES / name)
    print(f"took {name}")


if __name__ == "__main__":
    main()
