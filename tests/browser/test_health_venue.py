"""The venue's page: a code for the door that changes, and how many are inside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.live_server_helper import LiveServer

from healthcode.verification.models import Venue
from healthcode.verification.usecases.register_venue import rotate_venue_code
from tests.browser.gate import Guard
from tests.factories.health import Gate, make_gate, make_person

PHONE: ViewportSize = {"width": 390, "height": 844}
READ = """async () => {
  const { readSymbol } = await import("/static/saoma/js/scanner.js");
  return readSymbol(document.querySelector(".poster svg"));
}"""


@pytest.fixture
def gate() -> Gate:
    """A library with room for two."""
    gate = make_gate("Library")
    Venue.objects.update(capacity=2)
    return gate


@pytest.fixture(params=[None, PHONE], ids=["desk", "phone"])
def desk(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, gate: Gate
) -> Iterator[Guard]:
    """The venue's page, set up with the credential of its terminal."""
    context = browser.new_context(locale="en", viewport=request.param)
    desk = Guard(context.new_page(), live_server.url)
    desk.page.clock.install()
    desk.open("/venue/")
    desk.fill(gate_credential=gate.credential)
    desk.press("Set up")
    desk.page.locator(".poster svg").wait_for()
    yield desk
    context.close()
    assert desk.faults == []


def test_the_poster_says_the_venues_code(desk: Guard, gate: Gate) -> None:
    assert desk.page.evaluate(READ) == desk.page.locator(".poster .mono").text_content()
    assert gate.venue.id.hex.upper() in desk.page.evaluate(READ)
    assert desk.overflow() <= 0
    assert desk.accessibility_faults() == []


def test_a_changed_code_comes_up_by_itself(desk: Guard, gate: Gate) -> None:
    before = desk.page.evaluate(READ)
    rotate_venue_code(venue_id=gate.venue.id)

    desk.page.clock.fast_forward(16_000)

    desk.sees(".poster", "Code version 2")
    assert desk.page.evaluate(READ) != before


def test_the_page_counts_who_is_inside_and_says_when_it_is_full(desk: Guard, gate: Gate) -> None:
    for _ in range(2):
        gate.verify(make_person().code())

    desk.page.clock.fast_forward(16_000)

    desk.sees(".big", "2 / 2")
    desk.sees(".venue", "The venue is full")


def test_without_network_the_page_says_that_its_code_may_be_old(desk: Guard) -> None:
    desk.context.set_offline(True)

    desk.page.clock.fast_forward(16_000)

    desk.sees(".venue", "may be out of date")


def test_the_desk_sees_what_its_gates_saw_today_without_anybody(desk: Guard, gate: Gate) -> None:
    gate.verify(make_person().code())
    gate.verify("nonsense")

    desk.page.clock.fast_forward(16_000)

    desk.sees(".tally", "Admitted1")
    desk.sees(".tally", "Not a good code1")
    desk.sees(".looks", "fixed gate")
    assert "张" not in desk.page.content()
