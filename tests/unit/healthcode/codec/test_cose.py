"""COSE signatures: the working group's examples and the refusals around them."""

from typing import Any

import pytest
from cbor2 import CBORTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from healthcode.codec import cbor, cose, keys
from healthcode.codec.errors import CertificateRefused, Stage
from tests.factories.certificates import ec_key, rsa_key
from tests.vectors import cases, load

CASES = cases("cose-wg-examples.json")
SIGN1 = [case for case in CASES if "sign0" in case["input"]]
OTHER = [case for case in CASES if "sign0" not in case["input"]]


def title(case: dict[str, Any]) -> str:
    return str(case["title"])


def jwk_of(entry: dict[str, Any]) -> dict[str, Any]:
    """The examples give some members in hex beside JWK's base64url."""
    found = dict(entry["key"])
    for name in [name for name in found if name.endswith("_hex")]:
        found[name.removesuffix("_hex")] = cbor.to_json(bytes.fromhex(found.pop(name)))
    return found


@pytest.mark.parametrize("case", SIGN1, ids=title)
def test_judges_each_sign1_example_as_the_working_group_does(case: dict[str, Any]) -> None:
    entry = case["input"]["sign0"]
    key = keys.from_jwk(jwk_of(entry))
    external = bytes.fromhex(entry.get("external", ""))
    holds = True
    try:
        message = cose.parse_sign1(bytes.fromhex(case["output"]["cbor"]))
        cose.verify_sign1(message, [key], external)
    except CertificateRefused:
        holds = False
    assert holds is not bool(case.get("fail"))


@pytest.mark.parametrize("case", OTHER, ids=title)
def test_refuses_messages_that_are_not_signed(case: dict[str, Any]) -> None:
    with pytest.raises(CertificateRefused) as refused:
        cose.parse_sign1(bytes.fromhex(case["output"]["cbor"]))
    assert refused.value.stage is Stage.COSE


EC_JWK = keys.to_jwk(ec_key().public_key())
KEY = keys.Key(ec_key().public_key(), b"kid")
PROTECTED = {cose.ALG: cose.ES256, cose.KID: b"kid"}


def signed(payload: bytes = b"text") -> bytes:
    return cose.sign1(payload, protected=PROTECTED, signer=cose.es256_signer(ec_key()))


def parts() -> list[Any]:
    return list(cbor.decode(signed()).value)


@pytest.mark.parametrize(
    "wrap", [lambda p: p, lambda p: CBORTag(18, p), lambda p: CBORTag(61, CBORTag(18, p))]
)
def test_takes_a_message_bare_tagged_or_inside_a_cwt_tag(wrap: Any) -> None:
    message = cose.parse_sign1(cbor.encode_ordered(wrap(parts())))
    assert cose.verify_sign1(message, [KEY]) is KEY


def test_tries_every_key() -> None:
    other = keys.Key(ec_key("other").public_key(), b"kid")
    assert cose.verify_sign1(cose.parse_sign1(signed()), [other, KEY]) is KEY


@pytest.mark.parametrize(
    ("value", "stage", "reason"),
    [
        pytest.param(CBORTag(98, []), Stage.COSE, "cose_tag", id="another tag"),
        pytest.param([b"", {}, b""], Stage.COSE, "cose_structure", id="three parts"),
        pytest.param([b"", {}, None, b""], Stage.COSE, "cose_structure", id="a detached payload"),
        pytest.param(
            [b"\x01", {}, b"", b""],
            Stage.COSE,
            "cose_protected_header",
            id="headers that are no map",
        ),
        pytest.param(
            [b"\xff", {}, b"", b""],
            Stage.CBOR,
            "cose_header_malformed",
            id="headers that are no CBOR",
        ),
        pytest.param("text", Stage.COSE, "cose_structure", id="text"),
    ],
)
def test_refuses_what_has_not_the_structure(value: object, stage: Stage, reason: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        cose.parse_sign1(cbor.encode_ordered(value))
    assert (refused.value.stage, refused.value.reason) == (stage, reason)


@pytest.mark.parametrize("alg", [None, -999, "ES256"])
def test_refuses_an_algorithm_it_does_not_know(alg: object) -> None:
    _, _, payload, signature = parts()
    headers = cbor.encode_ordered({cose.ALG: alg})
    message = cose.parse_sign1(cbor.encode_ordered([headers, {}, payload, signature]))
    with pytest.raises(CertificateRefused) as refused:
        cose.verify_sign1(message, [KEY])
    assert refused.value.reason == "algorithm_unknown"


def test_refuses_a_changed_payload() -> None:
    protected, unprotected, _, signature = parts()
    data = cbor.encode_ordered([protected, unprotected, b"TEXT", signature])
    with pytest.raises(CertificateRefused) as refused:
        cose.verify_sign1(cose.parse_sign1(data), [KEY])
    assert (refused.value.stage, refused.value.reason) == (Stage.SIGNATURE, "signature_invalid")


@pytest.mark.parametrize(("kid", "expected"), [(b"a", b"a"), ("a", b"a"), (7, None)])
def test_takes_the_kid_from_the_unprotected_header_where_it_must(
    kid: object, expected: bytes | None
) -> None:
    message = cose.parse_sign1(cbor.encode_ordered([b"", {cose.KID: kid}, b"", b""]))
    assert message.kid == expected


def test_accepts_a_p384_key_under_the_number_of_es256() -> None:
    private = ec_key("p384", ec.SECP384R1)
    r, s = decode_dss_signature(private.sign(b"text", ec.ECDSA(hashes.SHA256())))
    raw = r.to_bytes(48) + s.to_bytes(48)
    assert cose.is_signature(cose.ES256, private.public_key(), raw, b"text")
    assert not cose.is_signature(cose.ES256, private.public_key(), raw[1:], b"text")


def test_accepts_rsa_pss_with_keys_of_2048_bits_and_more() -> None:
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for bits, accepted in [(2048, True), (1024, False)]:
        raw = rsa_key(bits).sign(b"text", pss, hashes.SHA256())
        assert cose.is_signature(cose.PS256, rsa_key(bits).public_key(), raw, b"text") is accepted


def test_mixes_no_key_of_one_kind_with_the_algorithm_of_another() -> None:
    assert not cose.is_signature(cose.EDDSA, ec_key().public_key(), b"", b"")
    assert not cose.is_signature(cose.ES256, rsa_key().public_key(), b"", b"")


def ecdsa_tests() -> list[Any]:
    groups = load("wycheproof-ecdsa_secp256r1_sha256_p1363_test.json")["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def test_judges_every_ecdsa_case_of_wycheproof() -> None:
    wrong = []
    for group, test in ecdsa_tests():
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        holds = cose.is_signature(cose.ES256, public, signature, message)
        if test["result"] != "acceptable" and holds is not (test["result"] == "valid"):
            wrong.append(test["tcId"])
    assert wrong == []


def test_judges_every_ed25519_case_of_wycheproof() -> None:
    wrong = []
    for group in load("wycheproof-ed25519_test.json")["testGroups"]:
        public = keys.from_jwk(
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": cbor.to_json(bytes.fromhex(group["publicKey"]["pk"])),
            }
        ).public
        for test in group["tests"]:
            signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
            holds = cose.is_signature(cose.EDDSA, public, signature, message)
            if holds is not (test["result"] == "valid"):
                wrong.append(test["tcId"])
    assert wrong == []
