"""Values of acceptance: what a merchant asks for, and what a payer sees of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from merchants.onboarding.values import AppCredentials

CURRENCY = "CNY"
# Where an order keeps the token of an agreement that is offered beside it.
AGREEMENT = "agreement_token"


class OrderKind(StrEnum):
    """DYNAMIC: one order, one code. STATIC: a printed code, the payer types the amount."""

    DYNAMIC = "DYNAMIC"
    STATIC = "STATIC"


class ScanKind(StrEnum):
    """What a scanned code stood for: an order, a printed code, or a promise to be given."""

    DYNAMIC = "DYNAMIC"
    STATIC = "STATIC"
    AUTHORISATION = "AUTHORISATION"


class OrderStatus(StrEnum):
    """Where an order stands for whoever looks at its code.

    CREATED: nobody has scanned it. SCANNED: somebody has and the amount is still to be
    typed. PAYING: a payment waits for its payer. The others are ends.
    """

    CREATED = "CREATED"
    SCANNED = "SCANNED"
    PAYING = "PAYING"
    PAID = "PAID"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"


class Payee(TypedDict):
    """How the wallet's use cases are told who is paid."""

    payee_id: uuid.UUID
    payee_account_id: uuid.UUID
    payee_name: str
    payee_zone: str
    payee_cutoff_hour: int
    payee_owner_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One request to be paid: who asks, what for, how much, until when.

    `reference` is the merchant's order number, unique in the merchant. `amount_minor` is
    in minor units of `currency`. `expires_at` is when an unpaid trade closes; None means
    the longest there is. `store_code` and `till_code` are the merchant's own numbers;
    unknown ones are kept as given, closed ones refused. `charset`, `sign_type` and
    `notify_url` are how and where the merchant is notified; `extras` is kept with the
    payment unread. `escrow_days` makes the sale a guaranteed one, whose money waits so long
    at most before it is the merchant's.
    """

    seller: AppCredentials
    reference: str
    subject: str
    amount_minor: int
    currency: str = CURRENCY
    expires_at: datetime | None = None
    store_code: str = ""
    till_code: str = ""
    operator: str = ""
    body: str = ""
    notify_url: str = ""
    passback_params: str = ""
    product: str = ""
    charset: str = "utf-8"
    sign_type: str = "RSA2"
    extras: Mapping[str, object] = field(default_factory=dict)
    escrow_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One request to authorise money: who asks, what for, how much, until when to agree.

    `reference` is the merchant's number of the authorisation, `request_no` of this freeze.
    `pay_expires_at` is until when the payer may agree; None means the usual time. `waiver`
    asks to let a trusted payer's deposit be. The rest is as in `Sale`.
    """

    seller: AppCredentials
    reference: str
    request_no: str
    title: str
    amount_minor: int
    currency: str = CURRENCY
    pay_expires_at: datetime | None = None
    waiver: bool = False
    notify_url: str = ""
    product: str = ""
    charset: str = "utf-8"
    sign_type: str = "RSA2"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a payer sees after scanning: verified by us, never read from the code.

    `amount_minor` is None while the payer has to type it. `payment_id` is None until a
    payment waits for the payer's confirmation; an AUTHORISATION has `authorisation_id`
    instead, is PAYING while its payer has not agreed and PAID once they have. `texts` are
    the merchant's own words beside the description.
    """

    id: uuid.UUID
    kind: ScanKind
    status: OrderStatus
    reference: str
    merchant_number: str
    merchant_name: str
    description: str
    amount_minor: int | None
    currency: str
    payment_id: uuid.UUID | None
    payment_number: str
    needs_pin: bool
    expires_at: datetime
    authorisation_id: uuid.UUID | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
