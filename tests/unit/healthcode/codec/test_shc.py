"""SMART Health Cards: the developers' sample, and our own cards."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from healthcode.codec import keys, shc
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.jws import encoded
from tests.factories.certificates import NOON, certificate, ec_key
from tests.factories.shc import OWN, card, chunks, issued, made
from tests.vectors import cases, load

SAMPLE = "smart-health-cards-sample.json"
LATER = datetime(2022, 1, 1, tzinfo=UTC)
# What the tools find outside the string itself: addresses that do not answer, revocation
# lists that are not given, text after a file, a chain to a certificate authority.
OUTSIDE = {"ISSUER_KEY_DOWNLOAD_ERROR", "TRAILING_CHARACTERS"}


def cards(case: dict[str, Any]) -> list[str]:
    """The strings of a case; a file of cards holds several."""
    if case["type"] != "healthcard":
        return [text.strip() for text in case["inputs"]]
    decoder = json.JSONDecoder()
    files = [decoder.raw_decode(text.strip())[0] for text in case["inputs"]]
    return [card for file in files for card in file["verifiableCredential"]]


@pytest.mark.parametrize("case", cases(SAMPLE), ids=lambda case: case["name"])
def test_judges_each_case_as_the_developers_tools_do(case: dict[str, Any]) -> None:
    refused, jwks = [], load(SAMPLE)["issuer_jwks"]["keys"]
    for text in cards(case):
        try:
            shc.verify(text, jwks, at=LATER)
        except CertificateRefused as error:
            refused.append(error.stage)
    assert bool(refused) is bool(set(case["errors"]) and not set(case["errors"]) & OUTSIDE) or (
        "JWS_HEADER_ERROR" in case["errors"]
    )


def test_reads_the_specifications_own_example() -> None:
    example, jwks = load(SAMPLE)["positive_example"], load(SAMPLE)["issuer_jwks"]["keys"]
    result = shc.verify(example["shc"], jwks, at=LATER)
    assert (result.issuer, result.payload["nbf"]) == (example["expected_iss"], 1630616666.128)


@pytest.mark.parametrize("case", cases(SAMPLE, "key_cases"), ids=lambda case: case["name"])
def test_judges_each_key_set(case: dict[str, Any]) -> None:
    # Whose chain and names a certificate has is a matter of PKI, not of the key.
    wrong = case["name"].startswith(("wrong_", "cert_mismatch"))
    for jwk in case["jwks"]["keys"]:
        if wrong:
            with pytest.raises(keys.UnusableKey):
                shc.check_jwk(jwk)
        else:
            assert shc.check_jwk(jwk).kid == jwk["kid"].encode()


def test_gives_back_what_it_issued() -> None:
    result = shc.verify(issued(), [OWN], at=NOON)
    subject = result.payload["vc"]["credentialSubject"]
    assert (result.issuer, subject["fhirBundle"]["resourceType"]) == (
        "https://lab.example",
        "Bundle",
    )


def test_joins_chunks_in_any_order() -> None:
    card = issued()
    assert shc.read(list(reversed(chunks(card)))) == shc.read(card)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param([], "prefix_unknown", id="nothing"),
        pytest.param("abc", "prefix_unknown", id="another prefix"),
        pytest.param(["shc:/1/2/00", "abc"], "prefix_unknown", id="a foreign chunk"),
        pytest.param("shc:/0", "digits", id="an odd number of digits"),
        pytest.param("shc:/٠٠", "digits", id="digits of another script"),
        pytest.param("shc:/99", "digit_pair_too_large", id="a pair above 77"),
        pytest.param(["shc:/1/2/00", "shc:/3"], "chunk_header", id="a chunk without number"),
        pytest.param("shc:/1/2/00", "chunk_header", id="one chunk of two"),
        pytest.param(["shc:/1/2/00", "shc:/1/2/00"], "chunk_missing", id="one chunk twice"),
    ],
)
def test_refuses_what_is_no_card(text: Any, reason: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        shc.read(text)
    assert refused.value.reason == reason


def refusal(text: str, at: datetime = NOON, jwks: Any = None) -> CertificateRefused:
    with pytest.raises(CertificateRefused) as refused:
        shc.verify(text, [OWN] if jwks is None else jwks, at=at)
    return refused.value


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, "algorithm_unknown"),
        ({"zip": None}, "zip_not_def"),
        ({"kid": 7}, "kid_missing"),
        ({"kid": "other"}, "key_unknown"),
        ({"crit": ["exp"]}, "critical_header_unknown"),
    ],
)
def test_refuses_another_header(header: dict[str, Any], reason: str) -> None:
    assert refusal(made(card(), header)).reason == reason


@pytest.mark.parametrize(
    ("payload", "stage", "reason"),
    [
        pytest.param(b"NaN", Stage.CBOR, "json_malformed", id="no JSON"),
        pytest.param([], Stage.CBOR, "json_not_an_object", id="no object"),
        pytest.param(
            json.dumps(card()).encode("utf-8-sig"),
            Stage.CBOR,
            "json_malformed",
            id="a byte order mark",
        ),
        pytest.param(
            json.dumps(card()).encode("utf-16"), Stage.CBOR, "json_malformed", id="UTF-16"
        ),
        pytest.param(
            json.dumps(card()).encode("utf-32-le"), Stage.CBOR, "json_malformed", id="UTF-32"
        ),
        pytest.param(
            json.dumps(card())[:-1].encode() + b',"iss":"https://b.example"}',
            Stage.CBOR,
            "json_malformed",
            id="an issuer twice",
        ),
        pytest.param(card(vc=None), Stage.CBOR, "vc_missing", id="no credential"),
        pytest.param(card(vc={"type": "x"}), Stage.CBOR, "vc_missing", id="types that are no list"),
        pytest.param(
            card(vc={"type": []}), Stage.CBOR, "vc_not_a_health_card", id="another credential"
        ),
        pytest.param(card(nbf="now"), Stage.VALIDITY, "time_claim_missing", id="no start"),
        pytest.param(
            card(exp="never"), Stage.VALIDITY, "time_claim_missing", id="an end that is no time"
        ),
        pytest.param(card(exp=NOON.timestamp()), Stage.VALIDITY, "expired", id="its end"),
        pytest.param(
            card(iss="http://lab.example"), Stage.VALIDITY, "issuer_address", id="no https"
        ),
        pytest.param(card(iss=None), Stage.VALIDITY, "issuer_address", id="no issuer"),
    ],
)
def test_refuses_another_payload(payload: Any, stage: Stage, reason: str) -> None:
    refused = refusal(made(payload))
    assert (refused.stage, refused.reason) == (stage, reason)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        # What does not begin as JSON is no JWS at all.
        (b'\xef\xbb\xbf{"alg":"ES256"}', "prefix_unknown"),
        ('{"alg":"ES256"}'.encode("utf-16"), "prefix_unknown"),
        (b'{"alg":"none","alg":"ES256"}', "jws_header"),
        (b'{"alg":"ES256","x":"\\ud800"}', "jws_header"),
    ],
)
def test_refuses_a_header_that_is_not_plain_json(header: bytes, reason: str) -> None:
    assert refusal(f"{encoded(header)}.AA.AA").reason == reason


def test_refuses_a_card_before_its_time() -> None:
    assert refusal(issued(), at=NOON - timedelta(seconds=1)).reason == "not_yet_valid"


def test_refuses_the_signature_of_another_key_of_the_same_name() -> None:
    twin = {**keys.to_jwk(ec_key("twin").public_key())}
    assert refusal(issued(), jwks=[twin]).reason == "key_unknown"
    assert refusal(issued(), jwks=[{**OWN, "use": "enc"}]).reason == "key_unknown"
    parts = shc.read(issued()).split(".")
    forged = ".".join([*parts[:2], encoded(bytes(64))])
    assert refusal(forged).reason == "signature_invalid"


@pytest.mark.parametrize(
    ("text", "stage", "reason"),
    [
        ("eyJ.a", Stage.ENCODING, "jws_parts"),
        ("eyJ=.a.b", Stage.ENCODING, "jws_base64"),
        ("eyJ!.a.b", Stage.ENCODING, "jws_base64"),
        ("eyJhbGci.eyJh.eyJh", Stage.COSE, "jws_header"),
    ],
)
def test_refuses_what_is_no_jws(text: str, stage: Stage, reason: str) -> None:
    refused = refusal(text)
    assert (refused.stage, refused.reason) == (stage, reason)


def test_a_refusal_repeats_what_the_card_says() -> None:
    assert refusal(made(card(), {"alg": "none"})).fields["alg"] == "none"
    assert refusal(made(card(), {"kid": "other"})).fields["kid"] == "other"


def test_a_card_that_holds_tells_its_times_and_key() -> None:
    result = shc.verify(made(card(exp=NOON.timestamp() + 60)), [OWN], at=NOON)
    assert (result.kind, result.kid, result.issued_at) == ("SHC", OWN["kid"], NOON)
    assert result.expires_at == NOON + timedelta(seconds=60)
    assert result.key.kid == OWN["kid"].encode()


def test_accepts_a_key_with_its_certificate() -> None:
    der = certificate(ec_key())
    chain = [base64.b64encode(der).decode()]
    assert shc.check_jwk({**OWN, "x5c": chain}).public == ec_key().public_key()
