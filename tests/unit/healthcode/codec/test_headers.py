"""Whatever type a header or a claim is of: a code is taken or refused, and nothing breaks."""

import base64
import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cbor2 import CBORSimpleValue, CBORTag, undefined

from healthcode.codec import base45, cbor, cose, keys
from healthcode.codec.certificates import Trust, verify
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.inflate import RAW, ZLIB, deflate
from healthcode.codec.jws import encoded
from tests.factories import shc as smart
from tests.factories.certificates import NOON, ec_key

KID = keys.short_kid(smart.OWN)
TRUST = Trust(
    jwks=[smart.OWN], keys=[keys.Key(ec_key().public_key(), KID)],
)  # fmt: skip
VALUES: dict[str, Any] = {
    "bignum": 1 << 12_000,
    "negative bignum": -(1 << 12_000), "float": -7.0, "NaN": float("nan"),
    "infinity": float("inf"), "true": True, "null": None, "undefined": undefined,
    "simple": CBORSimpleValue(99), "text": "ES256", "long text": "x" * 900, "bytes": b"\xff" * 900,
    "list": [-7], "map": {1: -7}, "map in map": {"a": {"b": [1, {2: 3}]}}, "empty": {},
    "date": CBORTag(0, "2022-01-01T00:00:00Z"), "epoch": CBORTag(1, -7),
    "own tag": CBORTag(99, {1: 2}),
    "rational": CBORTag(30, [1, 0]), "decimal": CBORTag(4, [1 << 70, 1]),
    "set": CBORTag(258, [1, 1]),
    "reference": CBORTag(29, 0), "regex": CBORTag(35, "("), "uuid": CBORTag(37, b"x"),
}  # fmt: skip
LABELS: dict[str, Any] = {
    "algorithm": cose.ALG, "critical": cose.CRIT, "content type": cose.CONTENT_TYPE,
    "key": cose.KID, "text label": "alg", "list label": (1, 2), "counter signature": 7,
}  # fmt: skip
FRAMES: dict[str, Callable[[bytes], str]] = {
    "HC1": lambda data: "HC1:" + base45.encode(deflate(data, ZLIB)),
    "SH1": lambda data: "SH1:" + base45.encode(data),
    "SH1 shown": lambda data: "SH1:" + base45.encode(cbor.encode([data, 1, bytes(64)])),
    "NZCP": lambda data: "NZCP:/1/" + _base32(data),
}


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def message(protected: dict[Any, Any], unprotected: dict[Any, Any], payload: bytes) -> bytes:
    """A COSE_Sign1 that is well signed, whatever it says."""
    headers = cbor.encode_ordered(protected)
    signed = cbor.encode_ordered(["Signature1", headers, b"", payload])
    signature = cose.es256_signer(ec_key())(signed)
    return cbor.encode_ordered(CBORTag(18, [headers, unprotected, payload, signature]))


def refused(text: str) -> None:
    """It is refused, in words that can be written down."""
    with pytest.raises(CertificateRefused) as found:
        verify(text, TRUST, at=NOON)
    json.dumps(found.value.fields)
    assert len(str(found.value.fields)) < 10_000


def answered(text: str) -> None:
    """It is taken or refused, and nothing else happens."""
    with contextlib.suppress(CertificateRefused):
        verify(text, TRUST, at=NOON)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_header_may_be_of_any_type(frame: str, label: str) -> None:
    good = {cose.ALG: cose.ES256, cose.KID: KID}
    payload = cbor.encode({1: "X"})
    for value in VALUES.values():
        odd = {LABELS[label]: value}
        refused(FRAMES[frame](message({**good, **odd}, {}, payload)))
        rest = {name: known for name, known in good.items() if name != LABELS[label]}
        refused(FRAMES[frame](message(rest, odd, payload)))


@pytest.mark.parametrize("claim", [1, 4, 5, 6, 7, 8, -260, -65600, "vc"])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_claim_may_be_of_any_type(frame: str, claim: int | str) -> None:
    protected = {cose.ALG: cose.ES256, cose.KID: KID}
    claims: dict[Any, Any] = {
        1: "did:web:x", 4: 4e9, 5: 1, 6: 1, 7: bytes(16), -260: {1: {}},
        -65600: {0: 0, 1: "a", 2: "", 3: "", 4: "", 5: 0}, "vc": {},
    }  # fmt: skip
    for value in VALUES.values():
        answered(
            FRAMES[frame](message(protected, {}, cbor.encode_ordered({**claims, claim: value})))
        )


@pytest.mark.parametrize("member", range(6))
def test_a_passs_own_claim_may_be_of_any_type(member: int) -> None:
    protected = {cose.ALG: cose.ES256, cose.KID: KID}
    now = int(NOON.timestamp())
    for name, value in VALUES.items():
        health = {0: 0, 1: "a", 2: "", 3: "", 4: "", 5: 0, member: value}
        claims = {1: "X", 4: now + 60, 6: now, 7: bytes(16), -65600: health}
        text = FRAMES["SH1"](message(protected, {}, cbor.encode_ordered(claims)))
        # A text where one is wanted is a good one.
        if member in (1, 2, 3, 4) and "text" in name:
            verify(text, TRUST, at=NOON)
        else:
            refused(text)


@pytest.mark.parametrize("whole", VALUES)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_whole_code_may_be_of_any_type(frame: str, whole: str) -> None:
    value = VALUES[whole]
    refused(FRAMES[frame](cbor.encode_ordered(value)))
    for place in range(4):
        parts: list[Any] = [cbor.encode({1: -7, 4: KID}), {}, b"\xa0", bytes(64)]
        parts[place] = value
        refused(FRAMES[frame](cbor.encode_ordered(CBORTag(18, parts))))
        refused(FRAMES[frame](cbor.encode_ordered(CBORTag(61, CBORTag(18, parts)))))


JSON_VALUES: list[Any] = [
    None, True, 1, -1.5, 10**18, "", "x" * 3000, [], ["ES256"], {}, {"alg": "ES256"}, [[[[]]]],
]  # fmt: skip


@pytest.mark.parametrize("name", ["alg", "zip", "kid", "crit", "b64", "jwk", "x5c"])
def test_a_cards_header_may_be_of_any_type(name: str) -> None:
    for value in JSON_VALUES:
        head = {"alg": "ES256", "zip": "DEF", "kid": smart.OWN["kid"], name: value}
        body = encoded(deflate(json.dumps(smart.card(exp=value)).encode(), RAW))
        signed = f"{encoded(json.dumps(head).encode())}.{body}"
        refused(f"{signed}.{encoded(cose.es256_signer(ec_key())(signed.encode()))}")


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "vc"])
def test_a_cards_claim_may_be_of_any_type(name: str) -> None:
    for value in JSON_VALUES:
        answered(smart.made(smart.card(**{name: value})))
