"""The health pages at both widths and in both themes: nothing overflows, axe finds nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.live_server_helper import LiveServer

from healthcode.passes.values import PassKind
from tests.browser.gate import Citizen, Guard, altered
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.health import make_gate, make_person

DESKTOP: ViewportSize = {"width": 1440, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
VIEWS = [(DESKTOP, "light"), (PHONE, "light"), (PHONE, "dark")]


@pytest.fixture(params=VIEWS, ids=str)
def pair(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[tuple[Citizen, Guard]]:
    """A citizen's and a guard's browser at one width, in one theme."""
    viewport, theme = request.param
    context = browser.new_context(viewport=viewport, color_scheme=theme, locale="en")
    citizen = Citizen(context.new_page(), live_server.url)
    guard = Guard(context.new_page(), live_server.url)
    yield citizen, guard
    context.close()
    assert citizen.faults + guard.faults == []


def looks_right(screen: Citizen | Guard) -> None:
    screen.page.wait_for_timeout(300)
    assert screen.overflow() <= 0
    assert screen.accessibility_faults() == []


def test_the_citizens_pages_fit_and_are_accessible(pair: tuple[Citizen, Guard]) -> None:
    citizen, _ = pair
    user = make_user()
    citizen.open("/health/")
    looks_right(citizen)
    citizen.fill(in_phone=user.phone, in_password=PASSWORD)
    citizen.press("Sign in")
    citizen.page.locator("#declare-number").wait_for()
    looks_right(citizen)
    citizen.declare("11010519491231002X")
    citizen.page.evaluate(OPEN_ALL)
    citizen.page.wait_for_load_state("networkidle")
    looks_right(citizen)


def test_every_verdict_fits_and_is_accessible(pair: tuple[Citizen, Guard]) -> None:
    _, guard = pair
    person, gate = make_person(), make_gate()
    guard.open("/guard/")
    looks_right(guard)
    guard.set_up(gate.credential)
    looks_right(guard)
    guard.expected |= {400, 401, 422}
    for code, verdict in (
        (person.code(), "Come in"),
        (person.code(PassKind.PAPER), "Paper code"),
        (person.code(PassKind.SPECIMEN), "SPECIMEN"),
        (make_person(symptoms=["fever"]).code(), "No entry here"),
        ("nonsense", "Not a health code"),
        (altered(person.code()), "Not a genuine code"),
    ):
        guard.page.locator("#gate-code").evaluate("(field, code) => { field.value = code; }", code)
        guard.page.locator("#gate-code").evaluate("(field) => field.form.requestSubmit()")
        guard.finds(verdict)
        looks_right(guard)


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [("en", "Sign in", "en"), ("fr", "Se connecter", "fr"), ("zh-hans", "登录", "zh-hans")],
)
def test_the_chosen_language_stays_also_without_network(
    browser: Browser, live_server: LiveServer, language: str, title: str, word: str
) -> None:
    context = browser.new_context(locale="de")
    citizen = Citizen(context.new_page(), live_server.url)
    citizen.open("/health/")
    citizen.page.locator(f".languages a[hreflang='{language}']").click()
    citizen.sees("h1", title)
    context.set_offline(True)

    citizen.page.goto(live_server.url + "/health/")

    citizen.sees("h1", title)
    assert citizen.page.evaluate("document.documentElement.lang") == word
    context.close()
    assert citizen.faults == []


def test_the_code_can_be_used_by_keyboard_and_read_aloud(
    browser: Browser, live_server: LiveServer
) -> None:
    citizen = Citizen(browser.new_context(locale="en").new_page(), live_server.url)
    citizen.open("/health/")
    citizen.page.locator("#in-phone").focus()
    citizen.page.keyboard.type(make_user(phone="+8613700000001").phone)
    citizen.page.keyboard.press("Tab")
    citizen.page.keyboard.type(PASSWORD)
    citizen.page.keyboard.press("Enter")
    citizen.page.locator("#declare-number").focus()
    citizen.page.keyboard.type("11010519491231002X")
    citizen.page.keyboard.press("Enter")

    code = citizen.page.get_by_role("region", name="Green")

    code.get_by_role("img", name="Your health code, Green, as a QR code").wait_for()
    citizen.page.context.close()


def test_movement_stops_for_those_who_ask(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce")
    citizen = Citizen(context.new_page(), live_server.url)
    citizen.sign_in(make_user().phone, PASSWORD)
    citizen.declare("11010519491231002X")

    moving = citizen.page.evaluate("document.getAnimations().length")

    assert moving == 0
    context.close()
