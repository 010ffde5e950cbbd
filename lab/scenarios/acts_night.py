"""Acts of the night: a worker dies in the middle of settlement; the bank's file lies."""

import os
import subprocess
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from config.kernel import clock
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from merchants.reconciliation import files, queries
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.planting import plant
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import FileFormat
from merchants.settlement.models import SettlementBatch

PATIENCE_S = 120
_KILLED = -9


def settle_and_die(stage: Stage, *, day: str, crash_at: str) -> Facts:
    """Settle a day in a process of its own that is killed at a named point."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "SAOMA_MASTER_KEY": settings.MASTER_KEY,
        "SAOMA_DATA_DIR": str(settings.DATA_DIR),
        "SAOMA_LAB_MODE": "1",
        "SAOMA_CRASH_AT": crash_at,
        "DATABASE_URL": database_url(),
    }
    process = subprocess.run(
        [sys.executable, "-m", "django", "settle", "--date", _day(stage, day)],
        env=env,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return {"killed": process.returncode == _KILLED, "batches": batches()}


def settlement(stage: Stage) -> Facts:
    """How the batches stand: how many in each state, and the payouts' number."""
    return {"batches": batches(), "payouts": len(stage.payouts())}


def bank_file(stage: Stage, *, day: str, plant_seed: int = -1) -> Facts:
    """Read the bank's statement of a day, true or with planted differences; compare it."""
    statement = statement_of(datetime.fromisoformat(_day(stage, day)).date())
    planted: list[Any] = []
    if plant_seed >= 0:
        late_from = queries.house_bounds(statement.day)[1] - queries.LAST_HOUR
        statement, planted = plant(statement, seed=plant_seed, late_from=late_from)
    content = "".join(files.write(statement, FileFormat.CSV)).encode()
    read_statement(content=content)
    reported = reconcile_day(day=statement.day)
    missed = {(one.kind.value, one.reference) for one in planted} - {
        (one.kind.value, one.reference) for one in reported
    }
    return {
        "lines": len(statement.lines),
        "planted": len(planted),
        "breaks": len(reported),
        "missed": len(missed),
        "kinds": sorted({one.kind.value for one in reported}),
    }


def damaged_file(stage: Stage, *, day: str) -> Facts:
    """Read a statement whose closing balance does not follow from its lines."""
    statement = statement_of(datetime.fromisoformat(_day(stage, day)).date())
    text = "".join(files.write(statement, FileFormat.CSV)).rstrip("\n")
    head, _, last = text.rpartition("\n")
    parts = last.split(",")
    parts[4] = str(int(parts[4]) + 1)
    read_statement(content=f"{head}\n{','.join(parts)}\n".encode())
    return {}


def batches() -> dict[str, int]:
    """How many batches with payments are in each state."""
    states = SettlementBatch.objects.filter(payment_count__gt=0).values_list("state", flat=True)
    return {state: list(states).count(state) for state in sorted(set(states))}


def database_url() -> str:
    """The address of the database this process works on."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = facts["HOST"] or "127.0.0.1"
    socket = f"?host={host}" if host.startswith("/") else ""
    place = "" if socket else f"{host}:{facts['PORT'] or 5432}"
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{place}/{facts['NAME']}{socket}"


def _day(stage: Stage, day: str) -> str:
    moment = stage.moment(f"{day} 12:00") if day else clock.now()
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


ACTS = acts_of(settle_and_die, settlement, bank_file, damaged_file)
