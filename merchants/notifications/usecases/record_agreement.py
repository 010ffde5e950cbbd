"""Turn the signing or the end of an agreement into a notification of its merchant."""

import uuid

from config.kernel import transactions
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_notification import Addressee, write_notification
from merchants.protocol.agreements import agreement_facts, detail
from merchants.protocol.formats import beijing
from wallet import public as wallet

SIGNED, ENDED = "agreement.signed", "agreement.ended"
_TYPES = {SIGNED: ("dut_user_sign", "NORMAL"), ENDED: ("dut_user_unsign", "UNSIGN")}


def record_agreement(*, event_id: uuid.UUID, topic: str, agreement_id: uuid.UUID) -> Notification:
    """Write down what the merchant is to be told, due now; the same event again is the same.

    Args:
        event_id: the outbox event.
        topic: agreement.signed or agreement.ended.
        agreement_id: the agreement.
    """
    transactions.require()
    agreement = wallet.agreement(agreement_id)
    addressee = Addressee(
        merchant_id=agreement.payee_id,
        app_number=detail(agreement, "app_id"),
        subject_id=agreement.id,
        trade_no=agreement.number,
        out_trade_no=agreement.external_no,
        url=detail(agreement, "notify_url"),
        charset=detail(agreement, "charset"),
        sign_type=detail(agreement, "sign_type"),
    )
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=addressee,
        parameters=lambda notify_id: _parameters(topic, agreement, notify_id),
    )


def _parameters(topic: str, agreement: wallet.AgreementView, notify_id: str) -> dict[str, str]:
    notify_type, status = _TYPES[topic]
    app_number = detail(agreement, "app_id")
    ended_at = agreement.ended_at if topic == ENDED else None
    parameters = {
        "notify_type": notify_type,
        "notify_id": notify_id,
        "charset": detail(agreement, "charset") or "utf-8",
        "version": "1.0",
        "app_id": app_number,
        "auth_app_id": detail(agreement, "auth_app_id") or app_number,
        **agreement_facts(agreement),
        "unsign_time": "" if ended_at is None else beijing(ended_at),
        "status": status,
    }
    return {name: value for name, value in parameters.items() if value}
