"""Take in a batch of transfers; the timetable sends its lines."""

import uuid
from datetime import datetime

from config.kernel import clock, ids, transactions
from merchants.acceptance.rules import MerchantNotActive, MerchantSuspended
from merchants.funds import queries, rules
from merchants.funds.models import BatchLine, TransferBatch
from merchants.funds.usecases.send_transfer import RANDOM_DIGITS
from merchants.funds.values import Batch, BatchState
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import MerchantState


@transactions.atomic_retry
def open_batch(
    *,
    merchant_id: uuid.UUID,
    batch: Batch,
    count: int | None = None,
    total_minor: int | None = None,
    waits_until: datetime | None = None,
) -> TransferBatch:
    """Write a batch down; the same number with the same lines is the same batch.

    Args:
        merchant_id: who sends.
        batch: what is sent.
        count: how many lines the merchant says there are.
        total_minor: what it says they come to, in minor units.
        waits_until: until when the merchant's owner may pay it; None sends it at once.

    Raises:
        TransferConflict: the number stands for another batch.
        MerchantNotActive: a merchant that is not approved sends nothing.
        InvalidRequest: what `rules.check_batch` refuses.

    Locks: the merchant.
    """
    merchant = onboarding.merchant_for_update(merchant_id)
    row = queries.batch_by_reference(merchant.id, batch.reference)
    if row is not None:
        rules.check_same((row.digest,), (rules.digest(batch),))
        return row
    if merchant.state != MerchantState.APPROVED:
        suspended = merchant.state == MerchantState.SUSPENDED
        raise (MerchantSuspended if suspended else MerchantNotActive)()
    rules.check_batch(batch, count=count, total_minor=total_minor)
    now = clock.now()
    row = TransferBatch.objects.create(
        merchant=merchant,
        reference=batch.reference,
        number=rules.number(clock.today(merchant.zone), ids.random_digits(RANDOM_DIGITS)),
        digest=rules.digest(batch),
        title=batch.title,
        app_number=batch.app_number,
        product=batch.product,
        scene=batch.scene,
        origin=batch.origin,
        count=len(batch.orders),
        total_minor=batch.total_minor,
        currency=merchant.currency,
        created_at=now,
        state=BatchState.SENDING if waits_until is None else BatchState.WAITING,
        due_at=now if waits_until is None else None,
        expires_at=waits_until,
    )
    BatchLine.objects.bulk_create(_lines(row, batch))
    return row


def _lines(row: TransferBatch, batch: Batch) -> list[BatchLine]:
    return [
        BatchLine(
            batch=row,
            position=position,
            reference=order.reference,
            kind=order.kind,
            named_by=order.payee.named_by,
            identity=order.payee.identity,
            name=order.payee.name,
            bank=order.payee.bank,
            amount_minor=order.amount_minor,
            title=order.title,
            remark=order.remark,
        )
        for position, order in enumerate(batch.orders, start=1)
    ]
