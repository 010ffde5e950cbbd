"""Which payment somebody means: by any number or id of what belongs to it."""

import uuid

from config.kernel.errors import NotFound
from lab.story import tags
from merchants.notifications.models import Notification
from merchants.onboarding.models import Merchant
from merchants.settlement.models import SettlementLine
from merchants.workbench.models import GatewayCall
from wallet import public as wallet


class StoryUnknown(NotFound):
    """No payment has this number, nor anything that belongs to one."""

    code = "story_unknown"
    message = "No payment has this number, nor anything that belongs to one."


def number_of(text: str) -> str:
    """The number of the payment that a number or an id belongs to.

    Args:
        text: a payment's number or id, a merchant's order number, or the id of a journal, a
            notification, a call of the gateway or a settlement line.

    Raises:
        StoryUnknown: none.
    """
    text = text.strip()
    if tags.is_number(text):
        return text
    try:
        number = _of_id(uuid.UUID(text))
    except ValueError:
        number = _of_order(text)
    if not number:
        raise StoryUnknown(field="q")
    return number


def _of_order(order: str) -> str:
    """A merchant's own order number; of two merchants' the newest payment's."""
    if not order:
        return ""
    payments = (
        wallet.payment_by_reference(payee_id=merchant_id, reference=order)
        for merchant_id in Merchant.objects.values_list("id", flat=True)
    )
    newest = sorted((one for one in payments if one), key=lambda one: one.created_at)
    return newest[-1].number if newest else ""


def _of_id(row_id: uuid.UUID) -> str:
    """The id of a payment or of what belongs to one."""
    for payment in wallet.payments_by_id([row_id]):
        return payment.number
    for model, field in (
        (Notification, "trade_no"),
        (GatewayCall, "order_number"),
        (SettlementLine, "number"),
    ):
        text = model.objects.filter(id=row_id).values_list(field, flat=True).first()
        if text:
            return str(text) if tags.is_number(str(text)) else _of_order(str(text))
    try:
        reference = str(wallet.journal(row_id).reference)
    except wallet.UnknownJournal:
        return ""
    return reference if tags.is_number(reference) else ""
