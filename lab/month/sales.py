"""The month's payments: written set-wise on PostgreSQL, one by one elsewhere.

On PostgreSQL the product's own database function pays each one at its moment, and what its
event's consumers leave behind that settlement depends on is left behind as well: the batch
of the day is open and the event is done.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from config.kernel import clock
from config.kernel.outbox.consumers import consumers_of
from lab.bench.population import PIN
from lab.bench.set_wise import LIFE, pay_rows
from lab.month.plan import ESCROW_DAYS, Sale
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.values import Sale as TillSale
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import AppCredentials
from merchants.settlement.usecases.open_batch import open_batch
from wallet import public as wallet
from wallet.business_days import business_date

TOPIC = "payment.paid"
AT_ONCE = 500
_COLUMNS = (
    "n int, at timestamptz, amount bigint, payer_id uuid, payer_account_id uuid, device_id uuid,"
    " payee_id uuid, payee_account_id uuid, owner_id uuid, name text, zone text, cutoff smallint,"
    " business_date date, day date, reference text"
)
_MADE = """
CREATE TEMP TABLE month_made ON COMMIT DROP AS
SELECT s.*, '{}'::jsonb AS details, ledger_uuid7(at) AS id, ledger_uuid7(at) AS code_id,
       ledger_uuid7(at) AS event_id,
       to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD') || '229' || lpad(n::text, 17, '0') AS number
  FROM month_sale s;
"""
_CODES = """
INSERT INTO payments_paymentcode
       (id, kind, token, user_id, device_id, state, strikes, issued_at, expires_at,
        claim_reference, refusal)
SELECT code_id, '0', '8' || lpad(n::text, 15, '0'), payer_id, device_id, 'ISSUED', 0, at,
       at + %(life)s, '', ''
  FROM month_made;
"""
_DONE = """
INSERT INTO outbox_inboxentry (consumer, event_id, done_at)
SELECT consumer, event_id, at FROM month_made CROSS JOIN unnest(%(consumers)s::text[]) AS consumer
"""
_TOLD = """
UPDATE outbox_outboxevent e SET published_at = c.at, done_at = c.at
  FROM month_made c WHERE e.id = c.event_id
"""
_IDS = "SELECT n, id FROM month_made ORDER BY n"


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop of the month: its merchant, its app and who splits with it."""

    merchant: Merchant
    seller: AppCredentials
    partner: wallet.WalletUser


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys: a wallet user, its money and its device."""

    user_id: uuid.UUID
    account_id: uuid.UUID
    device_id: uuid.UUID


class SaleRefused(RuntimeError):
    """A payment that the plan has was not made."""


def is_set_wise() -> bool:
    """Whether sales may be written after their moments, many at once."""
    return connection.vendor == "postgresql"


def write_sales(
    sales: Sequence[Sale], *, buyers: Sequence[Buyer], stalls: Sequence[Stall]
) -> dict[int, uuid.UUID]:
    """Write sales whose moments are past and whose days are still open; their payments' ids.

    Raises:
        SaleRefused: one was not paid.
    """
    ids: dict[int, uuid.UUID] = {}
    for start in range(0, len(sales), AT_ONCE):
        ids |= _write(sales[start : start + AT_ONCE], buyers, stalls)
    for sale in {(one.shop, _date_of(one, stalls)): one for one in sales}.values():
        merchant = stalls[sale.shop].merchant
        open_batch(merchant_id=merchant.id, currency="CNY", occurred_at=sale.at)
    return ids


def _date_of(sale: Sale, stalls: Sequence[Stall]) -> object:
    merchant = stalls[sale.shop].merchant
    return business_date(sale.at, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)


def _write(
    sales: Sequence[Sale], buyers: Sequence[Buyer], stalls: Sequence[Stall]
) -> dict[int, uuid.UUID]:
    facts: dict[str, Any] = {
        "life": LIFE,
        "consumers": [consumer.name for consumer in consumers_of(TOPIC)],
    }
    # Made before COPY has the connection for itself.
    rows = [_row(sale, buyers[sale.payer], stalls) for sale in sales]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE month_sale ({_COLUMNS}) ON COMMIT DROP")
        with cursor.copy("COPY month_sale FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_MADE)
        cursor.execute(_CODES, facts)
        paid = pay_rows(cursor, table="month_made", description="month")
        if paid != len(sales):
            raise SaleRefused(f"{len(sales) - paid} of {len(sales)} payments were refused")
        cursor.execute(_DONE, facts)
        cursor.execute(_TOLD)
        cursor.execute(_IDS)
        return dict(cursor.fetchall())


def _row(sale: Sale, buyer: Buyer, stalls: Sequence[Stall]) -> tuple[object, ...]:
    merchant = stalls[sale.shop].merchant
    return (
        sale.number,
        sale.at,
        sale.amount_minor,
        buyer.user_id,
        buyer.account_id,
        buyer.device_id,
        merchant.id,
        merchant.pending_account_id,
        merchant.owner_id,
        merchant.short_name,
        merchant.zone,
        merchant.cutoff_hour,
        _date_of(sale, stalls),
        clock.house_day(sale.at),
        f"MONTH-{sale.number}",
    )


def pay_now(sale: Sale, *, buyer: Buyer, stall: Stall) -> uuid.UUID:
    """Let a payer pay by code, as at any till; the payment's id.

    Raises:
        SaleRefused: it was not paid.
    """
    till_sale = TillSale(
        seller=stall.seller,
        reference=f"MONTH-{sale.number}",
        subject="month",
        amount_minor=sale.amount_minor,
        escrow_days=ESCROW_DAYS if sale.is_guaranteed else None,
    )
    code = wallet.issue_fresh_code(user_id=buyer.user_id).code
    outcome = pay_by_code(sale=till_sale, code=code)
    payment = outcome.payment
    if outcome.outcome is wallet.PayResult.AWAITING_PAYER:
        payment = wallet.confirm_payment(
            payment_id=payment.id, payer_id=buyer.user_id, pin=PIN
        ).payment
    if payment.status is not wallet.PaymentStatus.PAID:
        raise SaleRefused(f"payment {sale.number} was refused: {payment.status}")
    return payment.id
