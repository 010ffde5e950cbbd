"""A real browser before the demo's world, served by this process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from config.admin.roles import ROLES
from tests.browser.desk import Desk
from tests.browser.stage import Stage
from tests.factories.second_factor import set_up_factor
from tests.factories.world import bring_on_stage

CHROMIUM = os.environ.get("SAOMA_CHROMIUM") or shutil.which("chromium") or ""
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: ViewportSize = {"width": 1440, "height": 1000}
# Roles that decide, and so carry an authenticator here.
DECIDERS = tuple(name for name, role in ROLES.items() if role.approves)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, and leave it out where there is no browser."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="needs Chromium: set SAOMA_CHROMIUM"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each gets a context of its own."""
    # The driver's event loop lives in this thread, where tests also use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page."""
    context = browser.new_context(viewport=DESKTOP)
    yield context.new_page()
    context.close()


@pytest.fixture
def stage(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Stage]:
    """The theatre, open, with the whole cast; nothing may have gone wrong by the end."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url)
    stage = Stage(page, live_server.url)
    yield stage
    assert stage.faults == []


@pytest.fixture
def desk_of(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Callable[[str], Desk]]:
    """Opens the browser of a role before a small world; nothing may have gone wrong by the end."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url, whole=False)
    phones = {role: set_up_factor(User.objects.get(username=role)) for role in DECIDERS}
    contexts, desks = [], []

    def open_desk(role: str) -> Desk:
        context = browser.new_context(viewport=DESKTOP)
        contexts.append(context)
        desk = Desk(context.new_page(), live_server.url, role, phones.get(role))
        desks.append(desk)
        return desk

    yield open_desk
    for context in contexts:
        context.close()
    assert [fault for desk in desks for fault in (*desk.faults, *desk.refused)] == []
