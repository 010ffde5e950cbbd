"""Values of certificates."""

from dataclasses import dataclass
from enum import StrEnum

# What the root's private key is sealed for.
ROOT_SEAL = "certificates/root"


class CertificateKind(StrEnum):
    """Whose certificate it is."""

    ROOT = "ROOT"
    GATEWAY = "GATEWAY"
    APP = "APP"


@dataclass(frozen=True, slots=True)
class Trio:
    """What a client in certificate mode is set up with: three texts in PEM and their numbers.

    `roots_pem` holds every root, a blank line between them.
    """

    app_sn: str
    app_pem: str
    gateway_sn: str
    gateway_pem: str
    roots_sn: str
    roots_pem: str
