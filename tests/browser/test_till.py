"""The till when answers are lost, money goes back, and the page is loaded again."""

from playwright.sync_api import Browser, Route, expect
from pytest_django.fixtures import Settings

from lab import demo_accounts
from tests.browser.stage import Stage
from tests.factories.world import let_work_run
from wallet.public import trial_balance

LOST = "net::ERR_FAILED"
TYPED = (
    ("en", "12.50", "12.50"),
    ("en", " ¥1,200.50 ", "1200.50"),
    ("en", "1,200", "1200"),
    ("en", "12,50", "12.50"),
    ("fr", "12,50", "12.50"),
    ("fr", "1\u202f200,50 ¥", "1200.50"),
    ("fr", "1.200,50", "1200.50"),
    ("fr", "1,200", "1.200"),
    ("zh-hans", "￥１２．５", "12.5"),
    ("zh-hans", "88元", "88"),
    ("en", "1,234,567.80", "1234567.80"),
    ("en", "007.5", "7.5"),
    ("zh-hans", "12。50", "12.50"),
    ("fr", "1 234 567,80", "1234567.80"),
    ("en", "1’200.50 CNY", "1200.50"),
    ("fr", "12 50", "12 50"),
    ("en", "12'50", "12'50"),
    ("en", "1 2", "1 2"),
    ("zh-hans", "12元5", "12元5"),
    ("en", "abc", "abc"),
    ("en", "-1", "-1"),
    ("en", "1.2.3", "1.2.3"),
    ("en", "1e3", "1e3"),
    ("en", "", ""),
)


def lose_once(stage: Stage, act: str) -> None:
    """Let the next request of one kind arrive, and its answer be lost on the way back."""
    left = [1]

    def handle(route: Route) -> None:
        if left and left.pop():
            route.fetch()
            route.abort()
        else:
            route.fallback()

    stage.page.route(f"**/lab/till/{act}", handle)
    stage.forgiven.append(LOST)


def pay(stage: Stage, amount: str) -> None:
    stage.open()
    stage.log_in()
    stage.charge(amount)
    stage.sees(stage.verdict, "Paid")


