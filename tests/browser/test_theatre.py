"""A phone, a till and the books in a real browser, from the scan to the notification."""

import json
import re
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from lab import demo_accounts
from tests.browser.stage import Stage
from tests.factories.world import let_work_run
from wallet.payments.usecases.issue_codes import issue_fresh_code
from wallet.public import trial_balance, user_by_phone
from wallet.qr.drawing import qr_png


def test_a_scan_pays_and_the_books_and_the_merchant_learn_of_it(stage: Stage) -> None:
    stage.open()
    stage.log_in()

    stage.charge("12.00")

    stage.sees(stage.verdict, "Paid")
    stage.sees(stage.balance, "1,988.00")
    stage.sees(stage.page.locator(".theatre-lower .moved").first, "¥12.00")
    let_work_run()
    stage.sees(stage.page.locator(".theatre-sentence"), "has been told")
    assert trial_balance() == {"CNY": 0}


def test_above_the_limit_the_phone_asks_for_the_pin(stage: Stage) -> None:
    stage.expected = {422}
    stage.open()
    stage.log_in()
    stage.tab("me")
    stage.page.get_by_role("button", name="Top up", exact=True).click()
    stage.page.get_by_text("The bank has been asked").wait_for()
    let_work_run()
    let_work_run()
    stage.tab("pay")
    stage.sees(stage.balance, "4,000.00")

    stage.charge("1200.00")
    stage.sees(stage.verdict, "The customer confirms")
    stage.confirm("000000")
    stage.sees(stage.page.locator(".sheet .notice"), "not the right PIN")
    stage.confirm()

    stage.sees(stage.verdict, "Paid")
    stage.sees(stage.balance, "2,800.00")


def test_a_payer_may_refuse(stage: Stage, settings: Settings) -> None:
    settings.SAOMA_NO_PIN_LIMIT_MINOR = 100
    stage.open()
    stage.log_in()

    stage.charge("3.00")
    stage.page.get_by_role("button", name="Do not pay").click()

    stage.sees(stage.verdict, "Cancelled")
    stage.sees(stage.balance, "2,000.00")


def test_the_phone_scans_the_till_and_pays(stage: Stage) -> None:
    stage.open()
    stage.log_in(1)
    stage.page.locator("#till-amount").fill("3.00")
    stage.page.locator("#till-mode-show").click()
    stage.page.locator("#till-offer").click()
    stage.page.locator(".offer .symbol").wait_for()

    stage.tab("scan")
    stage.page.locator("#phone-scan-beside").click()
    stage.sees(stage.page.locator(".sheet"), demo_accounts.SHOPS[0].name)
    stage.confirm()

    stage.sees(stage.verdict, "Paid")
    stage.sees(stage.balance, "297.00")


