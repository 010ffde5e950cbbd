"""HC1: the public sample of the EU's test data, and our own certificates."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from healthcode.codec import base45, cbor, cose, hc1, keys
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.inflate import ZLIB, deflate
from tests.factories.certificates import NOON, TEST_USAGE, certificate, ec_key
from tests.factories.hc1 import DAY, DCC, KEY, SIGNER, issued
from tests.vectors import cases

CASES = cases("dgc-testdata-sample.json")
# Which of the suite's checks belongs to which stages of ours.
STAGES = {
    "unprefix": {Stage.PREFIX},
    "b45decode": {Stage.ENCODING},
    "compression": {Stage.COMPRESSION},
    "keyusage": {Stage.SIGNATURE},
}


def when(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_judges_each_case_of_the_eu_as_the_suite_does(case: dict[str, Any]) -> None:
    expected = case["expected"]
    failing = [name for name, holds in expected.items() if not holds and name in STAGES]
    key = keys.from_certificate(case["ctx"]["certificate"])
    at = when(case["ctx"]["validationclock"])
    if failing:
        assert refusal(case["prefix"], key, at).stage in STAGES[failing[0]]
    else:
        payload = hc1.verify(case["prefix"], [key], at=at).payload
        assert payload == case.get("json", payload)


def refusal(text: str, key: keys.Key = KEY, at: datetime = NOON) -> CertificateRefused:
    with pytest.raises(CertificateRefused) as refused:
        hc1.verify(text, [key], at=at)
    return refused.value


def test_gives_back_what_it_issued() -> None:
    result = hc1.verify(issued(), [KEY], at=NOON)
    assert (result.payload, result.issuer, result.expires_at) == (DCC, "CN", NOON + DAY)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOON - timedelta(seconds=1), "not_yet_valid"),
        (NOON + DAY + timedelta(seconds=1), "expired"),
    ],
)
def test_refuses_outside_its_times(at: datetime, reason: str) -> None:
    assert refusal(issued(), at=at).reason == reason


def test_still_holds_at_the_very_moment_of_expiry() -> None:
    assert hc1.verify(issued(), [KEY], at=NOON + DAY).payload == DCC


def test_refuses_a_key_of_another_name_even_if_it_made_the_signature() -> None:
    assert refusal(issued(kid=b"another!")).reason == "key_unknown"


def test_tries_every_key_of_one_name() -> None:
    twin = keys.Key(ec_key("twin").public_key(), KEY.kid)
    assert hc1.verify(issued(), [twin, KEY], at=NOON).key is KEY


@pytest.mark.parametrize(
    ("life", "reason"),
    [
        ({"valid_from": NOON + DAY, "valid_until": NOON + 2 * DAY}, "signer_not_yet_valid"),
        ({"valid_from": NOON - 2 * DAY, "valid_until": NOON - DAY}, "signer_expired"),
    ],
)
def test_refuses_a_signer_outside_the_life_of_its_certificate(
    life: dict[str, datetime], reason: str
) -> None:
    key = keys.from_certificate(certificate(ec_key(), **life))
    assert refusal(issued(kid=key.kid), key).reason == reason


@pytest.mark.parametrize(("group", "allowed"), [("t", True), ("v", False)])
def test_lets_a_signer_of_tests_sign_only_tests(group: str, allowed: bool) -> None:
    key = keys.from_certificate(certificate(ec_key(), usages=(TEST_USAGE, "1.2.3")))
    text = issued({"ver": "1.3.0", group: [{}]}, kid=key.kid)
    if allowed:
        assert hc1.verify(text, [key], at=NOON).key is key
    else:
        assert refusal(text, key).reason == "signer_not_authorised"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        pytest.param([1], "cwt_not_a_map", id="no map"),
        pytest.param({}, "hcert_missing", id="no claim"),
        pytest.param({-260: {1: b"bytes"}}, "hcert_missing", id="a certificate in bytes"),
        pytest.param({-260: {1: {"t": []}}}, "hcert_empty", id="nothing certified"),
        pytest.param({-260: {1: DCC}, 4: 1e30}, "time_claim_absurd", id="an absurd end"),
    ],
)
def test_refuses_content_of_another_structure(claims: object, reason: str) -> None:
    message = cose.sign1(cbor.encode_ordered(claims), protected={1: -7}, signer=SIGNER)
    text = "HC1:" + base45.encode(deflate(message, ZLIB))
    assert refusal(text).reason == reason


def test_takes_a_certificate_without_issuer_times_or_kid() -> None:
    body = cbor.encode_ordered({-260: {1: DCC}})
    message = cose.sign1(body, protected={1: -7}, signer=SIGNER)
    result = hc1.verify("HC1:" + base45.encode(deflate(message, ZLIB)), [KEY], at=NOON)
    assert (result.issuer, result.issued_at, result.expires_at) == ("", None, None)


def test_stops_inflating_at_its_ceiling() -> None:
    bomb = base45.encode(deflate(bytes(4 << 20), ZLIB))
    assert refusal("HC1:" + bomb).reason == "inflates_too_large"


@pytest.mark.parametrize("cut", [lambda data: data[:-1], lambda data: data + b"more"])
def test_refuses_a_stream_that_does_not_end_where_it_should(cut: Any) -> None:
    stream = base45.encode(cut(deflate(b"text", ZLIB)))
    assert refusal("HC1:" + stream).stage is Stage.COMPRESSION
