"""How many payments a second the ledger posts, and against what.

The yardstick is pgbench calling the very function that posting uses, once for each
payment, with as many clients: what the database gives with next to nothing above it.
Beside it, the same payment through `post_journals` in as many processes, one at a time
and in batches of 100; each spread over a thousand merchants and poured onto one.

A payer and a payee of each payment are drawn at random. The merchants' accounts are hot,
as in the product, in both spreads.
"""

import itertools
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from config.kernel import clock
from config.kernel.errors import invariant
from wallet.public import (
    AccountKind,
    Draft,
    Opening,
    Outcome,
    Side,
    balance,
    credit,
    debit,
    open_accounts,
    open_system_account,
    post_journals,
    roll_up_accounts,
)

PAYERS = 10_000
PAYEES = 1_000
BATCH = 100
WARM_UP_S = 0.5
FUNDS_MINOR = 10**12
BANK = "asset:custodian_bank"

_SCRIPT = """\
\\set n :n + 1
\\set payer random(0, {payers} - 1)
\\set payee random(0, {payees} - 1)
SELECT p.outcome FROM bench_party a, bench_party b, LATERAL ledger_post_pair(
    '{run}' || :client_id || '-' || :n, 'payment', a.payer_id, b.payee_id, 100, 'CNY',
    now(), '{today}', '', '') p
WHERE a.n = :payer AND b.n = :payee;
"""


def run(clients: int, seconds: int) -> dict[str, float]:
    """Measure all six; payments a second under each key.

    Args:
        clients: pgbench's clients, and the processes of the in-process runs.
        seconds: how long each of the six runs.

    Raises:
        InvariantBroken: the database is not PostgreSQL.
    """
    invariant(connection.vendor == "postgresql", "the ledger's bench needs PostgreSQL")
    payers, payees = prepare()
    figures: dict[str, float] = {}
    for spread, reachable in (("uniform", payees), ("hot", payees[:1])):
        figures[f"pgbench_{spread}"] = by_pgbench(clients, seconds, len(reachable))
        figures[f"single_{spread}"] = in_process(clients, seconds, payers, reachable, 1)
        figures[f"batch_{spread}"] = in_process(clients, seconds, payers, reachable, BATCH)
    return figures


def prepare() -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Open and fund the payers, open the payees; what is there already stays."""
    bank = open_system_account(BANK)
    kind, side = AccountKind.CLIENT_LIABILITY, Side.CREDIT
    payers = open_accounts(
        [Opening(f"user:bench-{n}:available", kind, "CNY", side) for n in range(PAYERS)]
    )
    payees = open_accounts(
        [Opening(f"merchant:bench-{n}:pending", kind, "CNY", side, hot=True) for n in range(PAYEES)]
    )
    now = clock.now()
    fresh = uuid.uuid4().hex[:8]
    rich = balance(payers[0]).available_minor and balance(payers[-1]).available_minor
    for some in _chunks(iter([] if rich else payers), BATCH):
        post_journals(
            [
                Draft(
                    key=f"bench:fund:{fresh}:{payer}",
                    kind="topup",
                    lines=(debit(bank, FUNDS_MINOR, "CNY"), credit(payer, FUNDS_MINOR, "CNY")),
                    posted_at=now,
                    business_date=clock.today(),
                )
                for payer in some
            ]
        )
    _write_parties(payers, payees)
    return payers, payees


def by_pgbench(clients: int, seconds: int, payees: int) -> float:
    """Payments a second by pgbench, one function call each, spread over so many payees."""
    roll_up_accounts()
    database = settings.DATABASES["default"]
    script = _SCRIPT.format(
        run=f"bench-{uuid.uuid4().hex[:8]}-", payers=PAYERS, payees=payees, today=clock.today()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payment.sql"
        path.write_text(script, encoding="utf-8")
        command = [pgbench(), "-n", "-M", "prepared", "-D", "n=0", "-f", str(path)]
        command += ["-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1))]
        command += ["-T", str(seconds), "-U", database["USER"] or "postgres"]
        command += ["-h", database["HOST"] or "127.0.0.1", "-p", str(database["PORT"] or 5432)]
        process = subprocess.run(
            [*command, connection.settings_dict["NAME"]],
            env={**os.environ, "PGPASSWORD": str(database["PASSWORD"] or "")},
            capture_output=True,
            text=True,
            check=True,
        )
    match = re.search(r"tps = ([0-9.]+)", process.stdout)
    if match is None:
        raise RuntimeError(f"pgbench printed no rate: {process.stdout[-300:]}")
    return float(match[1])


def in_process(
    clients: int, seconds: int, payers: list[uuid.UUID], payees: list[uuid.UUID], size: int
) -> float:
    """Payments a second through `post_journals`, `size` drafts a call, in `clients` processes."""
    roll_up_accounts()
    connections.close_all()  # each process opens its own
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(clients)
    rates: Any = context.Queue()
    workers = [
        context.Process(target=_work, args=(barrier, rates, seconds, payers, payees, size))
        for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    figures: list[float] = [rates.get(timeout=seconds + 60) for _ in workers]
    for worker in workers:
        worker.join()
    return sum(figures)


def pgbench() -> str:
    """Where pgbench is: on the path, or beside the server it came with.

    Raises:
        FileNotFoundError: it is not installed.
    """
    on_path = shutil.which("pgbench")
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    if on_path is None and not beside:
        raise FileNotFoundError("pgbench is not installed (PostgreSQL's contrib package)")
    return on_path or str(beside[-1])


def _work(
    barrier: Any,
    rates: Any,
    seconds: int,
    payers: list[uuid.UUID],
    payees: list[uuid.UUID],
    size: int,
) -> None:
    """One client: post until time is up, and tell its rate."""
    drafts = _drafts(payers, payees)
    warm_until = time.monotonic() + WARM_UP_S
    while time.monotonic() < warm_until:
        post_journals(list(itertools.islice(drafts, size)))
    barrier.wait()
    posted = 0
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        results = post_journals(list(itertools.islice(drafts, size)))
        posted += sum(result.outcome is Outcome.POSTED for result in results)
    rates.put(posted / (time.monotonic() - began))
    connections.close_all()


def _drafts(payers: list[uuid.UUID], payees: list[uuid.UUID]) -> Iterator[Draft]:
    run_id = uuid.uuid4().hex[:8]
    draw = random.Random(run_id)  # noqa: S311
    today = clock.today()
    for number in itertools.count():
        payer, payee = draw.choice(payers), draw.choice(payees)
        yield Draft(
            key=f"bench:{run_id}:{number}",
            kind="payment",
            lines=(debit(payer, 100, "CNY"), credit(payee, 100, "CNY")),
            posted_at=clock.now(),
            business_date=today,
        )


def _write_parties(payers: list[uuid.UUID], payees: list[uuid.UUID]) -> None:
    """Number the accounts for pgbench, which can draw numbers only."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_party")
        cursor.execute(
            "CREATE TABLE bench_party AS SELECT (n - 1)::int AS n, payer_id, payee_id"
            " FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS p(payer_id, payee_id, n)",
            [payers, payees],
        )
        cursor.execute("ALTER TABLE bench_party ADD PRIMARY KEY (n)")
        cursor.execute("ANALYZE bench_party, ledger_account")


def _chunks(items: Iterator[uuid.UUID], size: int) -> Iterator[list[uuid.UUID]]:
    while some := list(itertools.islice(items, size)):
        yield some
