"""Whose voice orders are believed: what may be bound can sign, and nothing else is signed."""

import base64
import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from merchants.speakers import rules
from merchants.speakers.values import Spoken, Voice

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
CURVE, RSA = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
ORDER = Spoken(
    uuid.uuid4(), "r-1", "Eggs", "9.00", Voice.ADULT, datetime(2026, 3, 1, tzinfo=UTC), ""
)


def pem(key: Key) -> str:
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed(order: Spoken, key: Key) -> Spoken:
    text = rules.signed_text(order)
    if isinstance(key, rsa.RSAPrivateKey):
        raw = key.sign(text, padding.PKCS1v15(), SHA256())
    else:
        raw = key.sign(text, ec.ECDSA(SHA256()))
    return replace(order, signature=base64.b64encode(raw).decode())


@pytest.mark.parametrize("key", [CURVE, RSA], ids=["P-256", "RSA"])
def test_a_speaker_is_believed_what_it_signed_alone(key: Key) -> None:
    order = signed(ORDER, key)
    rules.check_signature(order, public_key=pem(key))
    for forged in (replace(order, amount="90.00"), replace(order, signature="no base64!")):
        with pytest.raises(rules.SpokenForged):
            rules.check_signature(forged, public_key=pem(key))
