"""The one look-up before a payment by code: everything the decision needs to know.

On PostgreSQL it is one prepared statement for any number of payments (`payments_look_up`), sent
straight through the driver; building model objects would cost more than the query. Elsewhere the
ORM reads the same facts.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from config.kernel.prepared_statements import fetch_rows
from wallet.accounts.models import Device, LimitUsage, WalletUser
from wallet.payments.models import BadCodeCount, PayerActivity, Payment, PaymentCode

RECENT = timedelta(seconds=60)
# More than any burst rule asks for; keeps the look-up short for a busy payer. Also in SQL.
RECENT_MAXIMUM = 30


class PaymentContext(NamedTuple):
    """What is known about an order, a code, its payer and their recent payments.

    Fields of the code are None where there is no such code; `user_*` then too.
    Amounts are in fen; the day's sums belong to `day`, a day of the house, and are the
    payer's person's: all their wallets together.
    """

    known_payment_id: uuid.UUID | None = None
    bad_since: datetime | None = None
    bad_count: int | None = None
    code_id: uuid.UUID | None = None
    code_state: str | None = None
    strikes: int | None = None
    code_expires_at: datetime | None = None
    claim_payee_id: uuid.UUID | None = None
    claim_reference: str | None = None
    refusal: str | None = None
    device_id: uuid.UUID | None = None
    key_version: int | None = None
    device_revoked_at: datetime | None = None
    device_seen_at: datetime | None = None
    device_made_at: datetime | None = None
    user_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    user_number: str | None = None
    user_phone: str | None = None
    user_state: str | None = None
    user_tier: int | None = None
    user_account_id: uuid.UUID | None = None
    lifetime_minor: int | None = None
    year: int | None = None
    year_minor: int | None = None
    reserved_minor: int | None = None
    day: date | None = None
    day_no_pin_minor: int | None = None
    day_offline_minor: int | None = None
    payments: int | None = None
    total_minor: int | None = None
    largest_minor: int | None = None
    device_to_payee: int = 0
    device_payments: int = 0


class LookUp(NamedTuple):
    """What one payment by code is looked up by.

    Attributes:
        payee_id: who is to be paid.
        reference: the payee's order number.
        token: alias or random digits of the code; "" for a malformed code.
        at: now; recent payments are counted back from here.
    """

    payee_id: uuid.UUID
    reference: str
    token: str
    at: datetime


def payment_context(look_up: LookUp) -> PaymentContext:
    """Look everything up that a payment by code is decided on."""
    return payment_contexts([look_up])[0]


def payment_contexts(look_ups: Sequence[LookUp]) -> list[PaymentContext]:
    """Look several up; on PostgreSQL in one statement. In the order of `look_ups`."""
    if connection.vendor != "postgresql":
        return [_read_by_orm(*look_up) for look_up in look_ups]
    questions = [
        {
            "n": number,
            "payee_id": str(look_up.payee_id),
            "token": look_up.token,
            "reference": look_up.reference,
            "since": (look_up.at - RECENT).isoformat(),
        }
        for number, look_up in enumerate(look_ups, start=1)
    ]
    rows = fetch_rows("SELECT * FROM payments_look_up(%s::jsonb)", (json.dumps(questions),))
    return [PaymentContext._make(row) for row in rows]


def _read_by_orm(payee_id: uuid.UUID, reference: str, token: str, at: datetime) -> PaymentContext:
    payments = Payment.objects.filter(payee_id=payee_id, reference=reference)
    bad = BadCodeCount.objects.filter(payee_id=payee_id).first()
    facts = PaymentContext(
        known_payment_id=payments.values_list("id", flat=True).first(),
        bad_since=bad.since if bad else None,
        bad_count=bad.count if bad else None,
    )
    code = PaymentCode.objects.filter(token=token).first()
    if code is None:
        return facts
    facts = facts._replace(
        code_id=code.id,
        code_state=code.state,
        strikes=code.strikes,
        code_expires_at=code.expires_at,
        claim_payee_id=code.claim_payee_id,
        claim_reference=code.claim_reference,
        refusal=code.refusal,
    )
    return _with_payer(_with_device(facts, code, payee_id, at), code.user_id)


def _with_device(
    facts: PaymentContext, code: PaymentCode, payee_id: uuid.UUID, at: datetime
) -> PaymentContext:
    device = Device.objects.filter(id=code.device_id).first() if code.device_id else None
    if device is None:
        return facts._replace(device_id=code.device_id)
    recent = list(
        Payment.objects.filter(
            payer_id=code.user_id, created_at__gt=at - RECENT, device_id=device.id
        )
        .order_by()
        .values_list("payee_id", flat=True)[:RECENT_MAXIMUM]
    )
    return facts._replace(
        device_id=device.id,
        key_version=device.key_version,
        device_revoked_at=device.revoked_at,
        device_seen_at=device.last_seen_at,
        device_made_at=device.created_at,
        device_to_payee=recent.count(payee_id),
        device_payments=len(recent),
    )


def _with_payer(facts: PaymentContext, user_id: uuid.UUID) -> PaymentContext:
    user = WalletUser.objects.get(id=user_id)
    usage = LimitUsage.objects.get(person_id=user.person_id)
    activity = PayerActivity.objects.filter(payer_id=user_id).first()
    return facts._replace(
        user_id=user.id,
        person_id=user.person_id,
        user_number=user.user_number,
        user_phone=user.phone,
        user_state=user.state,
        user_tier=user.kyc_tier,
        user_account_id=user.available_account_id,
        lifetime_minor=usage.lifetime_minor,
        year=usage.year,
        year_minor=usage.year_minor,
        reserved_minor=usage.reserved_minor,
        day=usage.day,
        day_no_pin_minor=usage.day_no_pin_minor,
        day_offline_minor=usage.day_offline_minor,
        payments=activity.payments if activity else None,
        total_minor=activity.total_minor if activity else None,
        largest_minor=activity.largest_minor if activity else None,
    )
