"""Turn the end of a refund's way to a bank into a message to the merchant's app."""

import uuid
from typing import Final

from config.kernel import transactions
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_message import write_message
from merchants.notifications.usecases.write_notification import Addressee
from merchants.onboarding import queries as onboarding
from merchants.protocol.trades import DEPOSIT_BACK, deposit_back_info, detail
from wallet import public as wallet

MESSAGE: Final = "alipay.trade.refund.depositback.completed"
_TOLD: Final = ("dback_status", "dback_amount", "bank_ack_time", "est_bank_receipt_time")


def record_deposit_back(
    *, event_id: uuid.UUID, topic: str, payment_id: uuid.UUID, refund_id: uuid.UUID
) -> Notification | None:
    """Write down the message, due now; the same event again gives the same one.

    Only who asked for it with the refund is told: `query_options` of a refund, and each
    refund.apply. It goes to the app's own address, as "from" messages do.

    Args:
        event_id: the outbox event.
        topic: refund.deposit_back_ended.
        payment_id: the trade.
        refund_id: the refund.
    """
    transactions.require()
    trade = wallet.payment(payment_id)
    refund = next(one for one in wallet.refunds_of(payment_id) if one.id == refund_id)
    if not refund.details.get(DEPOSIT_BACK):
        return None
    app_number = detail(trade, "app_id") or ""
    app = onboarding.apps_of(trade.payee_id).filter(app_number=app_number).first()
    info = deposit_back_info(refund)
    return write_message(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=trade.payee_id,
            app_number=app_number,
            subject_id=trade.id,
            trade_no=trade.number,
            out_trade_no=trade.reference,
            url=(app.notify_url if app else "") or detail(trade, "notify_url") or "",
            charset=detail(trade, "charset") or "utf-8",
            sign_type=detail(trade, "sign_type") or "RSA2",
        ),
        msg_method=MESSAGE,
        content={
            "trade_no": trade.number,
            "out_trade_no": trade.reference,
            "out_request_no": refund.request_no,
            **{name: info[name] for name in _TOLD if name in info},
        },
    )
