"""The browser's codec and gate come to the same verdicts as the server's own code."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.gate import Screen
from tests.factories import sh1_cases

VERIFY = """async ({ jwk, kid, questions }) => {
  const { importJwk } = await import("/static/health/js/cose.js");
  const { verify } = await import("/static/health/js/sh1.js");
  const keys = [{ kid, key: await importJwk(jwk) }];
  const answers = [];
  for (const { code, at, nonce } of questions) {
    try {
      const { claims, shownAt } = await verify(code, keys, at, Uint8Array.from(nonce));
      const { device, ...rest } = claims;
      answers.push({ ...rest, shownAt });
    } catch (refused) {
      answers.push({ stage: refused.stage ?? String(refused), reason: refused.reason });
    }
  }
  return JSON.stringify(answers);
}"""
ROUND_TRIP = """async (lengths) => {
  const { decode, encode } = await import("/static/health/js/base45.js");
  return JSON.stringify(lengths.map((length) => {
    const data = crypto.getRandomValues(new Uint8Array(length));
    return String(decode(encode(data))) === String(data);
  }));
}"""
UUIDS = """async (at) => {
  const { uuid7 } = await import("/static/health/js/guard-queue.js");
  return JSON.stringify([uuid7(at), uuid7(at + 1)]);
}"""


@pytest.fixture
def screen(page: Page, live_server: LiveServer, db: None) -> Screen:
    """A page that can load the modules."""
    screen = Screen(page, live_server.url)
    screen.open("/health/")
    return screen


def test_every_case_gets_the_servers_verdict(screen: Screen) -> None:
    cases = sh1_cases.cases()
    questions = [case.question for case in cases]
    given = {"jwk": sh1_cases.JWK, "kid": sh1_cases.KID.hex(), "questions": questions}

    answers = screen.ask(VERIFY, given)

    wrong: list[tuple[str, Any, Any]] = [
        (case.name, case.verdict, answer)
        for case, answer in zip(cases, answers, strict=True)
        if case.verdict != answer
    ]
    assert wrong == []
    assert len(cases) > 800


def test_the_cases_cover_every_way_to_be_refused() -> None:
    reasons = {case.verdict.get("reason") for case in sh1_cases.cases()}

    assert reasons >= {
        None, "prefix_unknown", "too_long", "base45_character", "base45_length",
        "base45_overflow", "cbor_malformed", "cbor_trailing_bytes", "cose_structure", "cose_tag",
        "algorithm_unknown", "key_unknown", "signature_invalid", "health_claim_missing",
        "claim_missing", "claim_unknown", "device_key", "time_claim_absurd", "not_yet_valid",
        "expired", "presentation_stale", "pass_has_no_device", "device_signature_invalid",
    }  # fmt: skip


def test_base45_goes_there_and_back(screen: Screen) -> None:
    assert all(screen.ask(ROUND_TRIP, list(range(64))))


def test_ids_of_verdicts_come_in_the_order_of_time(screen: Screen) -> None:
    first, second = screen.ask(UUIDS, 1_700_000_000_000)

    assert first < second
    assert json.dumps(first)[15] == "7"
