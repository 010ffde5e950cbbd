"""Signed lists as a scanner takes them: whole, by a known signer, never an older one."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from config.kernel import clock
from healthcode.codec import cose, keys, sh1
from healthcode.codec.jws import encoded
from healthcode.passes.lists import DENY_LIFE
from healthcode.passes.usecases.revoke_passes import deny_passes_of
from healthcode.passes.usecases.rotate_root_key import rotate_root
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key, rotate_signing_key
from tests.browser.gate import Guard, altered
from tests.factories import regions
from tests.factories.health import later, make_gate, make_person

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

    assert guard.ask(OPEN, {"jws": found["jws"], "keys": found["roots"]})["keys"] == found["keys"]
    # A pass key signs passes; no list counts by it.
    assert guard.ask(OPEN, {"jws": found["jws"], "keys": found["keys"]}) == "list_signer_unknown"


def test_an_altered_list_is_not_taken(guard: Guard) -> None:
    found = trust_list(guard)
    head, body, signature = found["jws"].split(".")
    other = "A" if body[40] != "A" else "B"
    altered = ".".join([head, body[:40] + other + body[41:], signature])

    answer = guard.ask(OPEN, {"jws": altered, "keys": found["roots"]})

    assert answer == "list_signature_invalid"


def test_a_list_by_a_stranger_is_not_taken(guard: Guard) -> None:
    found = trust_list(guard)
    keys = [{**key, "kid": "somebody"} for key in found["roots"]]

    assert guard.ask(OPEN, {"jws": found["jws"], "keys": keys}) == "list_signer_unknown"


STRANGER = ec.generate_private_key(ec.SECP256R1())


def by_stranger(content: dict[str, Any], *, kid: str) -> dict[str, Any]:
    """The same list with a stranger's pass key in it, signed by the stranger under our kid."""
    jwk = keys.to_jwk(STRANGER.public_key())
    listed = {**jwk, "sh1_kid": keys.short_kid(jwk).hex()}
    facts = {name: value for name, value in content.items() if name != "jws"}
    facts |= {"keys": [*content["keys"], listed], "version": content["version"] + 10}
    header = {"alg": "ES256", "kid": kid, "typ": "JWT"}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, facts))
    signature = encoded(cose.es256_signer(STRANGER)(text.encode()))
    return {**facts, "jws": f"{text}.{signature}"}


@pytest.mark.parametrize("whose", ["root", "pass key"])
@pytest.mark.parametrize("also_as_root", [False, True])
def test_a_list_of_a_strangers_under_our_name_is_refused_and_the_old_one_kept(
    guard: Guard, whose: str, also_as_root: bool
) -> None:
    guard.set_up(make_gate().credential)
    known = trust_list(guard)
    kid = known["roots"][-1]["kid"] if whose == "root" else known["keys"][0]["kid"]
    answer = by_stranger(known, kid=kid)
    if also_as_root:
        jwk = {**keys.to_jwk(STRANGER.public_key()), "kid": kid}
        answer["roots"] = [{**jwk, "endorsement": ""}, *answer["roots"], {**jwk, "endorsement": ""}]
    body = json.dumps(answer)
    guard.page.route(
        "**/trust-list",
        lambda route: route.fulfill(status=200, content_type="application/json", body=body),
    )
    guard.update("**/trust-list")  # refused, so the other is not asked for
    guard.sees(".state", "Works without network")
    guard.context.set_offline(True)

    guard.check(forged())

    guard.finds("Not a genuine code")


def forged() -> str:
    """A green pass by the stranger."""
    now = clock.now()
    claims = sh1.Claims(
        issuer="CN-330100", issued_at=now, expires_at=now + timedelta(minutes=1),
        cti=bytes(16), colour=sh1.Colour.GREEN, name_hint="王*", rule_set="hangzhou-2020-02",
        region="330100", kind=sh1.Kind.APP,
    )  # fmt: skip
    kid = keys.short_kid(keys.to_jwk(STRANGER.public_key()))
    return sh1.text(sh1.issue(claims, kid=kid, signer=cose.es256_signer(STRANGER)))


def test_the_chain_of_roots_is_followed_and_an_older_list_never_taken(guard: Guard) -> None:
    guard.set_up(make_gate().credential)
    former = trust_list(guard)
    for _ in range(2):
        rotate_root(actor="system:test")
    rotate_signing_key(actor="system:test")
    guard.update()
    code = make_person().code()
    guard.page.route(
        "**/trust-list",
        lambda route: route.fulfill(
            status=200, content_type="application/json", body=json.dumps(former)
        ),
    )
    guard.update("**/trust-list")
    guard.context.set_offline(True)

    guard.check(code)

    guard.finds("Come in")


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


@pytest.mark.parametrize("also_a_new_key", [False, True])
def test_a_scanner_with_an_old_revocation_list_says_so_and_tells_nothing_by_it(
    guard: Guard, also_a_new_key: bool
) -> None:
    guard.set_up(make_gate().credential)
    guard.context.set_offline(True)
    guard.check(make_person().code())
    guard.finds("Come in")
    too_long = int(DENY_LIFE.total_seconds()) + 1
    guard.pass_time(seconds=too_long)
    later(seconds=too_long)
    if also_a_new_key:
        rotate_signing_key(actor="system:test")
    person = make_person()
    code = person.code()
    # Good by the list that is held, which is from before: no list of today has it as good.
    deny_passes_of(subject_id=person.subject_id)

    guard.check(code)

    guard.sees(".state", "Lists out of date since")
    guard.finds("This scanner cannot tell")
    guard.sees(".verdict-place", "The list of revoked codes is too old. Not the person's fault")
    guard.sees(".verdict-place", "connect this scanner, or look at paper and identity card")
    guard.sees(".tally", "Could not tell")
    guard.check(altered(code) if not also_a_new_key else forged())
    guard.finds("This scanner cannot tell" if also_a_new_key else "Not a genuine code")

    guard.expected.add(410)
    guard.context.set_offline(False)
    guard.sees(".state", "Works without network")
    guard.context.set_offline(True)
    guard.check(code)
    guard.finds("Revoked")
