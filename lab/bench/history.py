"""A history of payments, written set-wise: the product's own database function pays each one.

What a payment leaves behind is written beside it as the product leaves it: the spent code,
the journal, the event with the mark of each of its consumers, the merchant's delivered
notification, and the day's batch. Proof and settlement hold over the result; nothing was
signed or sent.
"""

import itertools
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from config.kernel.outbox import event_log
from config.kernel.outbox.consumers import consumers_of
from config.kernel.outbox.models import EventCounter
from lab.bench.population import Payer
from lab.bench.set_wise import pay_rows
from merchants.onboarding.models import Merchant
from merchants.settlement.usecases.open_batch import open_batch
from wallet import public as wallet

AT_ONCE = 500
AMOUNT_MINOR = 100
TOPIC = "payment.paid"

_PARTIES = """
CREATE TEMP TABLE bench_payer (n int PRIMARY KEY, id uuid, account_id uuid, device_id uuid);
CREATE TEMP TABLE bench_payee (
    n int PRIMARY KEY, id uuid, account_id uuid, owner_id uuid, name text, zone text,
    cutoff smallint, app_number text);
"""
# One row for each payment of a chunk. Neighbours in time have other payers and payees.
_CHUNK = """
CREATE TEMP TABLE bench_chunk ON COMMIT DROP AS
SELECT s.n, at, ledger_uuid7(at) AS id, ledger_uuid7(at) AS code_id,
       ledger_uuid7(at) AS event_id,
       to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD') || '229' || lpad(s.n::text, 17, '0') AS number,
       '9' || lpad(s.n::text, 15, '0') AS token, 'GROWTH-' || s.n AS reference,
       p.id AS payer_id, p.account_id AS payer_account_id, p.device_id,
       m.id AS payee_id, m.account_id AS payee_account_id, m.owner_id, m.name, m.zone, m.cutoff,
       m.app_number, %(amount)s::bigint AS amount,
       (at AT TIME ZONE m.zone - make_interval(hours => m.cutoff))::date AS business_date,
       (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
       jsonb_build_object('app_id', m.app_number, 'charset', 'utf-8', 'sign_type', 'RSA2',
                          'product_code', 'FACE_TO_FACE_PAYMENT') AS details
  FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS s(n)
 CROSS JOIN LATERAL (
    SELECT %(begin)s::timestamptz + %(step)s::interval * (s.n - %(first)s) AS at) AS moment
  JOIN bench_payer p ON p.n = s.n %% %(payers)s
  JOIN bench_payee m ON m.n = (s.n * 7 + s.n / %(payers)s) %% %(payees)s;

INSERT INTO payments_paymentcode
       (id, kind, token, user_id, device_id, state, strikes, issued_at, expires_at,
        claim_reference, refusal)
SELECT code_id, '0', token, payer_id, device_id, 'ISSUED', 0, at, at + interval '1 minute', '', ''
  FROM bench_chunk;
"""
_EFFECTS = """
INSERT INTO outbox_inboxentry (consumer, event_id, done_at)
SELECT consumer, event_id, at FROM bench_chunk CROSS JOIN unnest(%(consumers)s::text[]) AS consumer;

INSERT INTO gateway_notification
       (id, event_id, notify_id, topic, merchant_id, app_number, subject_id, trade_no,
        out_trade_no, sequence, url, charset, sign_type, params, state, overtakable, sends, by_hand,
        occurred_at, created_at, delivered_at, position)
SELECT ledger_uuid7(at), event_id, replace(event_id::text, '-', ''), 'payment.paid', payee_id,
       app_number, id, number, reference, 1, 'http://127.0.0.1/notify', 'utf-8', 'RSA2',
       %(params)s::jsonb || jsonb_build_object(
           'app_id', app_number, 'out_trade_no', reference, 'trade_no', number),
       'DELIVERED', false, 1, false, at, at, at, counter.last + row_number() OVER (ORDER BY n)
  FROM bench_chunk, outbox_eventcounter counter WHERE counter.name = 'notifications';

UPDATE outbox_outboxevent e SET published_at = c.at, done_at = c.at, position = counter.last + place
  FROM (SELECT *, row_number() OVER (ORDER BY n) AS place FROM bench_chunk) AS c,
       outbox_eventcounter counter WHERE e.id = c.event_id AND counter.name = 'outbox';

UPDATE outbox_eventcounter SET last = last + (SELECT count(*) FROM bench_chunk)
 WHERE name IN ('notifications', 'outbox');
"""
# As long as what the product tells of a payment.
_PARAMS = {
    "notify_type": "trade_status_sync",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "1.00",
    "receipt_amount": "1.00",
    "buyer_pay_amount": "1.00",
    "invoice_amount": "1.00",
    "point_amount": "0.00",
    "subject": "growth",
    "buyer_id": "2088000000000000",
    "seller_id": "2088000000000001",
    "buyer_logon_id": "170******00",
    "gmt_create": "2026-01-01 00:00:00",
    "gmt_payment": "2026-01-01 00:00:00",
    "fund_bill_list": '[{"amount":"1.00","fundChannel":"ALIPAYACCOUNT"}]',
}


