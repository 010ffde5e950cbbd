"""Values of agreements: states, terms, and what use cases hand back. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AgreementStatus(StrEnum):
    """Where an agreement stands.

    TEMP: offered, the payer has not consented. SUSPENDED: consented, and no debit is
    taken until the payer resumes it. UNSIGNED and EXPIRED are ends.
    """

    TEMP = "TEMP"
    NORMAL = "NORMAL"
    SUSPENDED = "SUSPENDED"
    UNSIGNED = "UNSIGNED"
    EXPIRED = "EXPIRED"


class PeriodType(StrEnum):
    """In what a period is counted."""

    DAY = "DAY"
    MONTH = "MONTH"


class Party(StrEnum):
    """Who suspends or ends an agreement."""

    PAYER = "PAYER"
    PAYEE = "PAYEE"
    PLATFORM = "PLATFORM"


class DeductionOrigin(StrEnum):
    """Who starts a deduction: the payee now, the payee for later, or the execution plan."""

    PAYEE = "PAYEE"
    DEFERRED = "DEFERRED"
    PLAN = "PLAN"


class DeductionStatus(StrEnum):
    """Where a deduction stands."""

    PENDING = "PENDING"
    RETRYING = "RETRYING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a payer consents to; amounts in minor units, None for a cap not agreed.

    With a period one debit may be taken in each, from `first_on` on (a calendar day
    where the payee trades). `valid_until` is None for an agreement without end.
    """

    period_type: PeriodType | None = None
    period: int | None = None
    first_on: date | None = None
    single_minor: int | None = None
    total_minor: int | None = None
    total_payments: int | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What has been taken under an agreement so far, and when the next debit is due."""

    debits: int
    debited_minor: int
    next_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a payee proposes to whoever opens the offer.

    `external_no` is the payee's own number, unique in the payee, or "". `product` and
    `scene` are the payee's words for what it is about, shown to nobody and compared as
    texts. `details` is kept unread.
    """

    payee_id: uuid.UUID
    payee_account_id: uuid.UUID
    payee_owner_id: uuid.UUID
    payee_name: str
    payee_zone: str
    currency: str
    external_no: str
    product: str
    scene: str
    terms: Terms
    details: Mapping[str, object]
    payee_cutoff_hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """An agreement as callers see it, read once and never changed.

    `challenge` stands for all that the payer is shown; consent names it. `payer_number`
    (16 digits) and `payer_phone` are empty before anybody has signed. `next_on` is the
    next day a debit is due, None without a period.
    """

    id: uuid.UUID
    number: str
    token: str
    status: AgreementStatus
    payee_id: uuid.UUID
    payee_name: str
    payee_zone: str
    external_no: str
    product: str
    scene: str
    payer_id: uuid.UUID | None
    payer_number: str
    payer_phone: str
    currency: str
    terms: Terms
    challenge: str
    created_at: datetime
    lapses_at: datetime | None
    signed_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    last_debit_at: datetime | None
    debits: int
    debited_minor: int
    next_on: date | None
    plan_minor: int | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AgreementOutcome:
    """An agreement after a change; `changed` is False where there was nothing to do."""

    agreement: AgreementView
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """What a payee asks for under an agreement.

    `reference` is the payee's order number, `amount_minor` in minor units of the
    agreement's currency, `expires_at` when an unpaid payment lapses, `payee_since` when
    the payee joined, for the risk rules. `details` is kept unread. `payee_account_id` is
    an account of the payee's that is paid instead of the agreement's (escrow).
    """

    agreement_id: uuid.UUID
    reference: str
    description: str
    amount_minor: int
    expires_at: datetime
    details: Mapping[str, object]
    payee_since: datetime | None = None
    payee_account_id: uuid.UUID | None = None
