"""Turn the end of a transfer into a message to the merchant's app."""

import json
import uuid

from config.kernel import clock, transactions
from merchants.funds import queries
from merchants.funds.models import MerchantTransfer
from merchants.funds.values import TransferState
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_notification import Addressee, write_notification
from merchants.onboarding import queries as onboarding
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.transfers import STATUS, status_of

MESSAGE = "alipay.fund.trans.order.changed"
BATCH_MESSAGE = "alipay.fund.batch.order.changed"


def record_transfer(
    *, event_id: uuid.UUID, topic: str, transfer_id: uuid.UUID, state: TransferState
) -> Notification:
    """Write down the message, due now; the same event again gives the same one.

    It goes to the address of the app that made the transfer, as "from" messages do, and
    tells of the state at the event, whatever has happened since.
    """
    transactions.require()
    transfer = MerchantTransfer.objects.get(id=transfer_id)
    app = onboarding.apps_of(transfer.merchant_id).filter(app_number=transfer.app_number).first()
    content = {
        "action_type": "REFUND" if state is TransferState.RETURNED else "FINISH",
        "biz_scene": transfer.scene,
        "order_id": transfer.number,
        "origin_interface": transfer.origin,
        "out_biz_no": transfer.reference,
        "pay_date": beijing(transfer.finished_at or transfer.created_at),
        "pay_fund_order_id": transfer.fund_number,
        "product_code": transfer.product,
        "status": STATUS[state],
        "trans_amount": yuan(transfer.amount_minor),
    }
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=transfer.merchant_id,
            app_number=transfer.app_number,
            subject_id=transfer.id,
            trade_no=transfer.number,
            out_trade_no=transfer.reference,
            url=app.notify_url if app else "",
            charset="utf-8",
            sign_type="RSA2",
        ),
        parameters=lambda notify_id: from_message(
            MESSAGE, transfer.app_number, notify_id, json.dumps(content, ensure_ascii=False)
        ),
    )


def record_batch(*, event_id: uuid.UUID, topic: str, batch_id: uuid.UUID) -> Notification:
    """Write down that a batch has ended, due now; the same event again gives the same one."""
    transactions.require()
    batch = queries.batch_by_id(batch_id)
    lines = list(queries.lines_of(batch_id))
    app = onboarding.apps_of(batch.merchant_id).filter(app_number=batch.app_number).first()
    content = {
        "batch_trans_id": batch.number,
        "biz_scene": batch.scene,
        "gmt_finish": beijing(batch.finished_at or clock.now()),
        "origin_interface": batch.origin,
        "out_batch_no": batch.reference,
        "product_code": batch.product,
        "batch_status": status_of(batch, lines),
        "total_amount": yuan(batch.total_minor),
        "total_count": str(batch.count),
    }
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=batch.merchant_id,
            app_number=batch.app_number,
            subject_id=batch.id,
            trade_no=batch.number,
            out_trade_no=batch.reference,
            url=app.notify_url if app else "",
            charset="utf-8",
            sign_type="RSA2",
        ),
        parameters=lambda notify_id: from_message(
            BATCH_MESSAGE, batch.app_number, notify_id, json.dumps(content, ensure_ascii=False)
        ),
    )


def from_message(name: str, app_number: str, notify_id: str, content: str) -> dict[str, str]:
    """What a "from" message sends beside its signature."""
    return {
        "notify_id": notify_id,
        "utc_timestamp": str(int(clock.now().timestamp() * 1000)),
        "msg_method": name,
        "app_id": app_number,
        "version": "1.1",
        "charset": "utf-8",
        "biz_content": content,
    }
