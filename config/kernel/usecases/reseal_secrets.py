"""Seal every stored secret anew with the newest master key."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model

from config.kernel import canary, keys, transactions
from config.kernel.sealed_columns import SealedColumn, sealed_columns

BATCH = 200


@dataclass(slots=True)
class ResealReport:
    """How many secrets were read and sealed anew, and the rows that no key opens."""

    read: int = 0
    resealed: int = 0
    broken: list[str] = field(default_factory=list)


def reseal_secrets(*, progress: Callable[[str], None] = lambda line: None) -> ResealReport:
    """Seal with the newest key whatever an older one of the ring sealed.

    May be stopped at any moment and run again, beside the running world: what is current is
    read and left. A secret that no key of the ring opens is reported and left. The canary
    follows last, so that an older key alone no longer starts anything.

    Args:
        progress: told a line for each column.

    Locks: the rows of one batch at a time.
    """
    report = ResealReport()
    for model, column in sealed_columns():
        _reseal_column(model, column, report)
        progress(f"{model._meta.label}.{column.column}: {report.read} read so far")
    if not report.broken:
        canary.reseal()
    return report


def _reseal_column(model: type[Model], column: SealedColumn, report: ResealReport) -> None:
    last: uuid.UUID | int | None = None
    while True:
        last = _reseal_batch(model, column, last, report)
        if last is None:
            return


@transactions.atomic_retry
def _reseal_batch(
    model: type[Model],
    column: SealedColumn,
    after: uuid.UUID | int | None,
    report: ResealReport,
) -> uuid.UUID | int | None:
    """Do one batch; gives the last row's key, None where none was left."""
    rows = model._default_manager.select_for_update().order_by("pk")
    page = list(rows.filter(pk__gt=after)[:BATCH] if after is not None else rows[:BATCH])
    for row in page:
        _reseal_row(row, column, report)
    return page[-1].pk if page else None


def _reseal_row(row: Model, column: SealedColumn, report: ResealReport) -> None:
    sealed = bytes(getattr(row, column.column) or b"")
    facts = {"purpose": column.purpose, "bound_to": column.bound_to(row)}
    if not sealed:
        return
    report.read += 1
    if keys.is_current(sealed, **facts):
        return
    try:
        plain = keys.unseal(sealed, **facts)
    except keys.SealBroken:
        report.broken.append(f"{row._meta.label}.{column.column} {row.pk}")
        return
    # By the manager: a save would run what the model does about its other columns.
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.update(**{column.column: keys.seal(plain, **facts)})
    report.resealed += 1
