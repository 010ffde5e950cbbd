"""Each page at both widths and in both themes: nothing overflows, axe finds nothing serious."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from lab.classroom import register
from tests.browser.stage import Stage
from tests.factories.world import bring_on_stage

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
LAPTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 390, "height": 844}
PAGES = (
    *(
        "/",
        "/phone/",
        "/till/",
        "/stage/",
        "/story/",
        "/magic/",
        "/doors/",
        "/faults/",
        "/worksheets/",
        "/abuses/",
        "/class/",
        "/class/roster/",
    ),
    *("/lessons/", "/lessons/stolen-phone/", "/lessons/stolen-phone/?sheet"),
    *("/console/", "/console/guides/", "/console/explain/", "/console/compatibility/"),
)
TABS = ("scan", "bills", "health", "me", "pay")


@pytest.fixture(
    params=[(DESKTOP, "light"), (LAPTOP, "light"), (PHONE, "light"), (PHONE, "dark")], ids=str
)
def view(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Stage]:
    """The pages at one width, in one theme."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url)
    names = ["李雷 Li Lei", "Zoé Martin"]
    class_ = register.enrol(
        names, host="10.0.0.5", port=8100, scenario="stolen-phone", fault_seed=42
    )
    register.keep(class_, settings.DATA_DIR)
    viewport, theme = request.param
    context = browser.new_context(viewport=viewport, color_scheme=theme)
    view = Stage(context.new_page(), live_server.url)
    yield view
    context.close()
    assert view.faults == []


def test_every_page_fits_and_is_accessible(view: Stage) -> None:
    for path in PAGES:
        view.open(path)
        view.page.wait_for_timeout(500)
        assert view.overflow() <= 0, path
        assert view.emptiness() <= 0, path
        assert view.broken_words() == [], path
        assert view.accessibility_faults() == [], path


def test_every_part_of_the_phone_fits_and_is_accessible(view: Stage) -> None:
    view.open("/phone/")
    view.log_in()

    for tab in TABS:
        view.tab(tab)
        view.page.wait_for_timeout(600)
        assert view.overflow() <= 0, tab
        assert view.accessibility_faults() == [], tab


def test_the_phone_is_usable_by_keyboard(view: Stage) -> None:
    view.open("/phone/")
    view.page.get_by_role("button", name="+8613800000001").focus()
    view.page.keyboard.press("Enter")
    view.square.wait_for()

    view.page.locator("#phone-tab-me").focus()
    view.page.keyboard.press("Enter")

    view.sees(view.page.locator(".phone-body"), "Verification")


def test_a_foreign_script_would_not_run(view: Stage) -> None:
    response = view.page.goto(view.address + "/")

    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy


def test_the_pages_speak_the_readers_language(browser: Browser, view: Stage) -> None:
    context = browser.new_context(locale="fr-FR", viewport=PHONE)
    page = context.new_page()

    page.goto(view.address + "/phone/")

    page.get_by_text("À qui est ce téléphone").wait_for()
    assert page.evaluate("document.documentElement.lang") == "fr"
    context.close()
