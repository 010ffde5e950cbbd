"""(e): what the effects of a payment cost a worker, beside the payment's own database time.

Payments are written set-wise by the product's own database function (`lab.bench.history`),
which is the least that a payment can cost; then this process is the relay and the worker. Only
processor time of this process and of its own database connection is counted, so that others on
the machine do not show. What is written of a payment, to the log and to tables with their indexes,
is the whole server's: it means something on a server of one's own.
"""

import time
from collections.abc import Callable
from datetime import UTC, timedelta
from statistics import median

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection

from config.kernel import clock
from config.kernel.outbox import relay
from lab.bench import history, population
from lab.bench.cpu import spent_ms
from merchants.onboarding.queries import merchants_of
from wallet import public as wallet

PAYERS = 500
MERCHANTS = 50
ROUNDS = 5
PAYMENTS = 600
BACK = timedelta(hours=21)


def run() -> dict[str, float]:
    """Milliseconds of processor time a payment, and how many a second one worker's core takes.

    Raises:
        RuntimeError: an effect was not had.
    """
    # The kick of the relay would have its own thread spend our processor time.
    settings.LAB_MODE, settings.OUTBOX_KICK = False, False
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    public = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    people = population.payers(PAYERS)
    population.app_numbers(MERCHANTS, public.decode())
    owner = wallet.user_by_phone(population.OWNER_PHONE)
    parties = history.seat(people, list(merchants_of(owner.id)[:MERCHANTS]))
    _work_off()
    start = int(clock.now().timestamp() * 1000) % 10**12
    rounds = [_round(parties, start + number * PAYMENTS) for number in range(ROUNDS + 1)][1:]
    figures = {name: median(each[name] for each in rounds) for name in rounds[0]}
    return figures | {"effects_per_core_s": 1000 / figures["effects_worker_ms"]}


def _round(parties: history.Parties, first: int) -> dict[str, float]:
    begin = clock.now().astimezone(UTC) - BACK
    before = _space()
    paid = cpu_ms(
        lambda: history.write_day(
            parties, first=first, count=PAYMENTS, begin=begin, with_effects=False
        )
    )
    written = _space()
    worked = cpu_ms(_work_off)
    ended = _space()
    if relay.unfinished().exists():
        raise RuntimeError("a payment's effects were not all had")
    return {
        "payment_database_ms": paid["database"] / PAYMENTS,
        "effects_worker_ms": worked["worker"] / PAYMENTS,
        "effects_database_ms": worked["database"] / PAYMENTS,
        "payment_log_bytes": (written[0] - before[0]) / PAYMENTS,
        "payment_table_bytes": (written[1] - before[1]) / PAYMENTS,
        "effects_log_bytes": (ended[0] - written[0]) / PAYMENTS,
        "effects_table_bytes": (ended[1] - written[1]) / PAYMENTS,
    }


def _space() -> tuple[int, int]:
    """Bytes that the server has written to its log so far, and that our tables take."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'), sum("
            "pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r' AND"
            " c.relnamespace = 'public'::regnamespace"
        )
        log_bytes, table_bytes = cursor.fetchone()
    return int(log_bytes), int(table_bytes)


def _work_off() -> None:
    """Do what relay and workers do, but for the broker's one message for 200 events."""
    while relay.claim_unpublished():
        pass
    relay.drain()


def cpu_ms(act: Callable[[], object]) -> dict[str, float]:
    """Processor time an act takes of this process and of its own database connection."""
    before, began = spent_ms(_backend()), time.process_time()
    act()
    worker = (time.process_time() - began) * 1000
    return {"worker": worker, "database": spent_ms(_backend()) - before}


def _backend() -> int:
    """The process that serves this connection; it must run on this machine to be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
