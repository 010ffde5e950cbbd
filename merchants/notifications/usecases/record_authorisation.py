"""Turn a freeze or its release into a notification of the merchant."""

import uuid
from collections.abc import Mapping

from config.kernel import transactions
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_notification import Addressee, write_notification
from merchants.onboarding.queries import merchant
from merchants.protocol.authorisations import auth_type, payer_names, totals
from merchants.protocol.formats import beijing, masked, yuan
from wallet import public as wallet

CANCELLED = "CANCELLED"
TYPES = {
    wallet.OperationKind.FREEZE: "fund_auth_freeze",
    wallet.OperationKind.UNFREEZE: "fund_auth_unfreeze",
}


def record_authorisation(
    *,
    event_id: uuid.UUID,
    topic: str,
    authorisation_id: uuid.UUID,
    operation_id: uuid.UUID,
    payload: Mapping[str, object],
) -> Notification | None:
    """Write down that something was frozen or given back, or not agreed to; due now.

    The same event again gives the same notification. A release is told where its own call
    said, or else where the authorisation's did. The figures are those after the operation.

    Args:
        event_id: the outbox event.
        topic: authorisation.frozen, authorisation.released or authorisation.closed. What
            the merchant has cancelled itself is not told.
        authorisation_id: the authorisation.
        operation_id: what was done to it.
        payload: the event's payload, with the authorisation's figures after the operation.
    """
    transactions.require()
    if payload.get("reason") == CANCELLED:
        return None
    authorisation = wallet.authorisation(authorisation_id)
    operation = wallet.authorisation_operation_by_id(operation_id)
    details = {**authorisation.details, **operation.details}
    addressee = Addressee(
        merchant_id=authorisation.payee_id,
        app_number=str(details.get("app_id", "")),
        subject_id=authorisation.id,
        trade_no=authorisation.number,
        out_trade_no=authorisation.reference,
        url=str(details.get("notify_url", "")),
        charset=str(details.get("charset", "")),
        sign_type=str(details.get("sign_type", "")),
    )
    facts = _parameters(authorisation.as_told(payload), operation, addressee.app_number) | {
        "auth_app_id": str(details.get("auth_app_id") or addressee.app_number),
    }
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=addressee,
        parameters=lambda notify_id: {
            "notify_type": TYPES[operation.kind],
            "notify_id": notify_id,
            "charset": addressee.charset or "utf-8",
            "version": "1.0",
            **{name: value for name, value in facts.items() if value},
        },
    )


def _parameters(
    authorisation: wallet.AuthorisationView, operation: wallet.OperationView, app_number: str
) -> dict[str, str | None]:
    return {
        "auth_no": authorisation.number,
        "out_order_no": authorisation.reference,
        "operation_id": operation.number,
        "out_request_no": wallet.payees_request_no(operation),
        "operation_type": operation.kind.value,
        "amount": yuan(operation.amount_minor),
        "fund_amount": yuan(operation.funds_minor),
        "credit_amount": yuan(operation.credit_minor),
        "status": operation.status.value,
        "gmt_create": beijing(operation.created_at),
        "gmt_trans": beijing(operation.done_at or operation.created_at),
        **payer_names(app_number, authorisation),
        "payer_logon_id": masked(authorisation.payer_phone),
        "payee_user_id": merchant(authorisation.payee_id).merchant_number,
        "pre_auth_type": auth_type(operation),
        "trans_currency": authorisation.currency,
        "remark": operation.remark,
        **totals(authorisation),
        "app_id": app_number,
    }
