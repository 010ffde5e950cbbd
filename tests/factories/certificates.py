"""Keys and certificates for tests, made once a process."""

import datetime as dt
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOON = datetime(2022, 6, 1, 12, 0, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
TEST_USAGE = "1.3.6.1.4.1.1847.2021.1.1"


@cache
def ec_key(
    name: str = "issuer", curve: type[ec.EllipticCurve] = ec.SECP256R1
) -> ec.EllipticCurvePrivateKey:
    """The EC key of that name."""
    return ec.generate_private_key(curve())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key of that size."""
    return rsa.generate_private_key(65537, bits)


@cache
def certificate(
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey,
    *,
    usages: tuple[str, ...] = (),
    valid_from: datetime = NOON - YEAR,
    valid_until: datetime = NOON + YEAR,
) -> bytes:
    """A self-signed certificate in DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "DSC")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
    )
    if usages:
        oids = [x509.ObjectIdentifier(usage) for usage in usages]
        builder = builder.add_extension(x509.ExtendedKeyUsage(oids), critical=False)
    return builder.sign(private, hashes.SHA256()).public_bytes(Encoding.DER)
