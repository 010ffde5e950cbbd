"""What a large day costs to settle and to bill, beside plain SQL over the same rows.

One business day of many payments, spread over some merchants, is written set-wise
(`lab.bench.history`). Then the day is settled and netted, and its bills are written, each with
the clock's time, this process's and the database's processor time, and the peak of memory.
Beside it stand one aggregate of the payments, and one statement that does nothing but write a
line for each of them into an equal table: settling stores lines, so it cannot take less. A third
lets the database alone write a bill of them as CSV, which no bill of a line a sale can undercut.
"""

import resource
import time
from collections.abc import Callable, Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.db import connection

from config.kernel import clock
from config.kernel.usecases.set_clock import set_clock
from lab.bench import cpu, history, population
from merchants.bills.files import bill_file
from merchants.bills.rules import period
from merchants.bills.values import BillKind
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchants_of
from merchants.onboarding.rules import new_key_pair
from merchants.settlement import bill, queries
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.open_batch import open_batch
from merchants.settlement.usecases.settle_due import settle_due
from wallet import public as wallet

PAYERS = 200
MERCHANTS = 20
DAY = timedelta(days=1)
# One reading of the day's rows is what settling is measured against.
AGGREGATE = """
SELECT payee_id, business_date, count(*), sum(amount_minor), sum(refunded_minor)
  FROM payments_payment WHERE status = 'PAID' GROUP BY 1, 2"""
_LINES = """
INSERT INTO bench_line (id, batch_id, kind, payment_id, number, reference, request_no,
       amount_minor, fee_minor, net_minor, pending_minor, occurred_at, journal_id, fee_rule_id)
SELECT id, payee_id, 'PAYMENT', id, number, reference, '', amount_minor, amount_minor / 200,
       amount_minor - amount_minor / 200, amount_minor, paid_at, journal_id, payee_id
  FROM payments_payment WHERE status = 'PAID' ORDER BY payee_id, paid_at, id"""

# The columns of the statement, in the order of the day, of payments alone.
_FILE = """
COPY (SELECT 'PAYMENT', paid_at AT TIME ZONE 'Asia/Shanghai', number, reference, '',
             amount_minor / 100.0, amount_minor / 200 / 100.0,
             (amount_minor - amount_minor / 200) / 100.0, currency, payee_id, business_date
        FROM payments_payment WHERE status = 'PAID' ORDER BY payee_id, paid_at, id)
  TO STDOUT (FORMAT csv)"""


def run(payments: int) -> dict[str, float]:
    """Write a day of so many payments into an empty database, settle and bill it: seconds."""
    settings.LAB_MODE = True
    set_clock(times=0)
    figures = {"payments": float(payments)}
    figures |= _spent("write", lambda: _write(payments))
    figures |= _spent("aggregate", _aggregate)
    figures |= _plain_lines()
    figures |= _spent("plain file", _plain_file)
    figures |= _spent("settle", lambda: _check(payments))
    figures |= _spent("statement", _statement)
    figures |= _spent("trade bills", _trade_bills)
    figures |= _spent("aggregate again", _aggregate)
    for name in ("aggregate", "plain lines"):
        figures[f"settle / {name}"] = figures["settle, s"] / figures[f"{name}, s"]
    figures["plain file / aggregate"] = figures["plain file, s"] / figures["aggregate, s"]
    figures["peak memory, MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _write(payments: int) -> None:
    people = population.payers(PAYERS)
    population.app_numbers(MERCHANTS, new_key_pair().public_pem)
    merchants = _merchants()
    parties = history.seat(people, merchants)
    today = clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # The merchants' own midnight, so that all is one business day.
    begin = today + DAY + timedelta(hours=16)
    history.write_day(parties, first=0, count=payments, begin=begin, with_effects=False)
    for merchant in merchants:
        open_batch(merchant_id=merchant.id, currency="CNY", occurred_at=begin)
    set_clock(times=0, at=begin + DAY)
    wallet.roll_up_accounts()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _merchants() -> list[Merchant]:
    owner = wallet.user_by_phone(population.OWNER_PHONE)
    return list(merchants_of(owner.id)[:MERCHANTS])


def _aggregate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(AGGREGATE)
        cursor.fetchall()


def _plain_lines() -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_line (LIKE settlement_settlementline INCLUDING ALL)")
        figures = _spent("plain lines", lambda: cursor.execute(_LINES))
        cursor.execute("DROP TABLE bench_line")
    return figures


def _plain_file() -> None:
    with connection.cursor() as cursor, cursor.copy(_FILE) as rows:
        _read(rows)


def _check(payments: int) -> None:
    settle_due(now=clock.now())
    settled = sum(SettlementBatch.objects.values_list("payment_count", flat=True))
    if settled != payments:
        raise RuntimeError(f"{settled} of {payments} payments are settled")


def _statement() -> None:
    """Every batch's lines as the file that merchants download."""
    for batch in SettlementBatch.objects.select_related("merchant"):
        _read(bill.rows([batch], queries.bill_lines([batch]), bom=False))


def _trade_bills() -> None:
    """Every merchant's bill of the day as its file."""
    for batch in SettlementBatch.objects.select_related("merchant"):
        merchant = batch.merchant
        day = period(
            batch.business_date.isoformat(), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour
        )
        bill_file(merchant, BillKind.TRADES, day).close()


def _read(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def _spent(name: str, act: Callable[[], object]) -> dict[str, float]:
    """The clock's seconds, and the processor's of this process and of its database backend."""
    backend = connection.connection.info.backend_pid if connection.connection else 0
    began, own, theirs = time.perf_counter(), time.process_time(), cpu.spent_ms(backend)
    act()
    return {
        f"{name}, s": time.perf_counter() - began,
        f"{name}, own CPU s": time.process_time() - own,
        f"{name}, database CPU s": (cpu.spent_ms(backend) - theirs) / 1000,
    }
