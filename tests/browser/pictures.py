"""Pictures of a running demo: `make pictures`.

A payment is made in the theatre, opened in the console, and followed in the operators' panel; what
the pictures show is what the pages showed.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lab import demo_accounts
from tests.browser.conftest import ARGUMENTS, CHROMIUM

FOLDER = Path(__file__).resolve().parents[2] / "docker" / "pictures"
SIZE = {"width": 1280, "height": 720}
SLOW_MS = 60_000


def theatre(page: Page, address: str) -> str:
    """Pay in the theatre; gives the payment's number."""
    page.goto(f"{address}/")
    page.get_by_role("button", name=demo_accounts.CITIZENS[0].phone).click()
    page.locator("saoma-phone .square .symbol").wait_for()
    page.locator("#till-amount").fill("12.00")
    page.locator("#till-scan-beside").click()
    page.locator(".theatre-sentence", has_text="success").wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=FOLDER / "theatre.png")
    return str(page.locator(".theatre-head .tag").get_attribute("href")).strip("/").split("/")[-1]


def story(page: Page, address: str, number: str) -> None:
    """The payment's story, one byte of its request changed."""
    page.goto(f"{address}/story/{number}/")
    page.locator(".lens .button").first.click()
    page.locator(".lens-verdict.bad").first.wait_for()
    page.locator(".part-request").screenshot(path=FOLDER / "signature.png")


def timeline(page: Page, address: str, number: str) -> None:
    """The payment as the operators see it."""
    page.goto(f"{address}/admin/login/?next=/admin/payments/payment/%3Fq={number}")
    page.locator("[name=username]").fill("operator")
    page.locator("[name=password]").fill(demo_accounts.OPERATOR_PASSWORD)
    page.locator("[type=submit]").first.click()
    page.locator("#result_list a").first.click()
    page.locator("a[href*='payment-timeline']").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / "timeline.png")


def main(address: str) -> None:
    """Take all three."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport=SIZE, locale="en-GB")  # type: ignore[arg-type]
        page.set_default_timeout(SLOW_MS)
        number = theatre(page, address)
        story(page, address, number)
        timeline(page, address, number)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
