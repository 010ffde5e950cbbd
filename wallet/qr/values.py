"""What reading a code gives, whatever its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# The one error that depends on the moment: the code was good and is too old.
EXPIRED = "expired"


class Kind(StrEnum):
    """The families of codes we tell apart."""

    MPM = "mpm"
    CPM = "cpm"
    EPC = "epc"
    SWISSQR = "swissqr"
    VPA = "vpa"
    URI = "uri"
    PAYCODE = "paycode"
    SLIP = "slip"
    URL = "url"
    OTP = "otp"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How deep an invalid code is broken; the first that fails is reported."""

    TLV = "tlv"
    CRC = "crc"
    FIELD = "field"
    PROFILE = "profile"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A code as read: never an exception, always a verdict.

    Attributes:
        profile: the scheme recognised ("pix", "khqr"), or "" when none is.
        errors: why the code must be refused; empty exactly when `valid`.
        strict_errors: what EMVCo's own rules object to, even where the scheme does not.
        warnings: what a careful reader mentions and accepts.
        fields: the contents as the standard orders them.
        details: what the scheme means by them (account, bank, expiry).
    """

    kind: Kind
    profile: str = ""
    level: Level | None = None
    errors: tuple[str, ...] = ()
    strict_errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fields: Any = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        """Whether the code may be acted on, before any business check."""
        return not self.errors


def refused(kind: Kind, level: Level, *errors: str, profile: str = "") -> Reading:
    """A code that could not be read into fields."""
    return Reading(kind=kind, profile=profile, level=level, errors=errors, strict_errors=errors)
