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
    told: Mapping[str, object],
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
        told: the event's payload, with the authorisation's figures after the operation.
    """
    transactions.require()
    if told.get("reason") == CANCELLED:
        return None
    given = wallet.authorisation(authorisation_id)
    made = wallet.authorisation_operation_by_id(operation_id)
    kept = {**given.details, **made.details}
    addressee = Addressee(
        merchant_id=given.payee_id,
        app_id=str(kept.get("app_id", "")),
        subject_id=given.id,
        trade_no=given.number,
        out_trade_no=given.reference,
        url=str(kept.get("notify_url", "")),
        charset=str(kept.get("charset", "")),
        sign_type=str(kept.get("sign_type", "")),
    )
    facts = _parameters(given.as_told(told), made, addressee.app_id) | {
        "auth_app_id": str(kept.get("auth_app_id") or addressee.app_id),
    }
    return write_notification(
        event_id=event_id,
        topic=topic,
        addressee=addressee,
        parameters=lambda notify_id: {
            "notify_type": TYPES[made.kind],
            "notify_id": notify_id,
            "charset": addressee.charset or "utf-8",
            "version": "1.0",
            **{name: value for name, value in facts.items() if value},
        },
    )


def _parameters(
    given: wallet.AuthorisationView, made: wallet.OperationView, app_id: str
) -> dict[str, str | None]:
    return {
        "auth_no": given.number,
        "out_order_no": given.reference,
        "operation_id": made.number,
        "out_request_no": wallet.payees_request_no(made),
        "operation_type": made.kind.value,
        "amount": yuan(made.amount_minor),
        "fund_amount": yuan(made.funds_minor),
        "credit_amount": yuan(made.credit_minor),
        "status": made.status.value,
        "gmt_create": beijing(made.created_at),
        "gmt_trans": beijing(made.done_at or made.created_at),
        **payer_names(app_id, given),
        "payer_logon_id": masked(given.payer_phone),
        "payee_user_id": merchant(given.payee_id).merchant_id,
        "pre_auth_type": auth_type(made),
        "trans_currency": given.currency,
        "remark": made.remark,
        **totals(given),
        "app_id": app_id,
    }
