"""Values of onboarding: states, and what the gateway must know of an app."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

# What the gateway's private keys are sealed for.
KEYS_AT_REST = "merchants/keys-at-rest"


class MerchantState(StrEnum):
    """Where a merchant stands; only APPROVED takes payments."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class PlaceState(StrEnum):
    """Whether a store or a till still takes payments."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class AppState(StrEnum):
    """Whether an app may call the gateway."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class KeyState(StrEnum):
    """A key's life: RETIRING keys are still accepted until `retires_at`."""

    ACTIVE = "ACTIVE"
    RETIRING = "RETIRING"
    REVOKED = "REVOKED"


class SignType(StrEnum):
    """Alipay's names: RSA2 is RSA with SHA-256, RSA is RSA with SHA-1."""

    RSA2 = "RSA2"
    RSA = "RSA"


@dataclass(frozen=True, slots=True)
class PublicKeyText:
    """A public key as it is stored: SPKI in PEM, and the SHA-256 of its DER."""

    pem: str
    fingerprint: str
    bits: int


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key pair for a merchant, in each form that some SDK wants.

    The private halves exist only in this value: they are handed out once and kept
    nowhere. Java reads PKCS#8, the others PKCS#1; Alipay's console shows public keys
    as one line of base64 without PEM armour.
    """

    private_pkcs1_pem: str
    private_pkcs8_pem: str
    public_pem: str
    public_base64: str


@dataclass(frozen=True, slots=True)
class AppPublicKey:
    """One of an app's keys, parsed; `retires_at` is None while it is ACTIVE."""

    key_id: uuid.UUID
    key: RSAPublicKey
    sign_types: frozenset[str]
    retires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GatewaySigner:
    """The installation's own key, ready to sign."""

    key_id: uuid.UUID
    key: RSAPrivateKey
    public_base64: str


class PersonNaming(StrEnum):
    """How an app is told who paid: by the user's number, by its own id of them, or by both."""

    USER_ID = "user_id"
    BOTH = "both"
    OPEN_ID_ONLY = "open_id_only"


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """Everything the hot path needs to know of an app, in one immutable value.

    `public_keys` holds only keys that were good when the value was made;
    `good_until` is the first moment at which that may no longer be so. The account
    ids are None until the merchant is approved. Stores and tills go by the merchant's own
    numbers.
    """

    app_number: str
    app_state: AppState
    notify_url: str
    merchant_id: uuid.UUID
    merchant_number: str
    merchant_name: str
    merchant_state: MerchantState
    merchant_since: datetime | None
    owner_id: uuid.UUID
    currency: str
    zone: str
    pending_account_id: uuid.UUID | None
    payable_account_id: uuid.UUID | None
    receivable_account_id: uuid.UUID | None
    closed_stores: frozenset[str]
    closed_tills: frozenset[str]
    public_keys: tuple[AppPublicKey, ...]
    gateway_key: GatewaySigner
    good_until: datetime | None
    person_naming: PersonNaming = PersonNaming.USER_ID
    cutoff_hour: int = 0
    # The merchant's own app where another app calls in its name; empty otherwise. What that
    # app may do then is in `acting_scopes`.
    acting_for: str = ""
    acting_scopes: frozenset[str] = frozenset()

    @property
    def may_take_payments(self) -> bool:
        """Whether both the merchant and the app are in force."""
        return (
            self.app_state is AppState.ACTIVE
            and self.merchant_state is MerchantState.APPROVED
            and self.pending_account_id is not None
        )