def test_a_code_made_without_network_pays(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.tab("me")
    stage.page.locator("#network-cut").check()
    stage.tab("pay")
    stage.sees(stage.page.locator(".code-card"), "Made without network")

    stage.charge("12.00")

    stage.sees(stage.verdict, "Paid")


def test_a_used_code_does_not_pay_twice(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.tab("me")
    stage.page.locator("#network-cut").check()
    stage.tab("pay")
    stage.charge("3.00")
    stage.sees(stage.verdict, "Paid")

    stage.charge("3.00")
    stage.sees(stage.verdict, "Refused")
    stage.page.get_by_role("button", name="New code").click()
    stage.charge("3.00")

    stage.sees(stage.verdict, "Paid")


def test_digits_are_hidden_until_asked_for(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()
    digits = stage.page.locator(".code-card .digits")
    expect(digits).to_have_count(0)

    stage.page.get_by_role("button", name="Show the digits").click()

    expect(digits).to_have_text("".join(digits.all_inner_texts()))
    assert len(digits.inner_text().replace(" ", "")) == 20
    stage.sees(stage.page.locator(".warning"), "Nobody honest")
    stage.tab("bills")
    stage.tab("pay")
    expect(digits).to_have_count(0)


def test_no_script_can_read_the_device_key(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()
    number = user_by_phone(demo_accounts.CITIZENS[0].phone).user_number

    extractable = stage.page.evaluate(
        """async (number) => {
          const { loadDevice } = await import("/static/lab/js/store.js");
          return (await loadDevice(number)).key.extractable;
        }""",
        number,
    )

    assert extractable is False


def test_a_picture_of_a_code_is_read(stage: Stage, tmp_path: Path) -> None:
    user = user_by_phone(demo_accounts.CITIZENS[2].phone)
    picture = tmp_path / "code.png"
    picture.write_bytes(qr_png(issue_fresh_code(user_id=user.id).code))
    stage.open("/till/")

    stage.page.locator("#till-scan-file").set_input_files(picture)

    stage.sees(stage.verdict, "Paid")


def test_a_scanner_reads_the_phones_barcode(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()
    stage.page.get_by_role("button", name="Show the digits").click()
    code = stage.page.locator(".code-card .digits").inner_text().replace(" ", "")
    bars = stage.page.locator(".bars path").nth(1).get_attribute("d") or ""
    picture = Image.new("L", (4 * 200, 160), 255)
    for left, width in re.findall(r"M(\d+) \d+h(\d+)", bars):
        picture.paste(0, (4 * int(left), 0, 4 * (int(left) + int(width)), 160))

    assert [barcode.text for barcode in zxingcpp.read_barcodes(picture)] == [code]


def test_a_wrong_code_is_refused_with_the_gateways_own_words(stage: Stage) -> None:
    stage.open("/till/")
    stage.page.locator("#till-scan-typed").fill("28 1123 4567 8934 5678 90")
    stage.page.get_by_role("button", name="Use").click()

    stage.sees(stage.verdict, "Refused")
    stage.sees(stage.page.locator(".verdict"), "ACQ.PAYMENT_AUTH_CODE_INVALID")


def test_money_is_given_back_in_parts(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.charge("12.00")
    stage.sees(stage.verdict, "Paid")

    stage.page.locator(".sale summary").click()
    stage.page.locator(".sale input").fill("5.00")
    stage.page.get_by_role("button", name="Refund", exact=True).click()

    stage.sees(stage.verdict, "Partly refunded")
    stage.sees(stage.balance, "1,993.00")


def test_a_failing_merchant_is_told_again_when_time_passes(stage: Stage) -> None:
    stage.open("/stage/")
    stage.page.locator("saoma-stage summary").first.click()
    stage.page.locator("#webhook-kind").select_option("ERROR")
    stage.page.get_by_text("From the next notification on").wait_for()
    stage.open()
    stage.log_in()
    stage.charge("12.00")
    stage.sees(stage.verdict, "Paid")
    let_work_run()
    stage.open("/stage/")
    note = stage.page.locator(".note").first
    stage.sees(note, "HTTP 500")

    stage.page.locator("saoma-stage summary").first.click()
    stage.page.locator("#webhook-kind").select_option("WELL")
    stage.page.get_by_role("button", name="+1 hour").click()

    stage.sees(note, "Delivered")
    stage.sees(note, "2.")


def test_a_notification_is_sent_again_by_hand(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.charge("12.00")
    stage.sees(stage.verdict, "Paid")
    let_work_run()
    stage.open("/stage/")
    note = stage.page.locator(".note").first
    stage.sees(note, "Delivered")

    note.get_by_role("button", name="Send again").click()
    stage.page.wait_for_timeout(500)
    let_work_run()

    stage.sees(note, "by hand")


def test_the_health_code_is_a_word_and_a_symbol(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()

    stage.tab("health")

    stage.sees(stage.page.locator(".health .colour"), "Green")
    stage.page.locator(".health .symbol").wait_for()
    assert json.loads(stage.page.evaluate("JSON.stringify(document.cookie)")) == ""


def test_codes_go_by_the_worlds_clock(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.page.get_by_role("button", name="+1 day").click()
    stage.sees(stage.page.locator("#theatre-next"), "Ran on the way")
    stage.square.wait_for()

    stage.charge("12.00")

    stage.sees(stage.verdict, "Paid")


def test_a_printed_code_lets_the_payer_type_the_amount(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    stage.page.locator("#till-mode-sticker").click()
    stage.tab("scan")
    stage.page.locator("#phone-scan-beside").click()

    stage.page.locator("#confirm-amount").fill("7.50")
    stage.confirm()

    stage.sees(stage.balance, "1,992.50")
    stage.sees(stage.page.locator(".theatre-lower .moved").first, "¥7.50")
