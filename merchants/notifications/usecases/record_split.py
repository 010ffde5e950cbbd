"""Turn the end of a split that waited into a message to the merchant's app."""

import json
import uuid

from config.kernel import transactions
from merchants.notifications.models import Notification
from merchants.notifications.usecases.record_transfer import from_message
from merchants.notifications.usecases.write_notification import Addressee, write_notification
from merchants.onboarding import queries as onboarding
from merchants.protocol.formats import beijing
from merchants.protocol.splits import split_details
from merchants.splits.models import Split

MESSAGE = "alipay.trade.order.settle.notify"


def record_split(*, event_id: uuid.UUID, topic: str, split_id: uuid.UUID) -> Notification | None:
    """Write down the message, due now; a split that was answered at once is not told of.

    One that a sale had planned answers nobody, so it is.
    """
    transactions.require()
    split = Split.objects.select_related("merchant").get(id=split_id)
    if split.at_once and split.request_no != split.trade_number:
        return None
    app = onboarding.apps_of(split.merchant_id).filter(app_number=split.app_number).first()
    details = split_details(split, split.merchant.merchant_number, app_number=split.app_number)
    content = {
        "operation_dt": beijing(split.ended_at or split.created_at),
        "out_request_no": split.request_no,
        "royalty_detail_list": list(details),
        "settle_no": split.number,
        "trade_no": split.trade_number,
    }
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=Addressee(
            merchant_id=split.merchant_id,
            app_number=split.app_number,
            subject_id=split.id,
            trade_no=split.trade_number,
            out_trade_no=split.trade_reference,
            url=app.notify_url if app else "",
            charset="utf-8",
            sign_type="RSA2",
        ),
        parameters=lambda notify_id: from_message(
            MESSAGE, split.app_number, notify_id, json.dumps(content, ensure_ascii=False)
        ),
    )
