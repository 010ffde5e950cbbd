"""SH1: the pass and its presentation, byte for byte and minute by minute."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from healthcode.codec import base45, cbor, cose, keys, sh1
from healthcode.codec.errors import CertificateRefused, Stage
from tests.factories.certificates import NOON, ec_key

KID = keys.short_kid(keys.to_jwk(ec_key().public_key()))
KEY = keys.Key(ec_key().public_key(), KID)
ISSUER = cose.es256_signer(ec_key())
DEVICE = cose.es256_signer(ec_key("device"))
CLAIMS = sh1.Claims(
    issuer="CN-33",
    issued_at=NOON,
    expires_at=NOON + timedelta(hours=24),
    cti=bytes(range(16)),
    colour=sh1.Colour.GREEN,
    name_hint="张*",
    rule_set="7plus3-2022-06",
    region="330100",
    kind=sh1.Kind.APP,
    birth="0214",
    device=ec_key("device").public_key(),
)
SECOND = timedelta(seconds=1)


def issued(**changes: Any) -> bytes:
    return sh1.issue(replace(CLAIMS, **changes), kid=KID, signer=ISSUER)


def shown(pass_bytes: bytes | None = None, nonce: bytes = b"") -> str:
    data = issued() if pass_bytes is None else pass_bytes
    return sh1.text(sh1.show(data, signer=DEVICE, shown_at=NOON, nonce=nonce))


def refusal(code: str, **changes: Any) -> CertificateRefused:
    with pytest.raises(CertificateRefused) as refused:
        sh1.verify(code, [KEY], **{"at": NOON, **changes})
    return refused.value


def test_gives_back_what_it_issued() -> None:
    presented = sh1.verify(sh1.text(issued()), [KEY], at=NOON)
    assert (presented.claims, presented.shown_at) == (CLAIMS, None)


def test_a_presentation_says_when_it_was_made() -> None:
    presented = sh1.verify(shown(), [KEY], at=NOON)
    assert (presented.claims, presented.shown_at) == (CLAIMS, NOON)


def test_fits_small_codes() -> None:
    version_11_m, version_13_m = 366, 483  # characters of alphanumeric mode
    assert len(sh1.text(issued())) <= version_11_m
    assert len(shown()) <= version_13_m


@pytest.mark.parametrize("age", [90, 91])
def test_a_screenshot_is_worth_nothing_after_ninety_seconds(age: int) -> None:
    at = NOON + age * SECOND
    long_ago = issued(issued_at=NOON - timedelta(hours=1))
    if age > 90:
        assert refusal(shown(long_ago), at=at).reason == "presentation_stale"
    else:
        assert sh1.verify(shown(long_ago), [KEY], at=at).shown_at == NOON


@pytest.mark.parametrize("ahead", [30, 31, 90])
def test_a_show_made_in_advance_is_worth_nothing_yet(ahead: int) -> None:
    at = NOON - ahead * SECOND
    long_ago = issued(issued_at=NOON - timedelta(hours=1))
    if ahead > 30:
        assert refusal(shown(long_ago), at=at).reason == "presentation_ahead"
    else:
        assert sh1.verify(shown(long_ago), [KEY], at=at).shown_at == NOON


@pytest.mark.parametrize("around", ["\r", "\n", "\r\n", " ", "\t"])
def test_what_a_scanner_adds_around_a_code_is_no_part_of_it(around: str) -> None:
    assert sh1.verify(around + shown() + around, [KEY], at=NOON).shown_at == NOON


def test_ends_when_it_says() -> None:
    code, end = sh1.text(issued()), CLAIMS.expires_at
    assert sh1.verify(code, [KEY], at=end - SECOND).claims == CLAIMS
    assert refusal(code, at=end).reason == "expired"
    assert refusal(code, at=NOON - timedelta(seconds=31)).reason == "not_yet_valid"


def test_binds_the_venues_nonce() -> None:
    assert sh1.verify(shown(nonce=b"gate"), [KEY], at=NOON, nonce=b"gate").shown_at == NOON
    assert refusal(shown(), nonce=b"gate").reason == "device_signature_invalid"


def test_refuses_the_device_of_somebody_else() -> None:
    other = issued(device=ec_key("other").public_key())
    assert refusal(shown(other)).reason == "device_signature_invalid"
    assert refusal(shown(issued(device=None))).reason == "pass_has_no_device"


def test_refuses_a_key_that_is_not_on_the_trust_list() -> None:
    code = sh1.text(sh1.issue(CLAIMS, kid=b"unknown!", signer=ISSUER))
    assert refusal(code).reason == "key_unknown"
    forged = sh1.text(sh1.issue(CLAIMS, kid=KID, signer=DEVICE))
    assert refusal(forged).stage is Stage.SIGNATURE


@given(position=st.integers(0, 180), bit=st.integers(0, 7))
def test_no_changed_bit_goes_unnoticed(position: int, bit: int) -> None:
    data = bytearray(issued())
    data[position % len(data)] ^= 1 << bit
    with pytest.raises(CertificateRefused):
        sh1.verify(sh1.text(bytes(data)), [KEY], at=NOON)


@pytest.mark.parametrize(
    ("code", "stage", "reason"),
    [
        ("HC1:00", Stage.PREFIX, "prefix_unknown"),
        ("SH1:" + "0" * 5000, Stage.ENCODING, "too_long"),
        ("SH1:a", Stage.ENCODING, "base45_character"),
        ("SH1:" + base45.encode(b"\x00\x00"), Stage.CBOR, "cbor_trailing_bytes"),
        ("SH1:" + base45.encode(cbor.encode([b"", -1, b""])), Stage.COSE, "cose_structure"),
    ],
)
def test_refuses_what_is_no_pass(code: str, stage: Stage, reason: str) -> None:
    refused = refusal(code)
    assert (refused.stage, refused.reason) == (stage, reason)


def test_a_refusal_tells_when_a_show_was_made_and_how_long_a_code_may_be() -> None:
    long_ago = issued(issued_at=NOON - timedelta(hours=1))
    for away in (91, -31):
        refused = refusal(shown(long_ago), at=NOON + away * SECOND)
        assert refused.fields["shown_at"] == NOON.isoformat()
    assert refusal("SH1:" + "0" * 5000).fields["limit"] == sh1.MAX_CHARACTERS


def body() -> dict[Any, Any]:
    return dict(cbor.decode(cose.parse_sign1(issued()).payload))


def health(**_: Any) -> dict[int, Any]:
    return dict(body()[sh1.HEALTH])


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        pytest.param([1], "health_claim_missing", id="no map"),
        pytest.param({**body(), sh1.HEALTH: 1}, "health_claim_missing", id="no health claim"),
        pytest.param({**body(), sh1.CTI: b"short"}, "claim_missing", id="a short id"),
        pytest.param({**body(), sh1.IAT: None}, "claim_missing", id="no beginning"),
        pytest.param({**body(), sh1.EXP: None}, "claim_missing", id="no end"),
        pytest.param(
            {**body(), sh1.HEALTH: {**health(), sh1.NAME: 7}},
            "claim_missing",
            id="a name in digits",
        ),
        pytest.param(
            {**body(), sh1.HEALTH: {**health(), sh1.COLOUR: 9}},
            "claim_unknown",
            id="a ninth colour",
        ),
        pytest.param(
            {**body(), sh1.HEALTH: {**health(), sh1.KIND: 9}}, "claim_unknown", id="a ninth kind"
        ),
        pytest.param({**body(), sh1.CNF: 1}, "device_key", id="a confirmation that is no map"),
        pytest.param(
            {**body(), sh1.CNF: {1: {1: 2, -1: 1, -2: b"x", -3: True}}}, "device_key", id="no point"
        ),
        pytest.param({**body(), sh1.CNF: {1: {1: 2}}}, "device_key", id="no curve"),
        pytest.param({**body(), sh1.CNF: {1: {1: 1}}}, "device_key", id="another type of key"),
        pytest.param({**body(), sh1.CNF: {1: {1: 2, -1: 1, -2: b"x"}}}, "device_key", id="no y"),
    ],
)
def test_refuses_claims_it_cannot_read(claims: object, reason: str) -> None:
    data = cose.sign1(cbor.encode_ordered(claims), protected={1: -7, 4: KID}, signer=ISSUER)
    refused = refusal(sh1.text(data))
    assert (refused.stage, refused.reason) == (Stage.CBOR, reason)


def test_reads_a_device_key_written_in_full() -> None:
    public = ec_key("device").public_key()
    numbers = public.public_numbers()
    full = {1: 2, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
    assert keys.from_cose_key(full) == public
    assert isinstance(public, ec.EllipticCurvePublicKey)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (None, "not an EC2 key"),
        ({1: 1}, "not an EC2 key"),
        ({1: 2, -1: "1", -2: b"x"}, "no known curve or no x"),
        ({1: 2, -1: 9, -2: b"x"}, "no known curve or no x"),
        ({1: 2, -1: 1, -2: "x"}, "no known curve or no x"),
        ({1: 2, -1: 1, -2: b"x"}, "no y"),
        ({1: 2, -1: 1, -2: b"x", -3: True}, "Invalid EC key"),
    ],
)
def test_says_why_a_device_key_cannot_be_used(members: object, why: str) -> None:
    with pytest.raises(keys.UnusableKey, match=why):
        keys.from_cose_key(members)


@pytest.mark.parametrize("name", ["device", "other", "issuer"])
def test_a_device_keys_sign_picks_the_point(name: str) -> None:
    public = ec_key(name).public_key()
    assert keys.from_cose_key(keys.to_cose_key(public)) == public


def test_a_pass_without_issuer_or_birthday_is_a_pass() -> None:
    claims = {key: value for key, value in body().items() if key != sh1.ISS}
    data = cose.sign1(cbor.encode_ordered(claims), protected={1: -7, 4: KID}, signer=ISSUER)
    assert sh1.verify(sh1.text(data), [KEY], at=NOON).claims.issuer == ""
    plain = sh1.verify(sh1.text(issued(birth="")), [KEY], at=NOON)
    assert plain.claims.birth == ""
