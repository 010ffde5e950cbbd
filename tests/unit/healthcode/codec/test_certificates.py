"""The one door: by prefix to the format, with keys in any form."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ed448
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcode.codec import certificates, keys, sh1
from healthcode.codec.certificates import Trust
from healthcode.codec.errors import CertificateRefused, Stage
from tests.factories import hc1 as eu
from tests.factories import nzcp as nz
from tests.factories import sh1_cases as own
from tests.factories import shc as smart
from tests.factories.certificates import NOON, certificate, rsa_key
from tests.factories.hc1 import BASE64
from tests.factories.shc import OWN

PEM = f"-----BEGIN CERTIFICATE-----\n{BASE64}\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("payload", "trust", "kind"),
    [
        (eu.issued(), Trust(certificates=[BASE64]), "HC1"),
        (eu.issued(), Trust(certificates=[PEM]), "HC1"),
        (eu.issued(), Trust(keys=[eu.KEY]), "HC1"),
        (smart.issued(), Trust(jwks=[OWN]), "SHC"),
        (nz.made(), Trust(did_document=nz.OWN_DOCUMENT), "NZCP"),
        (sh1.text(own.issued()), Trust(jwks=[OWN]), "SH1"),
        (own.shown(), Trust(jwks=[{**OWN, "kid": ""}]), "SH1"),
    ],
)
def test_finds_the_format_by_its_prefix(payload: str, trust: Trust, kind: str) -> None:
    assert certificates.verify(payload, trust, at=NOON).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PEM.replace("\n", ""), id="PEM in one line"),
        pytest.param(PEM.replace("\n", "\r\n"), id="PEM with carriage returns"),
        pytest.param("\n".join(BASE64[i : i + 64] for i in range(0, len(BASE64), 64)), id="folded"),
        pytest.param(f"  {BASE64[:80]} {BASE64[80:]}\n", id="with spaces"),
        pytest.param(BASE64.rstrip("="), id="without padding"),
    ],
)
def test_reads_a_certificate_as_issuers_paste_it(text: str) -> None:
    assert certificates.verify(eu.issued(), Trust(certificates=[text]), at=NOON).kind == "HC1"


def test_one_unusable_key_does_not_spoil_the_list() -> None:
    trust = Trust(certificates=["!", BASE64], jwks=[{"kty": "oct"}])
    assert certificates.verify(eu.issued(), trust, at=NOON).kind == "HC1"


def test_says_in_json_what_a_pass_says() -> None:
    result = certificates.verify(own.shown(), Trust(jwks=[OWN]), at=NOON)
    assert (result.payload["colour"], result.payload["kind"]) == ("GREEN", "APP")
    assert result.payload["shown_at"] == int(NOON.timestamp())


@pytest.mark.parametrize("payload", ["", "shc", "hello", "hc1:"])
def test_refuses_an_unknown_prefix(payload: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        certificates.verify(payload, Trust(), at=NOON)
    assert refused.value.stage is Stage.PREFIX


@pytest.mark.parametrize(
    "trust",
    [
        Trust(certificates=["!"]),
        Trust(certificates=[base64.b64encode(b"no certificate").decode()]),
        Trust(jwks=[{"kty": "EC"}]),
        Trust(jwks=[{"kty": "oct", "k": "AA"}]),
        Trust(jwks=[{**OWN, "x": 7}]),
    ],
)
def test_refuses_keys_that_are_none(trust: Trust) -> None:
    with pytest.raises(CertificateRefused) as refused:
        certificates.verify(eu.issued(), trust, at=NOON)
    assert refused.value.reason == "key_unusable"


def test_reads_keys_of_every_kind() -> None:
    numbers = rsa_key().public_key().public_numbers()
    rsa = {"kty": "RSA", "kid": "no base64url: é", "n": b64(numbers.n), "e": b64(numbers.e)}
    assert keys.from_jwk(rsa).public == rsa_key().public_key()
    trust = Trust(jwks=[rsa, OWN])
    assert certificates.verify(sh1.text(own.issued()), trust, at=NOON).kind == "SH1"


def b64(number: int) -> str:
    return (
        base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8))
        .decode()
        .rstrip("=")
    )


def test_reads_ed448_keys_too() -> None:
    x = ed448.Ed448PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed448", "x": base64.urlsafe_b64encode(x).decode().rstrip("=")}
    assert isinstance(keys.from_jwk(jwk).public, ed448.Ed448PublicKey)


@pytest.mark.parametrize("text", ["A", "AA=", "AB", "é", "AAAA++++"])
def test_reads_base64url_strictly(text: Any) -> None:
    if text == "AB":
        assert keys.base64url(text) == b"\x00"
    else:
        with pytest.raises(ValueError, match=r"."):
            keys.base64url(text)


def test_refuses_a_certificate_of_a_key_that_signs_nothing() -> None:
    signing = certificate(dsa.generate_private_key(2048))
    for der in (b"", signing):
        with pytest.raises(keys.UnusableKey):
            keys.from_certificate(der)
