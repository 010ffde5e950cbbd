"""The one look-up before a payment by code: everything the decision needs to know.

On PostgreSQL it is one prepared statement sent straight through the driver; building
model objects would cost more than the query. Elsewhere the ORM reads the same facts.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from config.kernel.prepared_statements import fetch_row
from wallet.accounts.models import Device, LimitUsage, WalletUser
from wallet.payments.models import BadCodeCount, PayerActivity, Payment, PaymentCode

RECENT = timedelta(seconds=60)
# More than any burst rule asks for; keeps the look-up short for a busy payer.
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


_LOOK_UP = f"""
SELECT p.id, b.since, b.count,
       c.id, c.state, c.strikes, c.expires_at, c.claim_payee_id, c.claim_reference, c.refusal,
       c.device_id, d.key_version, d.revoked_at, d.last_seen_at, d.created_at,
       u.id, u.user_id, u.phone, u.state, u.kyc_tier, u.available_account_id,
       o.lifetime_minor, o.year, o.year_minor, o.reserved_minor,
       o.day, o.day_no_pin_minor, o.day_offline_minor, a.payments, a.total_minor,
       a.largest_minor, r.to_payee, r.everywhere
  FROM (SELECT %s::uuid AS payee_id, %s::text AS token, %s::text AS reference) q
  LEFT JOIN payments_payment p ON p.payee_id = q.payee_id AND p.reference = q.reference
  LEFT JOIN payments_badcodecount b ON b.payee_id = q.payee_id
  LEFT JOIN payments_paymentcode c ON c.token = q.token
  LEFT JOIN accounts_device d ON d.id = c.device_id
  LEFT JOIN accounts_walletuser u ON u.id = c.user_id
  LEFT JOIN accounts_limitusage o ON o.person_id = u.person_id
  LEFT JOIN payments_payeractivity a ON a.payer_id = c.user_id
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE s.payee_id = q.payee_id) AS to_payee, count(*) AS everywhere
         FROM (SELECT t.payee_id FROM payments_payment t
                WHERE c.device_id IS NOT NULL AND t.payer_id = c.user_id
                  AND t.created_at > %s AND t.device_id = c.device_id
                LIMIT {RECENT_MAXIMUM}) s) r ON true
"""  # noqa: S608 - the only thing put in is a constant of ours


def payment_context(
    *, payee_id: uuid.UUID, reference: str, token: str, at: datetime
) -> PaymentContext:
    """Look everything up that a payment by code is decided on.

    Args:
        payee_id: who is to be paid.
        reference: the payee's order number.
        token: alias or random digits of the code; "" for a malformed code.
        at: now; recent payments are counted back from here.
    """
    if connection.vendor == "postgresql":
        row = fetch_row(_LOOK_UP, (payee_id, token, reference, at - RECENT))
        return PaymentContext._make(row or ())
    return _read_by_orm(payee_id, reference, token, at)


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
        user_number=user.user_id,
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
