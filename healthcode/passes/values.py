"""Words of the passes slice. Pure."""

from enum import StrEnum

# What private keys of passes and of trust lists are sealed for.
KEY_SEAL = "health-signing-key"


class KeyState(StrEnum):
    """Life of a signing key. A destroyed one verifies nothing any more."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    VERIFY_ONLY = "VERIFY_ONLY"
    DESTROYED = "DESTROYED"


class PassKind(StrEnum):
    """What carries a pass; the names are those of `healthcode.codec.sh1.Kind`."""

    APP = "APP"
    PAPER = "PAPER"
    PROXY = "PROXY"
    SPECIMEN = "SPECIMEN"


class PaperGround(StrEnum):
    """Why somebody carries paper rather than a phone."""

    CHILD = "CHILD"
    ELDERLY = "ELDERLY"
    DISABLED = "DISABLED"
    NO_PHONE = "NO_PHONE"
