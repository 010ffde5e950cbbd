"""Identifiers: time-ordered UUIDs, placement units, random digits."""

import secrets
import uuid

from config.kernel import clock

_RANDOM_A_BITS = 12
_RANDOM_B_BITS = 62


def uuid7() -> uuid.UUID:
    """Make a UUIDv7 (RFC 9562): milliseconds of business time, then 74 random bits.

    Rows made in the same moment lie together in an index, and no sequence tells a
    stranger how many there are.
    """
    milliseconds = int(clock.now().timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    random = secrets.randbits(_RANDOM_A_BITS + _RANDOM_B_BITS)
    value = milliseconds << 80
    value |= 0x7 << 76
    value |= (random >> _RANDOM_B_BITS) << 64
    value |= 0b10 << 62
    value |= random & ((1 << _RANDOM_B_BITS) - 1)
    return uuid.UUID(int=value)


def unit_of(owner_id: uuid.UUID) -> int:
    """Which of the hundred placement units (0 to 99) an owner's rows belong to."""
    return owner_id.int % 100


def random_digits(count: int) -> str:
    """Make `count` decimal digits that nobody can guess; the first may be 0."""
    return str(secrets.randbelow(10**count)).zfill(count)
