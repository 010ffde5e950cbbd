"""Payments of a table's rows in one statement, by the function that payments by code go through."""

from datetime import timedelta
from typing import Any

LIFE, REFUNDABLE = timedelta(minutes=1), timedelta(days=90)
# The table has, for each payment: n, at, id, number, code_id, event_id, amount, payer_id,
# payer_account_id, device_id, payee_id, payee_account_id, owner_id, name, zone, cutoff,
# business_date, day, reference, details. No limit is judged.
_PAY = """
SELECT count(*) FILTER (WHERE outcome = 'PAID') FROM payments_pay_group((
    SELECT jsonb_agg(to_jsonb(item) ORDER BY item.n) FROM (
        SELECT row_number() OVER (ORDER BY c.n) AS n, c.id, c.number, c.code_id, c.payer_id,
               w.person_id, c.device_id, c.payer_account_id, c.payee_id,
               'MERCHANT' AS payee_kind, c.payee_account_id, c.owner_id AS payee_owner_id,
               c.name AS payee_name, c.zone AS payee_zone, c.cutoff AS payee_cutoff_hour,
               c.reference, %(description)s::text AS description, c.amount AS amount_minor,
               'CNY' AS currency, c.at AS created_at, c.at + %(life)s AS expires_at,
               c.at + %(refundable)s AS finish_at, c.business_date, c.details, 0 AS unit, c.day,
               0 AS offline_minor, c.event_id,
               jsonb_build_object(
                   'payment_id', c.id, 'payer_id', c.payer_id, 'payee_id', c.payee_id,
                   'device_id', c.device_id, 'amount_minor', c.amount, 'currency', 'CNY',
                   'paid_at', to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'),
                   'zone', c.zone) AS payload
          FROM {table} c JOIN accounts_walletuser w ON w.id = c.payer_id) AS item))
"""


def pay_rows(cursor: Any, *, table: str, description: str) -> int:
    """Pay each row of a table in order of its number; how many were paid."""
    facts = {"description": description, "life": LIFE, "refundable": REFUNDABLE}
    cursor.execute(_PAY.format(table=table), facts)
    (paid,) = cursor.fetchone() or (0,)
    return int(paid)
