"""Reconcile a day of many lines with planted differences, and judge what is reported.

    python -m tests.reconciliation_trial --lines 100000 --seed 7 --format camt.053

makes a database of its own (DATABASE_URL says where) with a day of so many top-ups, damages the
bank's true statement in twelve ways by the seed, and prints precision and recall of what
reconciliation names. Files that lie, stop short, come a second time with other lines or are in
another encoding must each be refused with a code and change nothing. The last line is a summary.
"""

import argparse
import codecs
import json
import os
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

import config.wsgi  # noqa: F401  (sets Django up)

# isort: split
from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

from config.kernel.errors import SaomaError
from merchants.reconciliation import files, queries
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.models import BankLine, Break, StatementFile
from merchants.reconciliation.planting import plant
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import FileFormat
from tests.factories.reconciliation import day_of_topups

# What a damaged file is refused with.
REFUSALS: Final = {
    "lying": "statement_totals_wrong",
    "truncated": "statement_truncated",
    "in another encoding": "statement_encoding",
    "a second one of the day": "statement_day_taken",
}


def try_day(*, lines: int, seed: int, file_format: FileFormat) -> dict[str, Any]:
    """Make a day, damage its statement, reconcile it; figures of how well it was told."""
    day = day_of_topups(lines)
    late_from = queries.house_bounds(day)[1] - queries.LAST_HOUR
    statement, planted = plant(statement_of(day), seed=seed, late_from=late_from)
    content = "".join(files.write(statement, file_format)).encode()
    before = refusals(content)
    began, cpu = time.perf_counter(), time.process_time()
    read_statement(content=content)
    differences = reconcile_day(day=day)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    truth = Counter((one.kind.value, one.reference) for one in planted)
    told = Counter((one.kind.value, one.reference or one.bank_reference) for one in differences)
    right = (truth & told).total()
    return {
        "lines": len(statement.lines),
        "seed": seed,
        "format": file_format.value,
        "bytes": len(content),
        "planted": truth.total(),
        "kinds": dict(sorted(Counter(one.kind.value for one in planted).items())),
        "precision": right / max(1, told.total()),
        "recall": right / max(1, truth.total()),
        "seconds": round(seconds, 1),
        "own_cpu_s": round(cpu_s, 1),
        "refused": before | {"a second one of the day": _refused(codecs.BOM_UTF8 + content)},
    }


def refusals(content: bytes) -> dict[str, str]:
    """What damaged files are answered with, before the true one is read."""
    damaged = {
        "lying": _lying(content),
        "truncated": content[: len(content) * 2 // 3],
        "in another encoding": content.replace(b"SAOMA", "SAOMA汉".encode("gb18030"), 1)
        if content.startswith(b"<")
        else content + "汉".encode("gb18030"),
    }
    return {name: _refused(each) for name, each in damaged.items()}


def _lying(content: bytes) -> bytes:
    """The same file with another closing balance."""
    if content.lstrip().startswith(b"<"):
        place = content.index(b"CLBD")
        end = content.index(b"</Amt>", place)
        return (
            content[: end - 1] + (b"1" if content[end - 1 : end] != b"1" else b"2") + content[end:]
        )
    place = content.rindex(b"CLOSING")
    head, closing = content[:place], content[place:].split(b",")
    closing[4] = str(int(closing[4]) + 1).encode()
    return head + b",".join(closing)


def _refused(content: bytes) -> str:
    """The code that a file is refused with; whatever it is, nothing may have changed."""
    before = _counts()
    try:
        read_statement(content=content)
    except SaomaError as error:
        code = error.code
    else:
        code = "accepted"
    return code if _counts() == before else f"{code}, and something changed"


def _counts() -> Mapping[str, int]:
    return {model.__name__: model.objects.count() for model in (StatementFile, BankLine, Break)}


def main() -> int:
    """Try each format that was asked for; 1 where anything was told wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=[each.value for each in FileFormat], default="csv")
    options = parser.parse_args()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        figures = try_day(
            lines=options.lines, seed=options.seed, file_format=FileFormat(options.format)
        )
    finally:
        runner.teardown_databases(databases)
        connection.close()
    print(json.dumps({"summary": figures}))
    is_right = figures["precision"] == figures["recall"] == 1.0
    return 0 if is_right and figures["refused"] == REFUSALS else 1


if __name__ == "__main__":
    raise SystemExit(main())
