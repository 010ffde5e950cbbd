"""Order the receipt of a transfer, and hand its file out by a link that soon ends."""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings

from config.kernel import clock, ids, signed_links, transactions
from config.kernel.errors import Gone
from merchants.funds import queries, rules
from merchants.funds.models import MerchantTransfer, Receipt
from merchants.funds.usecases.send_transfer import RANDOM_DIGITS
from merchants.funds.values import TransferState

SALT: Final = "merchants.funds.receipts"
LIFE: Final = timedelta(minutes=30)


class ReceiptLinkInvalid(Gone):
    """The link is not one of ours, or its time is over."""

    code = "receipt_link_invalid"
    message = "This link has expired."


@transactions.atomic_retry
def order_receipt(*, merchant_id: uuid.UUID, key: str) -> Receipt:
    """Order the receipt of a transfer that has arrived; again gives the same one.

    Args:
        merchant_id: who sent the money.
        key: either of our numbers of the transfer.

    Raises:
        rules.TransferUnknown: the merchant made no such transfer.
        rules.ReceiptNotDue: the money has not arrived, or came back.

    Locks: the transfer.
    """
    try:
        transfer_row = queries.transfer(merchant_id=merchant_id, fund_number=key)
    except rules.TransferUnknown:
        transfer_row = queries.transfer(merchant_id=merchant_id, number=key)
    transfer = MerchantTransfer.objects.select_for_update().get(id=transfer_row.id)
    receipt = Receipt.objects.filter(transfer=transfer).first()
    if receipt is not None:
        return receipt
    if transfer.state != TransferState.SUCCEEDED:
        raise rules.ReceiptNotDue(field="key")
    now = clock.now()
    return Receipt.objects.create(
        transfer=transfer,
        number=rules.number(now.date(), ids.random_digits(RANDOM_DIGITS)),
        created_at=now,
        ready_at=now + rules.RECEIPT_AFTER,
    )


def offer_receipt(receipt: Receipt) -> str:
    """The address of a receipt's file, good for half an hour without further proof."""
    facts = {"m": str(receipt.transfer.merchant_id), "n": receipt.number}
    token = signed_links.seal(facts, salt=SALT, life=LIFE)
    return f"{settings.PUBLIC_URL.rstrip('/')}/receipts/{token}"


def offered_receipt(token: str) -> Receipt:
    """What a link offers.

    Raises:
        ReceiptLinkInvalid: it is not one of ours, or its time is over.
    """
    facts = signed_links.unseal(token, salt=SALT, refusal=ReceiptLinkInvalid)
    return queries.receipt(merchant_id=uuid.UUID(facts["m"]), number=facts["n"])
