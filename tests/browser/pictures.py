"""Pictures of a running demo: `make pictures`.

A payment is made in the theatre, its request explained in the console, and it is followed in the
operators' panel; what the pictures show is what the pages showed.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from lab import demo_accounts

FOLDER = Path(__file__).resolve().parents[2] / "docker" / "pictures"
SIZE = {"width": 1280, "height": 720}
SLOW_MS = 60_000
MOST_BYTES = 150_000
CHROMIUM = os.environ.get("SAOMA_CHROMIUM") or shutil.which("chromium")


def theatre(page: Page, address: str) -> str:
    """Begin anew and pay in the theatre; gives the payment's number."""
    page.goto(f"{address}/")
    with page.expect_navigation():
        page.locator("#bar-reset").click()
    page.get_by_role("button", name=demo_accounts.CITIZENS[0].phone).click()
    page.locator("saoma-phone .square .symbol").wait_for()
    page.locator("#till-amount").fill("12.00")
    page.locator("#till-scan-beside").click()
    page.locator(".theatre-sentence", has_text="success").wait_for()
    page.locator("saoma-till", has_text="Paid").wait_for()
    page.locator("saoma-phone", has_text="1,988.00").wait_for()
    page.screenshot(path=FOLDER / "theatre.png")
    return str(page.locator(".theatre-head .tag").get_attribute("href")).strip("/").split("/")[-1]


def explanation(page: Page, address: str, number: str) -> None:
    """The console says why the payment's request is refused when its signature is not escaped."""
    body = page.request.get(f"{address}/lab/stories/{number}").json()["calls"][0]["body"]
    fields, _, signature = body.partition("&sign=")
    spoiled = signature.replace("%2B", "+")
    page.goto(f"{address}/console/explain/")
    page.get_by_label("The request").fill(f"curl {address}/gateway.do -d '{fields}&sign={spoiled}'")
    page.get_by_role("button", name="Explain").click()
    page.locator(".findings").scroll_into_view_if_needed()
    page.screenshot(path=FOLDER / "explanation.png")


def timeline(page: Page, address: str, number: str) -> None:
    """The payment as the operators see it."""
    page.goto(f"{address}/admin/login/?next=/admin/payments/payment/%3Fq={number}")
    page.locator("[name=username]").fill("operator")
    page.locator("[name=password]").fill(demo_accounts.OPERATOR_PASSWORD)
    page.locator("[type=submit]").first.click()
    page.locator("#result_list tbody a").first.click()
    page.locator("a[href*='payment-timeline']").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / "timeline.png")


def main(address: str) -> None:
    """Take all three."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="en-GB", device_scale_factor=0.75)  # type: ignore[arg-type]
        page.set_default_timeout(SLOW_MS)
        page.on("dialog", lambda dialog: dialog.accept())
        number = theatre(page, address)
        explanation(page, address, number)
        timeline(page, address, number)
        browser.close()
    for picture in FOLDER.glob("*.png"):
        size = picture.stat().st_size
        print(f"{picture.relative_to(FOLDER.parents[1])}: {size // 1000} kB")
        if size > MOST_BYTES:
            sys.exit(f"{picture.name} is heavier than {MOST_BYTES // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
