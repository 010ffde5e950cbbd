"""COSE signatures (RFC 9052) as far as certificates need them: COSE_Sign1 and COSE_Sign.

The algorithm names the hash, the key brings its curve: issuers are known that sign with
P-384 keys under alg -7, and a verifier is expected to follow them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cbor2 import CBORTag
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from healthcode.codec import cbor
from healthcode.codec.errors import CertificateRefused, Stage, said
from healthcode.codec.keys import Key, PublicKey

ALG, CRIT, CONTENT_TYPE, KID = 1, 2, 3, 4
# What a protected header may call critical and we understand (RFC 9052, 3.1).
_UNDERSTOOD = frozenset({ALG, CRIT, CONTENT_TYPE, KID})
ES256, ES384, ES512, EDDSA, PS256, PS384, PS512 = -7, -35, -36, -8, -37, -38, -39
TAG_SIGN1, TAG_CWT = 18, 61
MIN_RSA_BITS = 2048
HEADER_MALFORMED = "cose_header_malformed"

_ECDSA: dict[int, hashes.HashAlgorithm] = {
    ES256: hashes.SHA256(),
    ES384: hashes.SHA384(),
    ES512: hashes.SHA512(),
}
_PSS: dict[int, hashes.HashAlgorithm] = {
    PS256: hashes.SHA256(),
    PS384: hashes.SHA384(),
    PS512: hashes.SHA512(),
}
Headers = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Sign1:
    """A parsed COSE_Sign1: what is signed, by whom it says, and the signature."""

    protected: Headers
    protected_bytes: bytes
    unprotected: Headers
    payload: bytes
    signature: bytes

    @property
    def alg(self) -> object:
        """The algorithm: protected wins, unprotected is tolerated."""
        return self.protected.get(ALG, self.unprotected.get(ALG))

    @property
    def kid(self) -> bytes | None:
        """The key's id: protected wins over unprotected (hcert 1.0.8, 3.3.2)."""
        kid = self.protected.get(KID, self.unprotected.get(KID))
        if isinstance(kid, str):
            return kid.encode()
        return kid if isinstance(kid, bytes) else None

    def signed_bytes(self, external: bytes = b"") -> bytes:
        """The Sig_structure of RFC 9052, 4.4. An empty protected map is signed as none."""
        protected = self.protected_bytes if self.protected else b""
        return cbor.encode_ordered(["Signature1", protected, external, self.payload])


def parse_sign1(data: bytes) -> Sign1:
    """Read a COSE_Sign1: bare, under tag 18, or that under the CWT tag 61.

    Raises:
        CertificateRefused: at stage cbor or cose.
    """
    return _sign1(_untagged(cbor.decode(data), TAG_SIGN1))


def _untagged(value: object, tag: int) -> object:
    if isinstance(value, CBORTag) and value.tag == TAG_CWT:
        value = value.value
    if isinstance(value, CBORTag):
        if value.tag != tag:
            raise CertificateRefused(Stage.COSE, "cose_tag", tag=value.tag)
        return value.value
    return value


def _sign1(value: object) -> Sign1:
    match value:
        case [bytes() as protected, Mapping() as unprotected, bytes() as payload, bytes() as made]:
            return Sign1(_headers(protected), protected, unprotected, payload, made)
    raise CertificateRefused(Stage.COSE, "cose_structure")


def _headers(data: bytes) -> Headers:
    try:
        headers = cbor.decode(data) if data else {}
    except CertificateRefused as error:
        raise CertificateRefused(Stage.CBOR, HEADER_MALFORMED) from error
    if not isinstance(headers, Mapping):
        raise CertificateRefused(Stage.COSE, "cose_protected_header")
    critical = headers.get(CRIT, ())
    labels = critical if isinstance(critical, list | tuple) else [None]
    if not all(isinstance(label, int) and label in _UNDERSTOOD for label in labels):
        raise CertificateRefused(Stage.COSE, "critical_header_unknown")
    return headers


def verify_sign1(message: Sign1, keys: Iterable[Key], external: bytes = b"") -> Key:
    """Find the key that made the signature.

    Each candidate is tried, for several may share one id. `external` is data that is
    signed along but not carried.

    Raises:
        CertificateRefused: at stage cose for an algorithm we do not know, at stage
            signature where no key made it.
    """
    signed = message.signed_bytes(external)
    return _find_key(message.alg, keys, message.signature, signed)


def _find_key(alg: object, keys: Iterable[Key], signature: bytes, signed: bytes) -> Key:
    # Headers are the sender's: an algorithm may come as anything CBOR can hold, a list too.
    if not isinstance(alg, int) or (alg not in _ECDSA and alg not in _PSS and alg != EDDSA):
        raise CertificateRefused(Stage.COSE, "algorithm_unknown", alg=said(alg))
    for key in keys:
        if is_signature(alg, key.public, signature, signed):
            return key
    raise CertificateRefused(Stage.SIGNATURE, "signature_invalid")


def is_signature(alg: object, public: PublicKey, signature: bytes, signed: bytes) -> bool:
    """Whether this key made this signature by this algorithm (COSE numbers)."""
    try:
        if isinstance(public, ec.EllipticCurvePublicKey) and alg in _ECDSA:
            return _is_ecdsa(_ECDSA[alg], public, signature, signed)
        if isinstance(public, rsa.RSAPublicKey) and alg in _PSS:
            return _is_pss(_PSS[alg], public, signature, signed)
        if isinstance(public, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and alg == EDDSA:
            public.verify(signature, signed)
            return True
    except InvalidSignature:
        return False
    return False


def _is_ecdsa(
    algorithm: hashes.HashAlgorithm,
    public: ec.EllipticCurvePublicKey,
    signature: bytes,
    signed: bytes,
) -> bool:
    size = (public.key_size + 7) // 8
    if len(signature) != 2 * size:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    public.verify(der, signed, ec.ECDSA(algorithm))
    return True


def _is_pss(
    algorithm: hashes.HashAlgorithm, public: rsa.RSAPublicKey, signature: bytes, signed: bytes
) -> bool:
    if public.key_size < MIN_RSA_BITS:
        return False
    pss = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    public.verify(signature, signed, pss, algorithm)
    return True


Signer = Callable[[bytes], bytes]


def sign1(payload: bytes, *, protected: Headers, signer: Signer) -> bytes:
    """Write a tagged COSE_Sign1 whose headers are all protected."""
    headers = cbor.encode_ordered(protected)
    signed = cbor.encode_ordered(["Signature1", headers, b"", payload])
    return cbor.encode_ordered(CBORTag(TAG_SIGN1, [headers, {}, payload, signer(signed)]))


def es256_signer(private: ec.EllipticCurvePrivateKey) -> Signer:
    """Sign with a P-256 key; signatures as r and s of 32 bytes each (RFC 9053, 2.1)."""
    algorithm = ec.ECDSA(hashes.SHA256())

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(data, algorithm))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign
