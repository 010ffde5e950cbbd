"""Whom a face terminal's word makes the gateway believe."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.faces import rules
from merchants.faces.values import Assertion

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CURVE = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
SAID = Assertion("s", "n", "t", "p", 90, NOW, "+8613800138001", "")
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey


def pem(key: Key) -> str:
    """The public key as text."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(said: Assertion, *, by: Key = CURVE) -> Assertion:
    """An assertion with its terminal's signature."""
    text = rules.signed_text(said)
    if isinstance(by, rsa.RSAPrivateKey):
        raw = by.sign(text, padding.PKCS1v15(), SHA256())
    else:
        assert isinstance(by, ec.EllipticCurvePrivateKey)
        raw = by.sign(text, ec.ECDSA(SHA256()))
    return replace(said, signature=base64.b64encode(raw).decode())


@pytest.mark.parametrize("key", [CURVE, RSA], ids=["P-256", "RSA"])
def test_a_terminal_is_believed_what_it_signed(key: Key) -> None:
    assert rules.terminal_key(pem(key)) == pem(key)
    rules.check_signature(signed(SAID, by=key), public_key=pem(key))


@pytest.mark.parametrize(
    "change",
    [{"session": "x"}, {"nonce": "x"}, {"terminal": "x"}, {"subject": "x"}, {"liveness": 91},
     {"taken_at": NOW + timedelta(seconds=1)}, {"phone": "+8613800138002"}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
@pytest.mark.parametrize("key", [CURVE, RSA], ids=["P-256", "RSA"])
def test_every_fact_is_signed(key: Key, change: dict[str, object]) -> None:
    said = replace(signed(SAID, by=key), **change)  # type: ignore[arg-type]
    with pytest.raises(rules.AssertionForged):
        rules.check_signature(said, public_key=pem(key))


@pytest.mark.parametrize("signature", ["", "no base64 at all!", "AAAA", "签名"])
def test_what_is_no_signature_is_refused_and_nothing_worse(signature: str) -> None:
    with pytest.raises(rules.AssertionForged):
        rules.check_signature(replace(SAID, signature=signature), public_key=pem(CURVE))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ed25519.Ed25519PrivateKey.generate()),
        pem(RSA) + "x" * 4_000,
    ],
    ids=["empty", "text", "P-384", "RSA-1024", "Ed25519", "long"],
)
def test_other_keys_are_unfit(text: str) -> None:
    with pytest.raises(rules.TerminalKeyUnfit):
        rules.terminal_key(text)


def test_a_kept_key_of_another_kind_makes_nobody_believed() -> None:
    with pytest.raises(rules.AssertionForged):
        rules.check_signature(signed(SAID), public_key=pem(ed25519.Ed25519PrivateKey.generate()))


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_a_look_of_the_last_minute_is_fresh_either_way(seconds: int) -> None:
    rules.check_fresh(NOW + timedelta(seconds=seconds), at=NOW)


@pytest.mark.parametrize(
    "taken_at",
    [
        NOW - timedelta(seconds=60, microseconds=1),
        NOW + timedelta(seconds=60, microseconds=1),
        NOW.replace(tzinfo=None),
    ],
)
def test_an_older_look_is_stale_and_so_is_one_without_a_zone(taken_at: datetime) -> None:
    with pytest.raises(rules.AssertionStale):
        rules.check_fresh(taken_at, at=NOW)


def test_a_token_is_letters_and_digits_and_kept_as_its_fingerprint() -> None:
    assert rules.encoded(b"\x00" * 20).isalnum()
    assert rules.fingerprint("fp1") != rules.fingerprint("fp2")
    assert len(rules.fingerprint("\ud800")) == 64
