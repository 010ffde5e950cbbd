"""Signed lists as a scanner takes them: whole, by a known signer, never an older one."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from healthcode.codec import sh1
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key, rotate_signing_key
from tests.browser.gate import Guard
from tests.factories import regions
from tests.factories.health import make_gate, make_person

OPEN = """async ({ jws, keys }) => {
  const { openJws } = await import("/static/health/js/lists.js");
  try {
    return JSON.stringify(await openJws(jws, keys));
  } catch (problem) {
    return JSON.stringify(problem.code ?? String(problem));
  }
}"""


@pytest.fixture
def guard(page: Page, live_server: LiveServer, db: None) -> Guard:
    """A scanner that is not set up yet."""
    ensure_signing_key()
    guard = Guard(page, live_server.url)
    guard.open("/guard/")
    return guard


def trust_list(guard: Guard) -> Any:
    return guard.page.request.get(f"{guard.address}/api/v1/health/trust-list").json()


def test_a_list_says_what_was_signed(guard: Guard) -> None:
    found = trust_list(guard)

    assert guard.ask(OPEN, {"jws": found["jws"], "keys": found["keys"]})["keys"] == found["keys"]


def test_an_altered_list_is_not_taken(guard: Guard) -> None:
    found = trust_list(guard)
    head, body, signature = found["jws"].split(".")
    other = "A" if body[40] != "A" else "B"
    altered = ".".join([head, body[:40] + other + body[41:], signature])

    answer = guard.ask(OPEN, {"jws": altered, "keys": found["keys"]})

    assert answer == "list_signature_invalid"


def test_a_list_by_a_stranger_is_not_taken(guard: Guard) -> None:
    found = trust_list(guard)
    keys = [{**key, "kid": "somebody"} for key in found["keys"]]

    assert guard.ask(OPEN, {"jws": found["jws"], "keys": keys}) == "list_signer_unknown"


def test_a_new_signing_key_is_followed(guard: Guard) -> None:
    guard.set_up(make_gate().credential)
    rotate_signing_key(actor="system:test")
    guard.update()
    code = make_person().code()
    guard.context.set_offline(True)

    guard.check(code)

    guard.finds("Come in")


@pytest.mark.parametrize(
    ("changes", "colours", "verdict"),
    [
        ({}, regions.SAME, "Come in"),
        ({}, {"GREEN": "YELLOW"}, "No entry here"),
        ({"colour": sh1.Colour.RED}, {"GREEN": "GREEN"}, "No entry here"),
        ({"issuer": "CN-330100"}, regions.SAME, "Not a genuine code"),
        ({"kind": sh1.Kind.SPECIMEN}, regions.SAME, "SPECIMEN"),
    ],
)
def test_a_pass_of_an_agreed_region_counts_without_network_as_agreed(
    guard: Guard, changes: dict[str, Any], colours: dict[str, str], verdict: str
) -> None:
    regions.agreed(colours=colours)
    guard.set_up(make_gate().credential)
    guard.context.set_offline(True)

    guard.check(regions.shown(**changes))

    guard.finds(verdict)


def test_an_altered_list_leaves_the_known_ones_in_force(guard: Guard) -> None:
    guard.set_up(make_gate().credential)
    guard.page.route("**/deny-list", alter)

    guard.page.evaluate("document.querySelector('#gate-update').click()")

    guard.sees(".hint", "altered on their way")
    guard.sees(".state", "Works without network")


def alter(route: Route) -> None:
    """Answer as the server does, with one signed character changed."""
    answer = route.fetch()
    content = answer.json()
    head, body, signature = content["jws"].split(".")
    other = "A" if body[40] != "A" else "B"
    content["jws"] = ".".join([head, body[:40] + other + body[41:], signature])
    route.fulfill(status=200, content_type="application/json", body=json.dumps(content))
