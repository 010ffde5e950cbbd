"""Reading merchants' balances and transfers."""

import uuid
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from config.kernel.due_times import Earliest
from merchants.funds.models import (
    BalanceTopup,
    BatchLine,
    CardAnswer,
    MerchantTransfer,
    Receipt,
    TransferBatch,
)
from merchants.funds.rules import BatchUnknown, ReceiptUnknown, TransferUnknown
from merchants.funds.values import LineState, TransferKind, TransferState
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from wallet.public import Balance, UnknownAccount, balance

_UNSENT = (TransferState.FAILED.value, TransferState.RETURNED.value)


def balance_of(merchant: Merchant) -> Balance:
    """What a merchant's own balance holds; nothing where it was never topped up."""
    try:
        return balance(balance_id(merchant.id))
    except UnknownAccount:
        return Balance(0, 0, 0, merchant.currency)


def by_reference(merchant_id: uuid.UUID, reference: str) -> MerchantTransfer | None:
    """A merchant's transfer by its own number."""
    return MerchantTransfer.objects.filter(merchant_id=merchant_id, reference=reference).first()


def transfer(
    *, merchant_id: uuid.UUID, reference: str = "", number: str = "", fund_number: str = ""
) -> MerchantTransfer:
    """A merchant's transfer by any of its numbers; ours win over the merchant's.

    Raises:
        TransferUnknown: there is none, or it is another merchant's.
    """
    rows = MerchantTransfer.objects.filter(merchant_id=merchant_id)
    if fund_number:
        rows = rows.filter(fund_number=fund_number)
    elif number:
        rows = rows.filter(number=number)
    else:
        rows = rows.filter(reference=reference)
    row = rows.first()
    if row is None:
        raise TransferUnknown()
    return row


def receipt(*, merchant_id: uuid.UUID, number: str) -> Receipt:
    """A receipt that a merchant asked for.

    Raises:
        ReceiptUnknown: there is none, or it is another merchant's.
    """
    rows = Receipt.objects.select_related("transfer__merchant")
    row = rows.filter(transfer__merchant_id=merchant_id, number=number).first()
    if row is None:
        raise ReceiptUnknown()
    return row


def sent_on(merchant_id: uuid.UUID, on: date) -> int:
    """What a merchant has sent on one of its days, in minor units; failed ones do not count."""
    rows = MerchantTransfer.objects.filter(merchant_id=merchant_id, business_date=on)
    total = rows.exclude(state__in=_UNSENT).aggregate(total=Sum("amount_minor"))["total"]
    return int(total or 0)


def batch(*, merchant_id: uuid.UUID, reference: str = "", number: str = "") -> TransferBatch:
    """A merchant's batch by our number or its own; ours wins.

    Raises:
        BatchUnknown: there is none, or it is another merchant's.
    """
    rows = TransferBatch.objects.filter(merchant_id=merchant_id)
    row = rows.filter(number=number).first() if number else rows.filter(reference=reference).first()
    if row is None:
        raise BatchUnknown()
    return row


def batch_by_id(batch_id: uuid.UUID) -> TransferBatch:
    """A batch and its merchant.

    Raises:
        BatchUnknown: there is none.
    """
    row = TransferBatch.objects.select_related("merchant").filter(id=batch_id).first()
    if row is None:
        raise BatchUnknown()
    return row


def single(merchant_id: uuid.UUID, reference: str) -> TransferBatch | None:
    """A transfer that the merchant's owner pays by itself: a batch of one line."""
    rows = TransferBatch.objects.filter(merchant_id=merchant_id, reference=reference, count=1)
    return rows.filter(lines__reference=reference).first()


def batch_by_reference(merchant_id: uuid.UUID, reference: str) -> TransferBatch | None:
    """A merchant's batch by its own number."""
    return TransferBatch.objects.filter(merchant_id=merchant_id, reference=reference).first()


def lines_of(batch_id: uuid.UUID) -> QuerySet[BatchLine]:
    """A batch's lines with their transfers, in order."""
    return BatchLine.objects.filter(batch_id=batch_id).select_related("batch", "transfer")


def waiting_lines(batch_id: uuid.UUID) -> QuerySet[BatchLine]:
    """A batch's lines that nobody has sent, in order."""
    return lines_of(batch_id).filter(state=LineState.WAITING)


# When the next lines of a batch are sent.
next_batch = Earliest(TransferBatch.objects.all, "due_at")


def batches_due(now: datetime) -> list[uuid.UUID]:
    """The batches whose lines are sent by `now`, in order."""
    waiting = TransferBatch.objects.filter(due_at__lte=now).order_by("due_at", "id")
    return list(waiting.values_list("id", flat=True))


def topups_of(merchant_id: uuid.UUID) -> QuerySet[BalanceTopup]:
    """Top-ups of a merchant's balance, newest first."""
    return BalanceTopup.objects.filter(merchant_id=merchant_id)


def card_transfer(number: str) -> MerchantTransfer:
    """A transfer that went to a card, by our number, as its bank names it.

    Raises:
        TransferUnknown: there is none.
    """
    transfer = MerchantTransfer.objects.filter(number=number, kind=TransferKind.BANK_CARD).first()
    if transfer is None:
        raise TransferUnknown()
    return transfer


# When the bank will next say something of a transfer to a card.
next_answer = Earliest(lambda: CardAnswer.objects.filter(given_at__isnull=True), "due_at")


def answers_due(now: datetime) -> list[uuid.UUID]:
    """What the bank says by `now`, in order."""
    coming = CardAnswer.objects.filter(given_at__isnull=True, due_at__lte=now)
    return list(coming.order_by("due_at", "id").values_list("id", flat=True))
