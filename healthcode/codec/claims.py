"""What a certificate that holds says, and the times that bound it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.codec.keys import Key

_FIRST, _LAST = -62_135_596_800, 253_402_300_799


@dataclass(frozen=True, slots=True)
class Verified:
    """A certificate whose signature and times hold.

    Args:
        kind: "HC1", "SHC", "NZCP" or "SH1".
        payload: the content in JSON's terms.
        key: the issuer's key that made the signature.
        issued_at, expires_at: as claimed, where claimed.
        notes: warnings: what of the content is not as its schema or value sets say.
        fingerprints: under which an EU revocation list may name it: kind and hash.
        kid: how the certificate names the key, as revocation lists do.
    """

    kind: str
    payload: dict[str, Any]
    issuer: str
    key: Key
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    notes: tuple[str, ...] = field(default=())
    fingerprints: frozenset[tuple[str, str]] = frozenset()
    kid: str = ""


def moment(seconds: float | None) -> datetime | None:
    """Unix seconds as an aware moment; None stays None.

    Raises:
        CertificateRefused: the number is no date of the years 1 to 9999.
    """
    if seconds is None:
        return None
    if not _FIRST <= seconds <= _LAST:
        raise CertificateRefused(Stage.VALIDITY, "time_claim_absurd")
    return datetime.fromtimestamp(seconds, UTC)


def check_times(
    *,
    valid_from: datetime | None,
    expires_at: datetime | None,
    at: datetime,
    end_included: bool = False,
) -> None:
    """Refuse what is not valid yet or no more.

    With `end_included` the end itself still counts: not for RFC 8392 ("on or after"), yes
    for HC1, which is to be refused "after".

    Raises:
        CertificateRefused: at stage validity.
    """
    if valid_from is not None and at < valid_from:
        raise CertificateRefused(Stage.VALIDITY, "not_yet_valid", valid_from=valid_from.isoformat())
    if expires_at is not None and (at > expires_at if end_included else at >= expires_at):
        raise CertificateRefused(Stage.VALIDITY, "expired", expired_at=expires_at.isoformat())
