"""Whatever comes in, a decoder answers or refuses: it never breaks."""

import base64
import contextlib
from typing import Any

from cbor2 import CBORTag
from hypothesis import given
from hypothesis import strategies as st

from healthcode.codec import base45, cbor, certificates, cose, hc1, keys, sh1
from healthcode.codec.certificates import Trust
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.inflate import RAW, ZLIB, deflate, inflate
from healthcode.codec.keys import UnusableKey
from healthcode.rules.certlogic.evaluator import evaluate, to_json
from healthcode.rules.certlogic.validator import data_accesses, desugared, problems
from healthcode.rules.certlogic.values import CertLogicError
from tests.factories.certificates import NOON, certificate, ec_key

TRUST = Trust(
    certificates=[base64.b64encode(certificate(ec_key())).decode()],
    jwks=[keys.to_jwk(ec_key().public_key())],
    did_document={"id": "did:web:example.org"},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)
ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8)
    | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.integers(-300, 300) | st.text(max_size=4), inner, max_size=4)
    | st.builds(CBORTag, st.sampled_from([0, 1, 2, 18, 61, 98, 55799]), inner),
    max_leaves=15,
)  # fmt: skip
OPERATORS = st.sampled_from(
    ["var", "if", "and", "!", "===", "in", "+", "<", ">=", "after", "not-before", "plusTime",
     "reduce", "extractFromUVCI", "dccDateOfBirth", "or", "nothing"]
)  # fmt: skip
EXPRESSIONS = st.recursive(
    JSON,
    lambda inner: st.dictionaries(
        OPERATORS, inner | st.lists(inner, max_size=4), min_size=1, max_size=1
    ),
    max_leaves=12,
)


def tried(text: str) -> None:
    """Verify, or be refused."""
    with contextlib.suppress(CertificateRefused):
        certificates.verify(text, TRUST, at=NOON)


@given(
    prefix=st.sampled_from(["HC1:", "SH1:", "shc:/", "NZCP:/1/", "eyJ", "", "HC2:"]), text=st.text()
)
def test_any_text_under_any_prefix(prefix: str, text: str) -> None:
    tried(prefix + text)


@given(data=st.binary(max_size=300))
def test_any_bytes_in_any_layer(data: bytes) -> None:
    tried("HC1:" + base45.encode(data))
    tried("HC1:" + base45.encode(deflate(data, ZLIB)))
    tried("SH1:" + base45.encode(data))
    for wbits in (ZLIB, RAW):
        with contextlib.suppress(CertificateRefused):
            inflate(data, wbits)


@given(item=ITEMS)
def test_any_item_as_a_message(item: Any) -> None:
    data = cbor.encode_ordered(item)
    with contextlib.suppress(CertificateRefused):
        cose.parse_sign1(data)
    for text in (base45.encode(deflate(data, ZLIB)), base45.encode(data)):
        tried("HC1:" + text)
        tried("SH1:" + text)


@given(item=ITEMS)
def test_any_content_under_a_good_signature(item: Any) -> None:
    key = keys.from_certificate(certificate(ec_key()))
    headers = {cose.ALG: cose.ES256, cose.KID: key.kid}
    signer = cose.es256_signer(ec_key())
    for content in (item, {hc1.HCERT: {1: item}}, {sh1.HEALTH: item, 4: item, 6: item, 7: item}):
        data = cose.sign1(cbor.encode_ordered(content), protected=headers, signer=signer)
        tried("HC1:" + base45.encode(deflate(data, ZLIB)))
        with contextlib.suppress(CertificateRefused):
            sh1.verify("SH1:" + base45.encode(data), [key], at=NOON)


@given(value=JSON)
def test_any_key(value: Any) -> None:
    for read in (keys.from_jwk, keys.from_certificate, keys.from_cose_key):
        with contextlib.suppress(UnusableKey, AttributeError, TypeError):
            read(value)
    if isinstance(value, dict):
        with contextlib.suppress(UnusableKey):
            keys.from_jwk({"kty": "EC", "crv": "P-256", **value})


@given(expression=EXPRESSIONS, data=JSON)
def test_any_expression_on_any_data(expression: Any, data: Any) -> None:
    problems(expression)
    data_accesses(expression)
    desugared(expression)
    with contextlib.suppress(CertLogicError):
        to_json(evaluate(expression, data))


@given(data=st.binary(max_size=200))
def test_base45_gives_back_what_it_was_given(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data
