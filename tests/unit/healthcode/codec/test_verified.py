"""What a certificate that holds tells: each member, of each format, and no more."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from healthcode.codec import (
    base45,
    certificates,
    claims,
    cose,
    errors,
    hc1,
    jws,
    keys,
    nzcp,
    revocation,
    sh1,
    shc,
)
from healthcode.codec.certificates import Trust
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.inflate import ZLIB, deflate
from tests.factories import hc1 as eu
from tests.factories import nzcp as nz
from tests.factories import sh1_cases as own
from tests.factories import shc as smart
from tests.factories.certificates import NOON, ec_key, rsa_key

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def fingerprint_of(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()[:16]).decode()


def test_an_eu_certificate_tells_content_issuer_key_times_and_what_revokes_it() -> None:
    row = {"tg": "840539006", "co": "DE", "ci": "URN:UVCI:01:FR:A"}
    dcc = {**eu.DCC, "v": [row], "t": [{"ci": "", "co": "FR"}], "r": [{"ci": 7}, "x"]}
    text = eu.issued(dcc, issuer="FR")
    signature = hc1.read(text).signature
    result = hc1.verify(text, [eu.KEY], at=NOON)
    assert result == Verified(
        kind="HC1",
        payload=dcc,
        issuer="FR",
        key=eu.KEY,
        issued_at=NOON,
        expires_at=NOON + DAY,
        notes=result.notes,
        fingerprints=frozenset(
            {
                ("SIGNATURE", fingerprint_of(signature[:32])),
                ("UCI", fingerprint_of(b"URN:UVCI:01:FR:A")),
                ("COUNTRYCODEUCI", fingerprint_of(b"FRURN:UVCI:01:FR:A")),
                ("COUNTRYCODEUCI", fingerprint_of(b"DEURN:UVCI:01:FR:A")),
            }
        ),
        kid=base64.b64encode(eu.KEY.kid).decode(),
    )
    assert "groups" in result.notes


@pytest.mark.parametrize("alg", [-37, -38, -39, -7, -35, None])
def test_of_a_signature_by_rsa_all_is_hashed_and_of_another_the_first_half(alg: int | None) -> None:
    whole = alg in (-37, -38, -39)
    prints = revocation.fingerprints(dcc={}, issuer="FR", alg=alg, signature=b"abcdef")
    assert prints == {("SIGNATURE", fingerprint_of(b"abcdef" if whole else b"abc"))}


def test_a_certificate_signed_by_rsa_is_revoked_by_its_whole_signature() -> None:
    def signer(signed: bytes) -> bytes:
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return rsa_key().sign(signed, pss, hashes.SHA256())

    protected = {cose.ALG: cose.PS256, cose.KID: b"rsa"}
    data = cose.sign1(hc1.read(eu.issued()).payload, protected=protected, signer=signer)
    text = hc1.PREFIX + base45.encode(deflate(data, ZLIB))
    result = hc1.verify(text, [keys.Key(rsa_key().public_key(), b"rsa")], at=NOON)
    signature = cose.parse_sign1(data).signature
    assert ("SIGNATURE", fingerprint_of(signature)) in result.fingerprints


def test_a_certificate_without_kid_is_named_by_the_key_that_made_it() -> None:
    message = cose.sign1(
        hc1.read(eu.issued()).payload, protected={cose.ALG: cose.ES256}, signer=eu.SIGNER
    )
    text = hc1.PREFIX + base45.encode(deflate(message, ZLIB))
    other = keys.Key(ec_key("other").public_key(), b"other")
    result = hc1.verify(text, [other, eu.KEY], at=NOON)
    assert (result.key, result.kid) == (eu.KEY, base64.b64encode(eu.KEY.kid).decode())
    with pytest.raises(CertificateRefused) as refused:
        hc1.verify(text, [], at=NOON)
    assert refused.value.fields == {"stage": "signature", "reason": "key_unknown", "kid": ""}


def test_a_refusal_names_the_key_that_is_not_known() -> None:
    with pytest.raises(CertificateRefused) as refused:
        hc1.verify(eu.issued(kid=b"\x01other"), [eu.KEY], at=NOON)
    assert refused.value.fields == {
        "stage": "signature",
        "reason": "key_unknown",
        "kid": "016f74686572",
    }
    with pytest.raises(CertificateRefused) as own_refused:
        sh1.verify(sh1.text(own.issued(kid=b"\x02")), own.KEYS, at=NOON)
    assert own_refused.value.fields["kid"] == "02"


def test_a_signer_may_sign_until_the_last_moment_of_its_certificate_and_what_it_is_for() -> None:
    edge = replace(eu.KEY, valid_from=NOON, valid_until=NOON + SECOND, usages=frozenset({"t", "v"}))
    for at in (NOON, NOON + SECOND):
        assert hc1.verify(eu.issued(), [edge], at=at).key == edge
    for at, reason in (
        (NOON - SECOND, "not_yet_valid"),
        (NOON + 2 * SECOND, "signer_expired"),
    ):
        with pytest.raises(CertificateRefused) as refused:
            hc1.verify(eu.issued(), [edge], at=at)
        assert refused.value.fields["reason"] == reason
        assert refused.value.stage is Stage.VALIDITY
    early = replace(edge, valid_from=NOON + SECOND)
    with pytest.raises(CertificateRefused) as too_early:
        hc1.verify(eu.issued(), [early], at=NOON)
    assert too_early.value.fields == {"stage": "validity", "reason": "signer_not_yet_valid"}
    content = {**eu.DCC, "v": [{}], "r": [{}]}
    with pytest.raises(CertificateRefused) as unauthorised:
        hc1.verify(eu.issued(content), [replace(edge, usages=frozenset({"t"}))], at=NOON)
    assert unauthorised.value.fields == {
        "stage": "signature",
        "reason": "signer_not_authorised",
        "groups": ["r", "v"],
    }


def test_a_card_tells_content_issuer_key_times_and_the_keys_name() -> None:
    payload = smart.card(exp=NOON.timestamp() + 60)
    key = keys.Key(ec_key().public_key(), smart.OWN["kid"].encode())
    assert shc.verify(smart.made(payload), [smart.OWN], at=NOON) == Verified(
        kind="SHC",
        payload=payload,
        issuer="https://lab.example",
        key=key,
        issued_at=NOON,
        expires_at=NOON + timedelta(minutes=1),
        kid=smart.OWN["kid"],
    )


def test_a_card_that_we_issue_says_what_the_framework_asks_for() -> None:
    result = shc.verify(smart.issued(smart.PATIENT), [smart.OWN], at=NOON)
    assert result.payload == {
        "iss": "https://lab.example",
        "nbf": int(NOON.timestamp()),
        "vc": {
            "type": [shc.HEALTH_CARD, "https://smarthealth.cards#covid19"],
            "credentialSubject": {
                "fhirVersion": "4.0.1",
                "fhirBundle": {"resourceType": "Bundle", "entry": [{"resource": smart.PATIENT}]},
            },
        },
    }
    header = jws.parse(shc.read(smart.issued())).header
    assert header == {"alg": "ES256", "zip": "DEF", "kid": smart.OWN["kid"]}


def test_a_pass_of_new_zealand_tells_content_issuer_key_and_times() -> None:
    result = nzcp.verify(nz.made(), at=NOON, did_document=nz.OWN_DOCUMENT)
    assert result == Verified(
        kind="NZCP",
        payload={
            "iss": nz.DID,
            "nbf": NOON.timestamp(),
            "exp": NOON.timestamp() + 60,
            "jti": "urn:uuid:00000000-0000-0000-0000-000000000000",
            "vc": nz.CLAIMS["vc"],
        },
        issuer=nz.DID,
        key=keys.Key(ec_key().public_key(), nz.OWN["kid"].encode()),
        issued_at=NOON,
        expires_at=NOON + timedelta(minutes=1),
    )


def test_a_pass_of_our_own_tells_the_same_in_the_terms_of_all() -> None:
    presented = sh1.verify(own.shown(), own.KEYS, at=NOON)
    assert (presented.claims, presented.kid, presented.key) == (own.CLAIMS, own.KID, own.KEYS[0])
    payload = {
        "iss": "CN-330100",
        "cti": bytes(range(16)).hex(),
        "colour": "GREEN",
        "name": "张*",
        "birth": "0214",
        "rule_set": "hangzhou-2020-02",
        "region": "330100",
        "kind": "APP",
        "iat": int(NOON.timestamp()),
        "exp": int((NOON + DAY).timestamp()),
        "shown_at": int(NOON.timestamp()),
    }
    assert presented.verified() == Verified(
        "SH1", payload, "CN-330100", own.KEYS[0], NOON, NOON + DAY
    )
    bare = sh1.verify(sh1.text(own.issued()), own.KEYS, at=NOON)
    assert bare.verified().payload == {**payload, "shown_at": None}
    assert sh1.peek(f"\r\n{sh1.text(own.issued())} ") == own.CLAIMS


def test_a_pass_is_valid_from_what_clocks_differ_by_before_its_issue() -> None:
    for seconds, reason in ((30, None), (31, "not_yet_valid")):
        at = NOON - seconds * SECOND
        if reason is None:
            assert sh1.verify(sh1.text(own.issued()), own.KEYS, at=at).claims == own.CLAIMS
        else:
            with pytest.raises(CertificateRefused) as refused:
                sh1.verify(sh1.text(own.issued()), own.KEYS, at=at)
            assert refused.value.fields["valid_from"] == (NOON - 30 * SECOND).isoformat()


def test_a_pass_may_be_as_long_as_its_longest_and_no_longer() -> None:
    for length in (sh1.MAX_CHARACTERS, sh1.MAX_CHARACTERS + 1):
        with pytest.raises(CertificateRefused) as refused:
            sh1.peek(sh1.PREFIX + "0" * (length - len(sh1.PREFIX)))
        assert (refused.value.reason == "too_long") is (length > sh1.MAX_CHARACTERS)


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (None, None),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1.5, datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
        (-62_135_596_800, datetime(1, 1, 1, tzinfo=UTC)),
        (253_402_300_799, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_claim_is_a_moment_of_the_years_1_to_9999(
    seconds: float | None, moment: datetime | None
) -> None:
    assert claims.moment(seconds) == moment


@pytest.mark.parametrize("seconds", [-62_135_596_801, 253_402_300_800, 1e18])
def test_a_time_claim_of_no_year_is_absurd(seconds: float) -> None:
    with pytest.raises(CertificateRefused) as refused:
        claims.moment(seconds)
    assert refused.value.fields == {"stage": "validity", "reason": "time_claim_absurd"}


@pytest.mark.parametrize(
    ("after", "included", "reason"),
    [
        (-1, False, {"reason": "not_yet_valid", "valid_from": NOON.isoformat()}),
        (0, False, None),
        (59, False, None),
        (60, False, {"reason": "expired", "expired_at": (NOON + 60 * SECOND).isoformat()}),
        (60, True, None),
        (61, True, {"reason": "expired", "expired_at": (NOON + 60 * SECOND).isoformat()}),
    ],
)
def test_times_bound_at_their_very_seconds(
    after: int, included: bool, reason: dict[str, str] | None
) -> None:
    facts: Any = {"valid_from": NOON, "expires_at": NOON + 60 * SECOND, "at": NOON + after * SECOND}
    facts |= {"end_included": True} if included else {}
    if reason is None:
        claims.check_times(**facts)
        return
    with pytest.raises(CertificateRefused) as refused:
        claims.check_times(**facts)
    assert refused.value.fields == {"stage": "validity", **reason}


def test_what_has_no_bound_holds_at_any_time() -> None:
    claims.check_times(valid_from=None, expires_at=None, at=NOON)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 65, "x" * 64),
        ("", ""),
        (7, "7"),
        (-(2**256 - 1), str(-(2**256 - 1))),
        (2**256, "int"),
        (None, "NoneType"),
        (b"x", "bytes"),
        ([1], "list"),
        (1.5, "float"),
    ],
)
def test_what_a_code_says_is_repeated_short(value: object, text: str) -> None:
    assert errors.said(value) == text


def test_a_refusal_tells_stage_reason_and_facts() -> None:
    refused = CertificateRefused(Stage.COSE, "cose_tag", tag=98)
    assert (refused.code, refused.field) == ("certificate_refused", None)
    assert refused.fields == {"stage": "cose", "reason": "cose_tag", "tag": 98}
    assert (refused.stage, refused.reason) == (Stage.COSE, "cose_tag")


def candidates(trust: Trust) -> list[keys.Key]:
    return certificates._keys(trust)


def test_a_jwk_is_a_candidate_under_each_id_that_a_token_may_name_it_by() -> None:
    public = ec_key().public_key()
    text = {**smart.OWN, "kid": "AAEC"}
    names = [b"AAEC", b"\x00\x01\x02", keys.short_kid(text)]
    assert candidates(Trust(jwks=[text])) == [keys.Key(public, name) for name in names]
    nameless = {name: value for name, value in smart.OWN.items() if name != "kid"}
    assert candidates(Trust(jwks=[nameless])) == [keys.Key(public)]
    rsa = rsa_key().public_key()
    numbers = rsa.public_numbers()
    jwk = {"kty": "RSA", "kid": "!", "n": base64url(numbers.n), "e": base64url(numbers.e)}
    assert candidates(Trust(jwks=[jwk])) == [keys.Key(rsa, b"!")]


def base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_candidates_come_in_the_order_in_which_they_are_trusted() -> None:
    stranger = keys.Key(ec_key("stranger").public_key(), b"s")
    trust = Trust(keys=[stranger], certificates=[eu.BASE64], jwks=[smart.OWN])
    assert candidates(trust)[:2] == [stranger, eu.KEY]
    assert all(key.public == ec_key().public_key() for key in candidates(trust)[2:])
    assert len(candidates(trust)) == 5
    assert trust.keys == [stranger]


def test_keys_of_which_none_can_be_used_say_why() -> None:
    with pytest.raises(CertificateRefused) as refused:
        candidates(Trust(jwks=[{"kty": "oct"}], certificates=["!"]))
    assert refused.value.stage is Stage.SIGNATURE
    assert refused.value.reason == "key_unusable"
    assert "unknown key type or curve" in str(refused.value.fields["detail"])
    assert candidates(Trust()) == []


@pytest.mark.parametrize("around", ["\n", "\u200b", "\ufeff"])
def test_any_format_may_have_blanks_around_it(around: str) -> None:
    trust = Trust(keys=[eu.KEY], jwks=[smart.OWN], did_document=nz.OWN_DOCUMENT)
    texts = {
        eu.issued(): "HC1",
        smart.issued(): "SHC",
        smart.made(smart.card()): "SHC",
        nz.made(): "NZCP",
        own.shown(): "SH1",
    }
    for text, kind in texts.items():
        assert certificates.verify(around + text + around, trust, at=NOON).kind == kind
    plain = Trust(jwks=[nz.OWN])
    assert certificates.verify(nz.made(), plain, at=NOON).kind == "NZCP"


@pytest.mark.parametrize(
    ("number", "curve"), [(1, ec.SECP256R1), (2, ec.SECP384R1), (3, ec.SECP521R1)]
)
def test_a_device_key_of_each_curve_is_read_by_its_sign_or_in_full(
    number: int, curve: type[ec.EllipticCurve]
) -> None:
    public = ec_key(f"curve {number}", curve).public_key()
    numbers = public.public_numbers()
    size = (public.key_size + 7) // 8
    x, y = numbers.x.to_bytes(size), numbers.y.to_bytes(size)
    for last in (y, bool(numbers.y % 2)):
        assert keys.from_cose_key({1: 2, -1: number, -2: x, -3: last}) == public
    other = {1: 2, -1: number, -2: x, -3: not numbers.y % 2}
    assert keys.from_cose_key(other).public_numbers().y != numbers.y
