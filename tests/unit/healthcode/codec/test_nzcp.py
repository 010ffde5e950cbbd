"""NZCP: the specification's example, and each rule it sets."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from cbor2 import CBORTag

from healthcode.codec import cbor, keys, nzcp
from healthcode.codec.errors import CertificateRefused, Stage
from tests.factories.certificates import NOON, ec_key
from tests.factories.nzcp import (
    CLAIMS,
    DID,
    OWN,
    OWN_DOCUMENT,
    document,
    made,
)

# Technical specification 1.0, section 7.1: the example pass and its key.
EXAMPLE = (
    "NZCP:/1/2KCEVIQEIVVWK6JNGEASNICZAEP2KALYDZSGSZB2O5SWEOTOPJRXALTDN53GSZBRHEXGQZLBNR2GQ"
    "LTOPICRUYMBTIFAIGTUKBAAUYTWMOSGQQDDN5XHIZLYOSBHQJTIOR2HA4Z2F4XXO53XFZ3TGLTPOJTS6MRQGE"
    "4C6Y3SMVSGK3TUNFQWY4ZPOYYXQKTIOR2HA4Z2F4XW46TDOAXGG33WNFSDCOJONBSWC3DUNAXG46RPMNXW45D"
    "FPB2HGL3WGFTXMZLSONUW63TFGEXDALRQMR2HS4DFQJ2FMZLSNFTGSYLCNRSUG4TFMRSW45DJMFWG6UDVMJWGS"
    "Y2DN53GSZCQMFZXG4LDOJSWIZLOORUWC3CTOVRGUZLDOSRWSZ3JOZSW4TTBNVSWISTBMNVWUZTBNVUWY6KOMF"
    "WWKZ2TOBQXE4TPO5RWI33CNIYTSNRQFUYDILJRGYDVAYFE6VGU4MCDGK7DHLLYWHVPUS2YIDJOA6Y524TD3AZ"
    "RM263WTY2BE4DPKIF27WKF3UDNNVSVWRDYIYVJ65IRJJJ6Z25M2DO4YZLBHWFQGVQR5ZLIWEQJOZTS3IQ7JTN"
    "CFDX"
)


def test_reads_the_specifications_example() -> None:
    result = nzcp.verify(EXAMPLE, at=datetime(2022, 1, 1, tzinfo=UTC), did_document=document())
    assert result.payload["jti"] == "urn:uuid:60a4f54d-4e30-4332-be33-ad78b1eafa4b"
    assert result.payload["vc"]["credentialSubject"]["givenName"] == "Jack"


def refusal(
    text: str, did: dict[str, Any] = OWN_DOCUMENT, at: datetime = NOON
) -> CertificateRefused:
    with pytest.raises(CertificateRefused) as refused:
        nzcp.verify(text, at=at, did_document=did)
    return refused.value


@pytest.mark.parametrize("kid", [b"key-1", "key-1"])
def test_accepts_our_own(kid: object) -> None:
    assert nzcp.verify(made(protected={1: -7, 4: kid}), at=NOON, jwks=[OWN]).issuer == DID


@pytest.mark.parametrize(
    ("text", "stage", "reason"),
    [
        pytest.param("NZCP:/2/AA", Stage.PREFIX, "prefix_unknown", id="another version"),
        pytest.param("NZCP:/1/a1", Stage.ENCODING, "base32", id="no Base32"),
        pytest.param("NZCP:/1/QAAA", Stage.CBOR, "cbor_trailing_bytes", id="two items"),
        pytest.param("NZCP:/1/AA", Stage.COSE, "cose_tag", id="a number"),
        pytest.param(
            made(protected={1: -35, 4: b"k"}),
            Stage.COSE,
            "algorithm_unknown",
            id="another algorithm",
        ),
        pytest.param(made(protected={1: -7}), Stage.COSE, "kid_missing", id="no kid"),
        pytest.param(made([1]), Stage.CBOR, "cwt_not_a_map", id="claims that are no map"),
        pytest.param(
            made({**CLAIMS, 1: "x"}),
            Stage.CBOR,
            "issuer_not_did_web",
            id="an issuer that is no did:web",
        ),
        pytest.param(made({**CLAIMS, 4: None}), Stage.VALIDITY, "time_claim_missing", id="no end"),
        pytest.param(made({**CLAIMS, 5: "x"}), Stage.VALIDITY, "time_claim_missing", id="no start"),
        pytest.param(made({**CLAIMS, 7: b"short"}), Stage.CBOR, "cti_not_a_uuid", id="no UUID"),
        pytest.param(made({**CLAIMS, "vc": None}), Stage.CBOR, "vc_missing", id="no credential"),
        pytest.param(
            made({**CLAIMS, "vc": {"type": ["x"]}}), Stage.CBOR, "vc_type", id="another type"
        ),
        pytest.param(
            made({**CLAIMS, "vc": {**CLAIMS["vc"], "credentialSubject": {"dob": ""}}}),
            Stage.CBOR,
            "vc_subject",
            id="a subject without name",
        ),
    ],
)
def test_refuses_what_breaks_a_rule(text: str, stage: Stage, reason: str) -> None:
    refused = refusal(text)
    assert (refused.stage, refused.reason) == (stage, reason)


@pytest.mark.parametrize("second", [-1, 60])
def test_refuses_outside_its_times(second: int) -> None:
    at = datetime.fromtimestamp(NOON.timestamp() + second, UTC)
    assert refusal(made(), at=at).stage is Stage.VALIDITY


@pytest.mark.parametrize(
    ("did", "reason"),
    [
        (document(OWN, id="did:web:other"), "did_document_of_another_issuer"),
        (document(OWN, verificationMethod=None), "did_document_of_another_issuer"),
        (document(OWN, assertionMethod=None), "key_may_not_assert"),
        (document(OWN, verificationMethod=[]), "key_unknown"),
        (document({**OWN, "x": "AA"}), "key_unusable"),
        (document(keys.to_jwk(ec_key("twin").public_key())), "signature_invalid"),
    ],
)
def test_refuses_keys_that_the_issuer_does_not_stand_for(did: dict[str, Any], reason: str) -> None:
    refused = refusal(made(), did)
    assert (refused.stage, refused.reason) == (Stage.SIGNATURE, reason)


def test_takes_one_asserting_method_given_as_text() -> None:
    did = document(OWN, assertionMethod=f"{DID}#key-1")
    assert nzcp.verify(made(), at=NOON, did_document=did).kind == "NZCP"


def test_insists_on_the_tag_of_a_signed_message() -> None:
    bare = cbor.encode_ordered(CBORTag(61, []))
    refused = refusal("NZCP:/1/" + base64.b32encode(bare).decode().rstrip("="))
    assert refused.reason == "cose_tag"


@pytest.mark.parametrize("name", ["givenName", "dob"])
def test_a_pass_names_its_person_in_text(name: str) -> None:
    subject = {**CLAIMS["vc"]["credentialSubject"], name: 7}
    refused = refusal(made({**CLAIMS, "vc": {**CLAIMS["vc"], "credentialSubject": subject}}))
    assert refused.reason == "vc_subject"


def test_a_credential_is_of_two_types_the_general_one_first() -> None:
    for types in (["VerifiableCredential"], ["PublicCovidPass", "VerifiableCredential"]):
        claims = {**CLAIMS, "vc": {**CLAIMS["vc"], "type": types}}
        assert refusal(made(claims)).reason == "vc_type"


def test_asks_less_of_other_credentials() -> None:
    claims = {**CLAIMS, "vc": {"type": ["VerifiableCredential", "Other"]}}
    assert nzcp.verify(made(claims), at=NOON, did_document=OWN_DOCUMENT).issuer == DID
