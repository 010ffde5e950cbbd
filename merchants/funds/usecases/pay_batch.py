"""Let a merchant's owner pay a batch of transfers that waits for it."""

import uuid

from config.kernel import clock, transactions
from merchants.acceptance.rules import MerchantNotActive, MerchantSuspended
from merchants.funds import rules
from merchants.funds.models import TransferBatch
from merchants.funds.usecases.send_batch import send_lines
from merchants.funds.values import BatchState
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import MerchantState
from wallet import public as wallet

RELEASED = (BatchState.SENDING, BatchState.DONE)


def pay_batch(*, batch_id: uuid.UUID, payer_id: uuid.UUID, pin: str) -> TransferBatch:
    """Release a batch with the owner's PIN; a batch of one line is sent at once.

    Paying it again gives it as it stands. Call it outside a transaction: PIN strikes must
    survive a refusal.

    Args:
        batch_id: the batch.
        payer_id: who pays: the merchant's owner and nobody else.
        pin: the owner's payment PIN.

    Raises:
        PinWrong, PinLocked: the PIN is not the owner's.
        rules.BatchUnknown: there is none, or it is another owner's merchant's.
        rules.BatchEnded: it was closed, or its time is over.
        MerchantNotActive, MerchantSuspended: the merchant may not send.

    Locks: the merchant, then the batch.
    """
    batch = TransferBatch.objects.select_related("merchant").filter(id=batch_id).first()
    if batch is None or batch.merchant.owner_id != payer_id:
        raise rules.BatchUnknown()
    if batch.state not in RELEASED:
        wallet.check_pin(user_id=payer_id, pin=pin)
    row = _release(batch)
    if row.count == 1:
        send_lines(batch_id=row.id)
        row.refresh_from_db()
    return row


@transactions.atomic_retry
def _release(batch: TransferBatch) -> TransferBatch:
    merchant = onboarding.merchant_for_update(batch.merchant_id)
    row = TransferBatch.objects.select_for_update().get(id=batch.id)
    if row.state in RELEASED:
        return row
    rules.check_waits(BatchState(row.state), row.expires_at, now=clock.now())
    if merchant.state != MerchantState.APPROVED:
        suspended = merchant.state == MerchantState.SUSPENDED
        raise (MerchantSuspended if suspended else MerchantNotActive)()
    row.state, row.due_at, row.expires_at = BatchState.SENDING, clock.now(), None
    row.save(update_fields=["state", "due_at", "expires_at"])
    return row
