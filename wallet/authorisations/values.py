"""Values of authorisations: states, kinds, what use cases take and hand back. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class AuthorisationStatus(StrEnum):
    """Where an authorisation stands.

    INIT waits for the payer. AUTHORISED has something left to capture. FINISHED has
    been captured from and has nothing left; CLOSED ended by its time, by the payee or
    by the payer.
    """

    INIT = "INIT"
    AUTHORISED = "AUTHORISED"
    FINISHED = "FINISHED"
    CLOSED = "CLOSED"


class OperationKind(StrEnum):
    """What was done to an authorisation: more set aside, given back, or captured."""

    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    PAY = "PAY"


class OperationStatus(StrEnum):
    """INIT waits for the payer (a freeze only); the others are ends."""

    INIT = "INIT"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"


class EndReason(StrEnum):
    """Why an authorisation is CLOSED."""

    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    RELEASED = "RELEASED"
    REFUSED_BY_PAYER = "REFUSED_BY_PAYER"


class ArrearsState(StrEnum):
    """OPEN in the days of grace, DUNNING after them, CLEARED once all of it is paid."""

    OPEN = "OPEN"
    DUNNING = "DUNNING"
    CLEARED = "CLEARED"


class HoldResult(StrEnum):
    """What a call to freeze did."""

    FROZEN = "FROZEN"
    AWAITING_PAYER = "AWAITING_PAYER"
    REPLAYED = "REPLAYED"


class CancelResult(StrEnum):
    """What cancelling a freeze did: closed it before it was made, or gave it back."""

    CLOSE = "CLOSE"
    UNFREEZE = "UNFREEZE"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """What a payee asks a payer to promise.

    `reference` is the payee's number of the authorisation, `request_no` that of this
    freeze: another one under the same reference is an additional freeze, agreed to by the
    same payer. `pay_expires_at` is until when the payer may agree. `waiver` asks to
    vouch for a trusted payer instead of setting money aside. `payee_owner_id` is the
    wallet user behind the payee, who cannot be the payer.
    """

    payee_id: uuid.UUID
    payee_account_id: uuid.UUID
    payee_name: str
    payee_zone: str
    payee_owner_id: uuid.UUID | None
    payee_since: datetime | None
    reference: str
    request_no: str
    title: str
    amount_minor: int
    currency: str
    pay_expires_at: datetime
    waiver: bool
    details: Mapping[str, object]
    payee_cutoff_hour: int = 0


# What of an authorisation moves with each operation; events tell it as it was after theirs.
FIGURES: Final = (
    "frozen_funds_minor",
    "frozen_credit_minor",
    "held_minor",
    "waived_minor",
    "captured_minor",
    "captured_funds_minor",
)


@dataclass(frozen=True, slots=True)
class AuthorisationView:
    """An authorisation as callers see it; amounts in minor units of `currency`.

    `held_minor` is set aside on the payer's account, `waived_minor` vouched for; both
    together are what can still be captured. `frozen_*` are everything ever frozen, by
    part. Payer fields are empty while nobody has come forward.
    """

    id: uuid.UUID
    number: str
    status: AuthorisationStatus
    payer_id: uuid.UUID | None
    payer_number: str
    payer_phone: str
    payee_id: uuid.UUID
    payee_name: str
    reference: str
    title: str
    currency: str
    amount_minor: int
    frozen_minor: int
    frozen_funds_minor: int
    frozen_credit_minor: int
    held_minor: int
    waived_minor: int
    captured_minor: int
    captured_funds_minor: int
    created_at: datetime
    authorised_at: datetime | None
    expires_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    details: Mapping[str, object]

    @property
    def rest_minor(self) -> int:
        """What can still be captured."""
        return self.held_minor + self.waived_minor

    def as_told(self, payload: Mapping[str, object]) -> "AuthorisationView":
        """With the figures that an event told, whatever has happened since.

        An event of before events told them leaves the figures of now.
        """
        if any(name not in payload for name in FIGURES):
            return self
        figures: dict[str, Any] = {name: payload[name] for name in FIGURES}
        figures["frozen_minor"] = figures["frozen_funds_minor"] + figures["frozen_credit_minor"]
        return replace(self, **figures)


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation; `funds_minor` and `credit_minor` are its amount by part."""

    id: uuid.UUID
    number: str
    kind: OperationKind
    status: OperationStatus
    request_no: str
    amount_minor: int
    funds_minor: int
    credit_minor: int
    remark: str
    token: str
    payment_id: uuid.UUID | None
    created_at: datetime
    expires_at: datetime | None
    done_at: datetime | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Debt:
    """What a payer owes us for one capture that we stood in for, in minor units.

    `reference` is the payee's own number of the payment.
    """

    payment_number: str
    reference: str
    owed_minor: int


@dataclass(frozen=True, slots=True)
class HoldOutcome:
    """An authorisation, the freeze that was asked for, and what this call did."""

    authorisation: AuthorisationView
    operation: OperationView
    outcome: HoldResult


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """What was given back; `changed` is False for a repeated request."""

    authorisation: AuthorisationView
    operation: OperationView
    changed: bool


@dataclass(frozen=True, slots=True)
class CancelHoldOutcome:
    """A cancelled freeze; `changed` is False where it had been cancelled before."""

    authorisation: AuthorisationView
    operation: OperationView
    action: CancelResult
    changed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """How somebody has kept their word in this wallet; the only source of their trust.

    `paid` counts payments made, `kept` authorisations that were captured without arrears,
    `late` arrears of the last two years that outlived their grace and whose mark no upheld
    dispute took away, `open` arrears still owed.
    """

    paid: int
    kept: int
    late: int
    open: int


@dataclass(frozen=True, slots=True)
class Factor:
    """One reason for a trust figure: what, how often, how many points."""

    name: str
    count: int
    points: int


class TrustConsent(StrEnum):
    """Whether payees' deposits may be waived on somebody's figure: theirs to say."""

    GIVEN = "GIVEN"
    WITHDRAWN = "WITHDRAWN"


class TrustDisputeState(StrEnum):
    """OPEN waits for two operators; UPHELD takes the mark out of the figure, DISMISSED does not."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True)
class Trust:
    """A payment-trust figure with everything it is made of.

    `consent` takes nothing from the figure: withdrawn, it ends the waiver and nothing else.
    """

    points: int
    factors: tuple[Factor, ...]
    may_waive: bool
    consent: TrustConsent = TrustConsent.GIVEN


@dataclass(frozen=True, slots=True)
class Split:
    """An amount by part, in minor units: set aside (or from what was), and vouched for."""

    funds_minor: int
    credit_minor: int
