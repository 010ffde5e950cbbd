"""Values of passkeys. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class PasskeyState(StrEnum):
    """A passkey's life; only an active one signs."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


PASSKEY_MOVES = {
    PasskeyState.PENDING: frozenset({PasskeyState.ACTIVE, PasskeyState.REVOKED}),
    PasskeyState.ACTIVE: frozenset({PasskeyState.SUSPENDED, PasskeyState.REVOKED}),
    PasskeyState.SUSPENDED: frozenset({PasskeyState.REVOKED}),
    PasskeyState.REVOKED: frozenset[PasskeyState](),
}


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who is signed for: the host that passkeys belong to, and the address of its pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device gave at registration."""

    credential: str
    public_key: bytes
    sign_count: int
