"""Rules of certificates: how they are named, made and read. Pure: no Django, no clock.

Clients name a certificate by the MD5 of its issuer's name and its serial number. One
widespread client writes every issuer as `CN,OU,O,C` whatever it holds, so that all of them
agree only on issuers encoded exactly C, O, OU, CN; ours is.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from config.kernel.errors import InvalidRequest

ROOT_LIFE: Final = timedelta(days=30 * 365)
LEAF_LIFE: Final = timedelta(days=5 * 365)
RENEW_BEFORE: Final = timedelta(days=90)
ROOT_NAME: Final = ("CN", "Saoma", "Saoma CA", "Saoma Root R1")
# Roots that sign nothing here. Clients trust a bundle of several, as the real one is: one that
# is not RSA, which they leave out, and one whose serial number no 64-bit integer holds.
SKIPPED_ROOT_NAME: Final = ("CN", "Saoma", "Saoma CA", "Saoma Root E1")
SECOND_ROOT_NAME: Final = ("CN", "Saoma", "Saoma CA", "Saoma Root R2")
SECOND_SERIAL: Final = 0xD3A9_F04C_81B7_5E26_90C4_7A1F
SERIAL_BITS: Final = 62
LONGEST_REQUEST: Final = 16_000
_RSA: Final = "1.2.840.113549.1.1"
_SHORT: Final = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.COUNTRY_NAME: "C",
}


class RequestUnreadable(InvalidRequest):
    """The text is no certificate signing request for an RSA key that signed it."""

    code = "certificate_request_unreadable"
    message = "This is not a certificate signing request (PEM) of an RSA key."


def name(country: str, organisation: str, unit: str, common: str) -> x509.Name:
    """A name in the one order that all clients print alike."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def printed(issuer: x509.Name) -> str:
    """A name as RFC 2253 prints it: last part first, commas without blanks."""
    return ",".join(f"{_SHORT[part.oid]}={part.value!s}" for part in reversed(list(issuer)))


def serial_name(issuer: str, serial: int) -> str:
    """The number clients call a certificate by, from its issuer as printed and its serial."""
    return hashlib.md5(f"{issuer}{serial}".encode(), usedforsecurity=False).hexdigest()


def sn_of(certificate: x509.Certificate) -> str:
    """The number clients call this certificate by."""
    return serial_name(printed(certificate.issuer), certificate.serial_number)


def bundle(pems: Iterable[str]) -> str:
    """Certificates in one text, a blank line between them: one client splits there."""
    return "\n\n".join(pem.strip() for pem in pems) + "\n"


def bundle_sn(sns: Iterable[str]) -> str:
    """The number clients send for the roots they trust."""
    return "_".join(sns)


def make_root(
    key: RSAPrivateKey | EllipticCurvePrivateKey,
    *,
    serial: int,
    at: datetime,
    name_parts: tuple[str, str, str, str] = ROOT_NAME,
) -> x509.Certificate:
    """A root that signs itself."""
    subject = name(*name_parts)
    draft = _draft(subject, subject, key.public_key(), serial, at, ROOT_LIFE)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return draft.add_extension(_usage(signs_certificates=True), critical=True).sign(key, SHA256())


def make_leaf(
    public_key: RSAPublicKey,
    *,
    common_name: str,
    root: x509.Certificate,
    root_key: RSAPrivateKey,
    serial: int,
    at: datetime,
) -> x509.Certificate:
    """A certificate of an app or of the gateway, signed by the root."""
    subject = name("CN", "Saoma", "Saoma Gateway", common_name)
    draft = _draft(subject, root.subject, public_key, serial, at, LEAF_LIFE)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(signs_certificates=False), critical=True)
    return draft.sign(root_key, SHA256())


def pem_of(certificate: x509.Certificate) -> str:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def requested_key(request: str) -> str:
    """The public key (PEM) that a signing request is for; other texts are given back.

    Raises:
        RequestUnreadable: it says that it is a request, and is none, or not of its own key.
    """
    if "CERTIFICATE REQUEST" not in request:
        return request
    if len(request) > LONGEST_REQUEST:
        raise RequestUnreadable(field="request")
    try:
        csr = x509.load_pem_x509_csr(request.encode())
        sound = csr.is_signature_valid
        key = csr.public_key()
    except Exception as error:  # The parser raises what it likes for what it cannot read.
        raise RequestUnreadable(field="request") from error
    if not sound or not isinstance(key, RSAPublicKey):
        raise RequestUnreadable(field="request")
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def fits_roots(sent: str, *, counted: Iterable[str], signing: str) -> bool:
    """Whether the roots that a client trusts are ours, the signing one among them.

    A client that was set up before there were several trusts fewer, and is as good.

    Args:
        sent: the numbers that it sent, joined.
        counted: the numbers of our roots that clients count.
        signing: the number of the root that signs.
    """
    trusted = sent.split("_")
    return signing in trusted and set(trusted) <= set(counted) and len(trusted) == len(set(trusted))


def is_rsa_signed(certificate: x509.Certificate) -> bool:
    """Whether clients count a root: those signed with RSA alone."""
    return certificate.signature_algorithm_oid.dotted_string.startswith(_RSA)


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: RSAPublicKey | EllipticCurvePublicKey,
    serial: int,
    at: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    start = at.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + life)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