def test_a_lost_answer_is_asked_for_until_the_till_knows(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    lose_once(stage, "pay")

    stage.charge("12.00")

    stage.sees(stage.verdict, "Paid")
    expect(stage.page.locator(".sale .chip")).to_have_text(["Paid"])
    stage.sees(stage.balance, "1,988.00")


def test_a_lost_order_comes_back_with_its_code(stage: Stage) -> None:
    stage.open("/till/")
    stage.page.locator("#till-mode-show").click()
    lose_once(stage, "order")

    stage.page.locator("#till-offer").click()

    stage.page.locator(".offer .symbol").wait_for()
    stage.sees(stage.verdict, "Waiting to be scanned")


def test_a_lost_cancellation_is_repeated_until_it_is_known(
    stage: Stage, settings: Settings
) -> None:
    settings.SAOMA_NO_PIN_LIMIT_MINOR = 100
    stage.open("/till/")
    stage.page.locator("#till-mode-show").click()
    stage.page.locator("#till-offer").click()
    stage.page.locator(".offer .symbol").wait_for()
    lose_once(stage, "cancel")

    stage.page.locator("#till-cancel").click()

    stage.sees(stage.verdict, "Cancelled")


def test_a_lost_refund_is_asked_for_again_and_given_once(stage: Stage) -> None:
    pay(stage, "12.00")
    lose_once(stage, "refund")

    stage.refund("5.00")

    stage.sees(stage.verdict, "Partly refunded")
    stage.sees(stage.balance, "1,993.00")
    assert trial_balance() == {"CNY": 0}


def test_what_nobody_ever_answers_is_cancelled_in_the_end(stage: Stage) -> None:
    stage.page.add_init_script(
        "const real = Date.now; let late = 0; Date.now = () => real() + late;"
        "window.wait = (ms) => { late += ms; };"
    )
    stage.open("/till/")
    stage.forgiven.append(LOST)
    stage.page.route("**/lab/till/pay", lambda route: route.abort())
    stage.page.locator("#till-scan-typed").fill("28112345678934567890")
    stage.page.get_by_role("button", name="Use").click()
    stage.sees(stage.verdict, "Not known yet")

    stage.page.evaluate("wait(60000)")

    stage.sees(stage.verdict, "Cancelled")


def test_a_refused_refund_leaves_the_sale_and_what_was_typed(stage: Stage) -> None:
    pay(stage, "12.00")

    stage.refund("12.005")

    row = stage.page.locator(".sale")
    stage.sees(stage.verdict, "Refund of 12.005 refused")
    expect(row.locator(".chip")).to_have_text("Paid")
    expect(row.locator("input")).to_have_value("12.005")
    stage.page.locator(".sale input").fill("12.00")
    stage.page.get_by_role("button", name="Refund", exact=True).click()
    stage.sees(row.locator(".chip"), "Refunded")
    stage.sees(stage.balance, "2,000.00")


def test_sales_survive_a_reload_and_are_followed_on(stage: Stage) -> None:
    pay(stage, "3.00")
    stage.page.locator("#till-amount").fill("7.50")
    stage.page.locator("#till-mode-show").click()
    stage.page.locator("#till-offer").click()
    stage.page.locator(".offer .symbol").wait_for()

    stage.page.reload()

    stage.page.locator(".offer .symbol").wait_for()
    expect(stage.page.locator(".sale .chip")).to_have_text(["Waiting to be scanned", "Paid"])
    stage.square.wait_for()
    stage.tab("scan")
    stage.page.locator("#phone-scan-beside").click()
    stage.confirm()
    stage.sees(stage.verdict, "Paid")


def test_a_second_scan_at_once_meets_a_fresh_code(stage: Stage) -> None:
    stage.open()
    stage.log_in()
    for amount in ("3.00", "4.00", "5.00"):
        stage.charge(amount)
        expect(stage.page.locator(".verdict .figure")).to_contain_text(amount)
        stage.sees(stage.verdict, "Paid")

    stage.sees(stage.balance, "1,988.00")


def test_the_banks_no_is_told(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()
    stage.tab("me")
    stage.page.locator("#topup-amount").fill("10.91")
    stage.page.get_by_role("button", name="Top up", exact=True).click()
    stage.page.get_by_text("The bank has been asked").wait_for()

    let_work_run()
    let_work_run()

    stage.page.get_by_text("The bank said no to the top-up of ¥10.91").wait_for()


def test_money_is_read_as_people_type_it(stage: Stage) -> None:
    stage.open("/till/")
    read = """async (rows) => {
      const { readAmount } = await import("/static/saoma/js/amounts.js");
      return rows.map(([language, typed]) => readAmount(typed, language));
    }"""

    plain = stage.page.evaluate(read, [[language, typed] for language, typed, _ in TYPED])

    assert plain == [expected for *_, expected in TYPED]


def test_a_french_amount_is_charged_and_a_refused_one_shown_as_typed(
    browser: Browser, stage: Stage
) -> None:
    context = browser.new_context(locale="fr-FR")
    french = Stage(context.new_page(), stage.address)
    french.open()
    french.log_in()

    french.charge("12,50")
    french.sees(french.verdict, "Payé")
    french.sees(french.balance, "1 987,50 ¥")
    french.charge("12,505")
    french.sees(french.verdict, "Refusé")
    french.sees(french.page.locator(".verdict .figure"), "12,505")

    assert french.faults == []
    context.close()


def test_the_page_tells_time_in_the_installations_zone(stage: Stage, settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Paris"
    stage.open("/stage/")

    told = stage.page.evaluate(
        """async () => {
          const { moment } = await import("/static/saoma/js/i18n.js");
          return moment("2026-01-01T12:00:00Z", { second: undefined, hourCycle: "h23" });
        }"""
    )

    assert told == "13:00"
    stage.sees(stage.page.locator("saoma-stage .clock"), "Paris (GMT+")


def test_a_page_of_the_lab_speaks_the_chosen_language_and_keeps_to_it(stage: Stage) -> None:
    for language in ("fr", "zh-hans", "en"):
        stage.open("/till/")
        stage.page.locator(f".languages a[hreflang='{language}']").click()
        stage.page.locator(f"html[lang='{language}']").wait_for()

        stage.open("/phone/")

        assert stage.page.evaluate("document.documentElement.lang") == language
        stage.page.get_by_text(demo_accounts.CITIZENS[0].phone).wait_for()
