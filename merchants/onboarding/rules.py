"""Rules of onboarding: what a merchant may become, what a key must be. Pure.

Keys are read the way people paste them: PEM with SubjectPublicKeyInfo or PKCS#1 inside,
or the one line of base64 that Alipay's console shows. Whatever the form, a key is kept
as SPKI in PEM and known by the SHA-256 of its DER.
"""

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from config.kernel.errors import Conflict, InvalidRequest, InvariantBroken
from merchants.onboarding.values import KeyPair, MerchantState, PublicKeyText

MIN_KEY_BITS = 2048
MAX_KEY_BITS = 8192
MAX_KEY_TEXT = 8_000
PUBLIC_EXPONENT = 65_537

TRANSITIONS: Mapping[MerchantState, frozenset[MerchantState]] = {
    MerchantState.DRAFT: frozenset({MerchantState.SUBMITTED, MerchantState.CLOSED}),
    MerchantState.SUBMITTED: frozenset({MerchantState.APPROVED, MerchantState.CLOSED}),
    MerchantState.APPROVED: frozenset({MerchantState.SUSPENDED, MerchantState.CLOSED}),
    MerchantState.SUSPENDED: frozenset({MerchantState.APPROVED, MerchantState.CLOSED}),
    MerchantState.CLOSED: frozenset(),
}


class MerchantStateForbids(Conflict):
    """The merchant cannot go from its state to the one asked for."""

    code = "invalid_state"
    message = "The merchant's state does not allow this."


class TextUnprintable(InvalidRequest):
    """A text that goes into codes and files is empty, too long or not printable ASCII."""

    code = "invalid_request"
    message = "This takes printable ASCII characters only, and not more than fit."


# Quotation marks and written-out line breaks of source code, and marks that nobody sees.
_PASTED = re.compile("\\\\[nr]|[\"'\ufeff\u200b]")


class KeyUnreadable(InvalidRequest):
    """The text is not an RSA public key in any form we read."""

    code = "key_unreadable"
    message = "This is not an RSA public key (PEM, or one line of base64)."


class KeyTooWeak(InvalidRequest):
    """The key is shorter than 2048 bits, longer than 8192, or has an odd exponent."""

    code = "key_too_weak"
    message = "An RSA key has 2048 to 8192 bits and a public exponent of at least 65537."


class PrivateKeyPasted(InvalidRequest):
    """Somebody pasted the private half; it is refused unread and should be replaced."""

    code = "private_key_refused"
    message = "This is a private key: keep it to yourself, make a new pair, paste the public half."


def check_transition(state: MerchantState, target: MerchantState) -> None:
    """Check that a merchant may go from one state to another.

    Raises:
        MerchantStateForbids: TRANSITIONS does not lead there.
    """
    if target not in TRANSITIONS[state]:
        raise MerchantStateForbids(state=state.value, wanted=target.value)


def check_printable(text: str, field: str, *, longest: int) -> None:
    """Check a text for EMVCo's `ans` format: 0x20 to 0x7E, at least one, no margins.

    Raises:
        TextUnprintable: it is empty, padded, longer than `longest`, or not such text.
    """
    if not text or len(text) > longest or text != text.strip():
        raise TextUnprintable(field=field, longest=longest)
    if not (text.isascii() and text.isprintable()):
        raise TextUnprintable(field=field, longest=longest)


def public_key_text(text: str) -> PublicKeyText:
    """Read a pasted public key.

    Raises:
        PrivateKeyPasted: the text says that it is a private key.
        KeyUnreadable: no form of RSA public key fits.
        KeyTooWeak: its size or exponent is out of bounds.
    """
    key = _load_public(text)
    if not MIN_KEY_BITS <= key.key_size <= MAX_KEY_BITS:
        raise KeyTooWeak(field="public_key", bits=key.key_size)
    if key.public_numbers().e < PUBLIC_EXPONENT:
        raise KeyTooWeak(field="public_key", exponent=key.public_numbers().e)
    der = _spki_der(key)
    return PublicKeyText(
        pem=_spki_pem(key), fingerprint=hashlib.sha256(der).hexdigest(), bits=key.key_size
    )


def load_public_key(pem: str) -> rsa.RSAPublicKey:
    """Parse a key that `public_key_text` has accepted before."""
    key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise InvariantBroken("a stored key is an RSA key")
    return key


def public_base64(pem: str) -> str:
    """A public key as one line of base64, the form merchants paste into an SDK."""
    return public_base64_of(load_public_key(pem))


def public_base64_of(key: rsa.RSAPublicKey) -> str:
    """A loaded public key as one line of base64."""
    return base64.b64encode(_spki_der(key)).decode()


def new_key_pair() -> KeyPair:
    """Make an RSA-2048 key pair in each form that an SDK asks for."""
    private = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=MIN_KEY_BITS)
    public = private.public_key()
    return KeyPair(
        private_pkcs1_pem=_private_pem(private, serialization.PrivateFormat.TraditionalOpenSSL),
        private_pkcs8_pem=_private_pem(private, serialization.PrivateFormat.PKCS8),
        public_pem=_spki_pem(public),
        public_base64=base64.b64encode(_spki_der(public)).decode(),
    )


def pkcs8_of(pem: str) -> str:
    """The same private key as PKCS#8, which Java asks for."""
    return _private_pem(load_private_key(pem.encode()), serialization.PrivateFormat.PKCS8)


@functools.lru_cache(maxsize=64)  # checking a key costs more than signing with it
def load_private_key(pem: bytes) -> rsa.RSAPrivateKey:
    """Parse one of our own private keys."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise InvariantBroken("the gateway's key is an RSA key")
    return key


def _load_public(text: str) -> rsa.RSAPublicKey:
    if len(text) > MAX_KEY_TEXT:
        raise KeyUnreadable(field="public_key")
    if "PRIVATE KEY" in text:
        raise PrivateKeyPasted(field="public_key")
    der = _der(text)
    try:
        key = serialization.load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        if _is_private(der):
            raise PrivateKeyPasted(field="public_key") from error
        raise KeyUnreadable(field="public_key") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise KeyUnreadable(field="public_key")
    return key


def _is_private(der: bytes) -> bool:
    """Whether it is the private half without its armour, as the platform's key tool writes it."""
    try:
        serialization.load_der_private_key(der, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _der(text: str) -> bytes:
    """Take off the armour, line breaks and what pasting adds; what is left must be base64."""
    body = re.sub(r"-----(BEGIN|END) (RSA )?PUBLIC KEY-----", "", text)
    body = _PASTED.sub("", body)
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyUnreadable(field="public_key") from error


def _spki_der(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _spki_pem(key: rsa.RSAPublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _private_pem(key: rsa.RSAPrivateKey, form: serialization.PrivateFormat) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, form, serialization.NoEncryption()
    ).decode()