@dataclass(frozen=True, slots=True)
class Parties:
    """Who pays whom in a history."""

    payers: int
    payees: tuple[uuid.UUID, ...]


def seat(people: Sequence[Payer], merchants: Sequence[Merchant]) -> Parties:
    """Put payers and merchants where the statements of this connection find them."""
    for stream in (event_log.OUTBOX, "notifications"):
        EventCounter.objects.get_or_create(name=stream)
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES)
        cursor.executemany(
            "INSERT INTO bench_payer VALUES (%s, %s, %s, %s)",
            [
                (n, payer.user_id, wallet.user(payer.user_id).available_account_id, payer.device_id)
                for n, payer in enumerate(people)
            ],
        )
        cursor.executemany(
            "INSERT INTO bench_payee VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (n, row.id, row.pending_account_id, row.owner_id, row.short_name, row.zone,
                 row.cutoff_hour, row.apps.all()[0].app_number)
                for n, row in enumerate(merchants)
            ],
        )  # fmt: skip
    return Parties(len(people), tuple(merchant.id for merchant in merchants))


def write_day(
    parties: Parties, *, first: int, count: int, begin: datetime, with_effects: bool = True
) -> None:
    """Write a day's payments, numbered from `first`, evenly over its first 20 hours.

    Args:
        parties: who was seated.
        first: the number of the first payment; each number is used once.
        count: how many.
        begin: when the day begins; later than every day written before.
        with_effects: False leaves their events to the workers.

    Raises:
        RuntimeError: a payment was refused.
    """
    step = timedelta(hours=20) / max(count, 1)
    for start in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - start)
        _write_chunk(parties, first + start, size, begin + step * start, step, with_effects)
    if with_effects:
        # Two days of a merchant's, where the first one ends between.
        for payee, at in itertools.product(parties.payees, (begin, begin + step * (count - 1))):
            open_batch(merchant_id=payee, currency="CNY", occurred_at=at)


def _write_chunk(
    parties: Parties, first: int, size: int, begin: datetime, step: timedelta, with_effects: bool
) -> None:
    facts: dict[str, Any] = {
        "first": first,
        "last": first + size - 1,
        "begin": begin,
        "step": step,
        "payers": parties.payers,
        "payees": len(parties.payees),
        "amount": AMOUNT_MINOR,
        "consumers": [consumer.name for consumer in consumers_of(TOPIC)],
        "params": json.dumps(_PARAMS),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _CHUNK.split(";\n"):
            if statement.strip():
                cursor.execute(statement, facts)
        paid = pay_rows(cursor, table="bench_chunk", description="growth")
        if paid != size:
            raise RuntimeError(f"{size - paid} of {size} payments were refused")
        if with_effects:
            for statement in _EFFECTS.split(";\n"):
                if statement.strip():
                    cursor.execute(statement, facts)
