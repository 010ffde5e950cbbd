"""Each layer of a code at its bounds, and what a refusal tells there."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from cbor2 import CBORTag
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from healthcode.codec import cbor, cose, jws, keys, nzcp, revocation, shc
from healthcode.codec.errors import CertificateRefused
from healthcode.codec.inflate import MAX_INFLATED_BYTES, RAW, ZLIB, deflate, inflate
from healthcode.codec.revocation import Batch, Crl, HashType, RevocationListMalformed
from tests.factories import nzcp as nz
from tests.factories import shc as smart
from tests.factories.certificates import NOON, certificate, ec_key


def refusal(act: Callable[[], object]) -> dict[str, object]:
    with pytest.raises(CertificateRefused) as refused:
        act()
    return refused.value.fields


@pytest.mark.parametrize(
    ("length", "head"),
    [(23, "57"), (24, "5818"), (255, "58ff"), (256, "590100"), (65_535, "59ffff"),
     (65_536, "5a00010000")],
)  # fmt: skip
def test_lengths_are_written_as_short_as_can_be(length: int, head: str) -> None:
    data = cbor.encode(bytes(length))
    assert data[:-length].hex() == head
    assert cbor.decode(data) == bytes(length)
    assert refusal(lambda: cbor.decode(data[:-1]))["reason"] == "cbor_malformed"
    assert refusal(lambda: cbor.decode(data + b"\x00"))["reason"] == "cbor_trailing_bytes"


def test_map_keys_are_sorted_unless_their_order_is_signed() -> None:
    value = {10: 1, -1: 2, "z": 3, "aa": 4, 100: 5}
    assert list(cbor.decode(cbor.encode(value))) == [10, -1, 100, "z", "aa"]
    assert list(cbor.decode(cbor.encode_ordered(value))) == list(value)


def test_nesting_ends_at_its_depth_and_a_refusal_says_what_was_met() -> None:
    assert cbor.decode(b"\x81" * (cbor.MAX_DEPTH - 1) + b"\x00")
    fields = refusal(lambda: cbor.decode(b"\x81" * (cbor.MAX_DEPTH + 1) + b"\x00"))
    assert (fields["stage"], fields["reason"]) == ("cbor", "cbor_malformed")
    assert "depth" in str(fields["detail"])
    assert refusal(lambda: cbor.decode(b"\x00\x00")) == {
        "stage": "cbor", "reason": "cbor_trailing_bytes"
    }  # fmt: skip


@pytest.mark.parametrize("tag", cbor._INTERPRETED_TAGS)
def test_a_tag_stays_a_tag_whatever_it_means_elsewhere(tag: int) -> None:
    assert cbor.decode(cbor.encode_ordered(CBORTag(tag, [1, 0]))) == CBORTag(tag, [1, 0])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"\x00", "AA"),
        (b"\xfb\xff", "-_8"),
        (2**1024 - 1, 2**1024 - 1),
        (2**1024, hex(2**1024)),
        (-(2**1024), hex(-(2**1024))),
        ({2**1024: [b"\x00"], None: (1, True)}, {hex(2**1024): ["AA"], "None": [1, True]}),
        (float("-inf"), "-inf"),
        (1.5, 1.5),
        (CBORTag(7, {1: CBORTag(8, "x")}), {"1": "x"}),
    ],
)
def test_says_in_json_what_json_can_say(value: object, text: object) -> None:
    assert cbor.to_json(value) == text


@pytest.mark.parametrize("value", [10**400, CBORTag(1, 10**400), CBORTag(1, True), CBORTag(2, 5)])
def test_a_number_beyond_all_time_is_no_time(value: object) -> None:
    assert cbor.seconds(value) is None


@pytest.mark.parametrize("wbits", [ZLIB, RAW])
def test_a_stream_inflates_to_its_limit_and_not_a_byte_more(wbits: int) -> None:
    for size in (0, 99, 100):
        assert inflate(deflate(bytes(size), wbits), wbits, limit=100) == bytes(size)
    assert refusal(lambda: inflate(deflate(bytes(101), wbits), wbits, limit=100)) == {
        "stage": "compression", "reason": "inflates_too_large", "limit": 100
    }  # fmt: skip
    assert inflate(deflate(bytes(MAX_INFLATED_BYTES), wbits), wbits) == bytes(MAX_INFLATED_BYTES)
    other = RAW if wbits == ZLIB else ZLIB
    assert refusal(lambda: inflate(deflate(b"text", wbits), other)) in (
        {"stage": "compression", "reason": "not_deflated"},
        {"stage": "compression", "reason": "stream_incomplete"},
    )


def test_a_stream_is_deflated_at_the_highest_level() -> None:
    data = bytes(range(256)) * 40
    assert deflate(data, ZLIB) == zlib.compress(data, 9)
    assert zlib.decompress(deflate(data, RAW), -15) == data


def test_a_jws_is_taken_apart_into_what_is_signed_and_the_rest() -> None:
    header, payload = b'{"alg":"ES256"}', b"\x00\x01"
    text = f"{jws.encoded(header)}.{jws.encoded(payload)}.{jws.encoded(b'sign')}"
    assert jws.parse(text) == jws.Jws(
        {"alg": "ES256"}, payload, b"sign", text.rpartition(".")[0].encode()
    )
    for broken, stage, reason in (
        (text + ".x", "encoding", "jws_parts"),
        (text.partition(".")[0], "encoding", "jws_parts"),
        (text + "!", "encoding", "jws_base64"),
        (f"{jws.encoded(b'[]')}.a.a"[:-2] + ".AA", "encoding", "jws_base64"),
        (f"{jws.encoded(b'[]')}.AA.AA", "cose", "jws_header"),
        (f"{jws.encoded(b'{')}.AA.AA", "cose", "jws_header"),
    ):
        assert refusal(partial(jws.parse, broken)) == {"stage": stage, "reason": reason}
    critical = f"{jws.encoded(json.dumps({'crit': []}).encode())}.AA.AA"
    assert refusal(lambda: jws.parse(critical)) == {
        "stage": "cose", "reason": "critical_header_unknown"
    }  # fmt: skip


def test_json_may_be_nested_to_its_depth_and_is_an_object() -> None:
    def nested(depth: int) -> bytes:
        return b'{"a":' * depth + b"1" + b"}" * depth

    assert jws.json_object(nested(jws.MAX_DEPTH))
    for data, reason in (
        (nested(jws.MAX_DEPTH + 1), "json_malformed"),
        (b"[]", "json_not_an_object"),
        (b'"x"', "json_not_an_object"),
    ):
        assert refusal(partial(jws.json_object, data)) == {
            "stage": "cbor", "reason": reason
        }  # fmt: skip


PROTECTED = {cose.ALG: cose.ES256, cose.KID: b"kid"}
KEY = keys.Key(ec_key().public_key(), b"kid")


def test_a_signed_message_is_written_with_its_tag_and_all_headers_protected() -> None:
    data = cose.sign1(b"text", protected=PROTECTED, signer=lambda signed: signed)
    headers = bytes.fromhex("a2012604436b6964")
    signed = cbor.encode_ordered(["Signature1", headers, b"", b"text"])
    assert data == cbor.encode_ordered(CBORTag(18, [headers, {}, b"text", signed]))
    message = cose.parse_sign1(data)
    assert message == cose.Sign1(PROTECTED, headers, {}, b"text", signed)
    assert (message.alg, message.kid, message.signed_bytes()) == (-7, b"kid", signed)
    external = cbor.encode_ordered(["Signature1", headers, b"more", b"text"])
    assert message.signed_bytes(b"more") == external


def test_protected_headers_win_and_empty_ones_are_signed_as_none() -> None:
    empty = cose.parse_sign1(cbor.encode([b"\xa0", {1: -35, 4: "k"}, b"p", b"s"]))
    assert (empty.alg, empty.kid) == (-35, b"k")
    assert empty.signed_bytes() == cbor.encode(["Signature1", b"", b"", b"p"])
    both = cose.parse_sign1(cbor.encode([cbor.encode(PROTECTED), {1: -35, 4: b"x"}, b"", b""]))
    assert (both.alg, both.kid) == (-7, b"kid")


@pytest.mark.parametrize(
    ("critical", "understood"),
    [([1, 2, 3, 4], True), ([], True), ((), True), ([5], False), ([4, 5], False), ("x", False),
     (1, False), ([True], True), (["alg"], False)],
)  # fmt: skip
def test_what_a_header_calls_critical_has_to_be_understood(
    critical: object, understood: bool
) -> None:
    data = cbor.encode_ordered([cbor.encode_ordered({2: critical}), {}, b"", b""])
    if understood:
        assert cose.parse_sign1(data).protected[2] is not None
    else:
        assert refusal(lambda: cose.parse_sign1(data)) == {
            "stage": "cose", "reason": "critical_header_unknown"
        }  # fmt: skip


def test_a_refusal_of_a_message_names_its_tag_or_algorithm() -> None:
    assert refusal(lambda: cose.parse_sign1(cbor.encode_ordered(CBORTag(98, [])))) == {
        "stage": "cose", "reason": "cose_tag", "tag": 98
    }  # fmt: skip
    twice = cbor.encode_ordered(CBORTag(61, CBORTag(61, [])))
    assert refusal(lambda: cose.parse_sign1(twice))["tag"] == 61
    odd = cose.parse_sign1(cose.sign1(b"", protected={1: 7}, signer=bytes))
    assert refusal(lambda: cose.verify_sign1(odd, [KEY])) == {
        "stage": "cose", "reason": "algorithm_unknown", "alg": "7"
    }  # fmt: skip
    good = cose.parse_sign1(cose.sign1(b"", protected=PROTECTED, signer=lambda _: bytes(64)))
    for candidates in ([KEY], []):
        assert refusal(partial(cose.verify_sign1, good, candidates)) == {
            "stage": "signature", "reason": "signature_invalid"
        }  # fmt: skip


def test_what_is_signed_along_is_part_of_what_the_signature_covers() -> None:
    def signer(signed: bytes) -> bytes:
        return cose.es256_signer(ec_key())(signed.replace(b"\x40\x44text", b"\x44more\x44text"))

    message = cose.parse_sign1(cose.sign1(b"text", protected=PROTECTED, signer=signer))
    assert cose.verify_sign1(message, [KEY], b"more") is KEY
    assert refusal(lambda: cose.verify_sign1(message, [KEY]))["reason"] == "signature_invalid"


def test_ed25519_signs_by_its_own_number_alone() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    public, signature = private.public_key(), private.sign(b"text")
    for alg, signed, holds in ((-8, b"text", True), (-8, b"TEXT", False), (-7, b"text", False)):
        assert cose.is_signature(alg, public, signature, signed) is holds


@given(st.integers(0, 63), st.integers(1, 255))
def test_no_changed_byte_of_a_signature_goes_unnoticed(place: int, change: int) -> None:
    signature = bytearray(cose.es256_signer(ec_key())(b"text"))
    assert cose.is_signature(cose.ES256, KEY.public, bytes(signature), b"text")
    signature[place] ^= change
    assert not cose.is_signature(cose.ES256, KEY.public, bytes(signature), b"text")


def test_a_certificate_is_read_with_its_id_life_and_usages() -> None:
    arcs = ("1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1.")
    for arc in arcs:
        for number, groups in (("1", {"t"}), ("2", {"v"}), ("3", {"r"}), ("4", set())):
            der = certificate(ec_key(), usages=(arc + number, "1.2.3"))
            assert keys.from_certificate(der) == keys.Key(
                ec_key().public_key(),
                hashlib.sha256(der).digest()[:8],
                frozenset(groups),
                NOON - timedelta(days=365),
                NOON + timedelta(days=365),
            )
    assert keys.from_certificate(certificate(ec_key())).usages == frozenset()


@pytest.mark.parametrize("text", ["!", "é", "A"])
def test_what_is_no_base64_is_no_certificate(text: str) -> None:
    with pytest.raises(keys.UnusableKey) as refused:
        keys.from_certificate(text)
    assert refused.value.code == "unusable_key"
    assert refused.value.fields == {"reason": "the certificate is not base64"}


def test_a_jwk_of_each_kind_is_read_with_its_id() -> None:
    raw = ed25519.Ed25519PrivateKey.generate().public_key()
    x = jws.encoded(raw.public_bytes(Encoding.Raw, PublicFormat.Raw))
    assert keys.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x}) == keys.Key(raw)
    for name, curve in (("P-256", ec.SECP256R1), ("P-384", ec.SECP384R1), ("P-521", ec.SECP521R1)):
        public = ec_key(name, curve).public_key()
        numbers = public.public_numbers()
        x, y = (jws.encoded(number.to_bytes(66)) for number in (numbers.x, numbers.y))
        jwk = {"kty": "EC", "crv": name, "x": x, "y": y, "kid": 7}
        assert keys.from_jwk(jwk) == keys.Key(public, b"7")
    for odd in ({"kty": "OKP", "crv": "X25519", "x": x}, {"kty": "okp", "crv": "Ed448", "x": x}):
        with pytest.raises(keys.UnusableKey) as refused:
            keys.from_jwk(odd)
        assert "unknown key type or curve" in str(refused.value)
    with pytest.raises(keys.UnusableKey, match="the JWK cannot be used: KeyError"):
        keys.from_jwk({"kty": "EC", "crv": "P-256"})


def test_a_key_is_written_as_a_jwk_named_by_its_thumbprint() -> None:
    """RFC 7638: SHA-256 of the required members in order, without blanks."""
    public = ec_key().public_key()
    numbers = public.public_numbers()
    x, y = (jws.encoded(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    text = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
    name = jws.encoded(hashlib.sha256(text.encode()).digest())
    assert keys.to_jwk(public) == {
        "kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": name,
    }  # fmt: skip
    assert keys.short_kid(keys.to_jwk(public)) == base64.urlsafe_b64decode(name + "=")[:8]
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert keys.fingerprint(public) == hashlib.sha256(der).hexdigest()
    assert keys.to_cose_key(public) == {1: 2, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y % 2}


def test_keys_of_a_name_and_of_none_are_candidates_in_their_order() -> None:
    public = ec_key().public_key()
    all_keys = [keys.Key(public, name) for name in (b"", b"a", b"b", b"a")]
    assert keys.named(iter(all_keys), b"a") == [all_keys[0], all_keys[1], all_keys[3]]
    assert keys.named([], b"a") == []


@pytest.mark.parametrize("text", ["AAAA++++", "AAAA////", "++++"])
def test_the_letters_of_plain_base64_are_none_of_base64url(text: str) -> None:
    with pytest.raises(ValueError, match=r"^the text holds characters outside base64url$"):
        keys.base64url(text)


@pytest.mark.parametrize("text", ["AA=", "=", 7, b"AA", None])
def test_base64url_is_text_without_padding(text: Any) -> None:
    with pytest.raises(ValueError, match=r"^base64url is text without padding$"):
        keys.base64url(text)


@given(st.binary(max_size=40))
def test_base64url_goes_there_and_back_and_has_one_spelling_of_its_length(data: bytes) -> None:
    text = jws.encoded(data)
    assert keys.base64url(text) == data
    for broken in (text + "=", text + "A" * (-len(text) % 4 + 1), text + "+", text + "\n"):
        if len(broken) % 4 == 1 or set(broken) & set("=+\n"):
            with pytest.raises(ValueError, match=r"."):
                keys.base64url(broken)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kty": "OKP"}, "the key is not on P-256"),
        ({"crv": "P-384"}, "the key is not on P-256"),
        ({"alg": "ES384"}, "the key is not for ES256 signatures"),
        ({"use": "enc"}, "the key is not for ES256 signatures"),
        ({"kid": "another"}, "the key is not named by its thumbprint"),
        ({"x5c": [base64.b64encode(certificate(ec_key("x5c"))).decode()]},
         "the certificate is of another key"),
    ],
)  # fmt: skip
def test_a_key_that_may_sign_no_cards_says_why(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(keys.UnusableKey) as refused:
        shc.check_jwk({**smart.OWN, **changes})
    assert refused.value.fields == {"reason": why}


@pytest.mark.parametrize("left_out", ["alg", "use", "x5c"])
def test_a_key_for_cards_need_not_say_what_it_is_for(left_out: str) -> None:
    jwk = {name: value for name, value in smart.OWN.items() if name != left_out}
    key = keys.Key(ec_key().public_key(), smart.OWN["kid"].encode())
    chains: list[dict[str, Any]] = [{}, {"x5c": []}, {"x5c": "chain"}]
    for chain in chains:
        assert shc.check_jwk({**jwk, **chain}) == key
    nameless = {name: value for name, value in smart.OWN.items() if name != "kid"}
    fields = refusal(lambda: shc.verify(smart.issued(), [nameless], at=NOON))
    assert fields["reason"] == "key_unknown"


def test_a_card_in_many_chunks_is_joined_up_to_their_most() -> None:
    for count, joined in ((1, True), (64, True), (65, False)):
        parts = [f"shc:/{number}/{count}/00" for number in range(1, count + 1)]
        if joined:
            assert shc.read(parts) == "-" * count
        else:
            assert refusal(partial(shc.read, parts)) == {
                "stage": "encoding", "reason": "chunk_header"
            }  # fmt: skip
    assert shc.read("shc:/007677") == "-yz"


BATCH: dict[str, Any] = {
    "country": "FR", "expires": "2022-11-01T02:00:00+02:00", "kid": "AAAAAAAAAAA=",
    "hashType": "SIGNATURE", "entries": [{"hash": "AQAAAAAAAAAAAAAAAAAAAA=="}],
}  # fmt: skip


def test_a_batch_is_written_to_the_letter() -> None:
    names = frozenset({"AQAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAA=="})
    zone = timezone(timedelta(hours=2))
    ends = datetime(2022, 11, 1, 2, 0, 0, 5, tzinfo=zone)
    batch = Batch("FR", revocation.ANY_KEY, HashType.UCI, ends, names)
    assert revocation.write_batch(batch) == (
        '{"country":"FR","expires":"2022-11-01T00:00:00+00:00","kid":"UNKNOWN_KID",'
        '"hashType":"UCI","entries":[{"hash":"AAAAAAAAAAAAAAAAAAAAAA=="},'
        '{"hash":"AQAAAAAAAAAAAAAAAAAAAA=="}]}'
    )
    read = revocation.read_batch(json.dumps(BATCH).encode())
    assert (read.hash_type, read.expires_at) == (HashType.SIGNATURE, ends.replace(microsecond=0))
    plain = revocation.read_batch(json.dumps({**BATCH, "expires": "2022-11-01T00:00:00"}))
    assert plain.expires_at == datetime(2022, 11, 1, tzinfo=UTC)


def test_a_list_may_have_its_most_entries_and_not_one_more() -> None:
    crl = {"kid": "k", "method": "rid", "ctr": 1}
    for count in (0, revocation.MAX_ENTRIES, revocation.MAX_ENTRIES + 1):
        entries = BATCH["entries"] * count
        fits = 0 < count <= revocation.MAX_ENTRIES
        for read, document, field, taken in (
            (revocation.read_batch, {**BATCH, "entries": entries}, "entries", fits),
            (revocation.read_crl, {**crl, "rids": ["a"] * count}, "rids", fits or not count),
        ):
            if taken:
                assert read(json.dumps(document))
            else:
                with pytest.raises(RevocationListMalformed) as refused:
                    read(json.dumps(document))
                assert refused.value.field == field


@pytest.mark.parametrize(
    ("rids", "ends"),
    [
        ([], {}),
        (["a", "a.5"], {"a": None}),
        (["a.5", "a"], {"a": None}),
        (["a.5", "a.7", "a.6", "b.1"], {"a": 7, "b": 1}),
        (["a.0"], {"a": 0}),
    ],
)
def test_an_id_that_is_listed_twice_is_revoked_by_what_reaches_further(
    rids: list[str], ends: dict[str, int | None]
) -> None:
    text = json.dumps({"kid": "k", "method": "rid", "ctr": 3, "rids": rids})
    assert revocation.read_crl(text) == Crl("k", 3, ends)


@pytest.mark.parametrize("kid", [b"\xff", "key-1", b"key-1"])
def test_a_pass_names_its_key_in_text_or_in_bytes(kid: Any) -> None:
    text = nz.made(protected={1: -7, 4: kid})
    if kid == b"\xff":
        assert refusal(lambda: nzcp.verify(text, at=NOON, did_document=nz.OWN_DOCUMENT)) == {
            "stage": "signature", "reason": "key_may_not_assert", "kid": "\ufffd"
        }  # fmt: skip
    else:
        assert nzcp.verify(text, at=NOON, did_document=nz.OWN_DOCUMENT).kind == "NZCP"


@pytest.mark.parametrize(
    "method",
    [
        "text",
        {"id": f"{nz.DID}#key-2"},
        {"type": "Ed25519VerificationKey2018"},
        {"publicKeyJwk": None},
        {"publicKeyJwk": {**nz.OWN, "crv": "P-384"}},
    ],
)
def test_a_method_of_another_kind_is_no_key_of_a_pass(method: Any) -> None:
    [good] = nz.OWN_DOCUMENT["verificationMethod"]
    other = {**good, **method} if isinstance(method, dict) else method
    document = {**nz.OWN_DOCUMENT, "verificationMethod": [other]}
    assert refusal(lambda: nzcp.verify(nz.made(), at=NOON, did_document=document)) == {
        "stage": "signature", "reason": "key_unknown", "kid": "key-1"
    }  # fmt: skip
    both = {**nz.OWN_DOCUMENT, "verificationMethod": [other, good]}
    assert nzcp.verify(nz.made(), at=NOON, did_document=both).issuer == nz.DID
