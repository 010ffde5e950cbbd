"""Open the order string that a merchant's app hands over, and pay it."""

import uuid
from dataclasses import dataclass

from config.kernel import clock
from config.kernel.errors import InvalidRequest, Refused, SaomaError, required
from merchants.funds import queries
from merchants.funds.models import TransferBatch
from merchants.funds.usecases.pay_batch import pay_batch
from merchants.gateway import endpoint, schema
from merchants.gateway.app_order import AppMethod, AppOrder
from merchants.gateway.dispatcher import APP_METHODS
from merchants.gateway.errors import translate
from merchants.gateway.schema import Call
from merchants.onboarding.values import SignType
from merchants.protocol import rules, signing
from merchants.protocol.authorisations import payer_names
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.transfers import status_of
from merchants.protocol.values import GatewayFault
from wallet import public as wallet

LONGEST = 16_384
PAID = "9000"


class AppOrderUnreadable(InvalidRequest):
    """The string is no order, or its merchant did not sign it; `reason` is the gateway's code."""

    code = "app_order_invalid"
    message = "This is no valid order of a merchant's app."


class AppOrderRefused(Refused):
    """The order is the merchant's and cannot be opened; `reason` is the gateway's code."""

    code = "app_order_refused"
    message = "This order cannot be paid."


@dataclass(frozen=True, slots=True)
class AppResult:
    """What the wallet answers the app: status, a sentence, and the signed result."""

    result_status: str
    memo: str
    result: str


@dataclass(frozen=True, slots=True)
class _Read:
    """An order string, verified: its method, who signed it and what it asks for."""

    method: AppMethod
    call: Call
    content: dict[str, object]


def open_app_order(*, order: str, payer_id: uuid.UUID) -> AppOrder:
    """Verify an order string and make what it asks for wait for this payer.

    Opening it again gives the same; an order that this payer has paid is shown as paid.

    Args:
        order: the whole string, `sign` included.
        payer_id: the wallet user who was handed it.

    Raises:
        AppOrderUnreadable: it is no order, or the signature does not fit.
        AppOrderRefused: the order has ended, is another payer's, or a value is wrong.
    """
    return _open(_read(order), payer_id)


def pay_app_order(*, order: str, payer_id: uuid.UUID, pin: str) -> AppResult:
    """Pay an order string with the PIN, and give what its app is answered.

    A wrong PIN or too little money is raised to the wallet, whose payer tries again; the
    app hears of the end only. An order that has been paid is answered 9000 again.

    Args: as `open_app_order`, and
        pin: the payment PIN.

    Raises:
        as `open_app_order`.
        PinWrong, PinLocked, InsufficientFunds, KycLimit, ...: what confirming refuses.
    """
    read = _read(order)
    opened = _open(read, payer_id)
    if opened.payment is not None:
        payment = opened.payment
        if opened.waits:
            payment = wallet.confirm_payment(
                payment_id=payment.id, payer_id=payer_id, pin=pin
            ).payment
        return _answer(read, _paid(read, payment))
    if opened.batch is not None:
        batch = pay_batch(batch_id=opened.batch.id, payer_id=payer_id, pin=pin)
        return _answer(read, _sent(read, batch))
    hold = required(opened.freeze, "an app order is one or the other")
    if opened.waits:
        hold = wallet.confirm_hold(
            authorisation_id=hold.authorisation.id, payer_id=payer_id, pin=pin
        )
    return _answer(read, _frozen(read, hold))


def _read(order: str) -> _Read:
    """Verify an order string as the gateway verifies a request.

    Raises:
        AppOrderUnreadable: it does not pass.
    """
    try:
        envelope, app = endpoint.verify_string(order.strip().encode())
    except GatewayFault as fault:
        raise AppOrderUnreadable(field="order", reason=fault.fault.sub_code) from fault
    method = APP_METHODS.get(envelope.text("method"))
    if method is None:
        raise AppOrderUnreadable(field="order", reason="isv.invalid-method")
    try:
        content = schema.content_of(envelope.text("biz_content"))
    except (UnicodeDecodeError, schema.ContentUnreadable) as error:
        raise AppOrderUnreadable(field="order", reason="isv.invalid-parameter") from error
    return _Read(method, Call(app, envelope), content)


def _open(read: _Read, payer_id: uuid.UUID) -> AppOrder:
    try:
        form = schema.read(read.method.form, read.content)
        return read.method.open(read.call, form, payer_id)
    except SaomaError as error:
        fault = translate(error, read.method.name, read.method.words)
        raise AppOrderRefused(reason=fault.sub_code, detail=error.code) from error


def _paid(read: _Read, payment: wallet.PaymentView) -> dict[str, object]:
    return {
        "app_id": read.call.app.app_number,
        "auth_app_id": read.call.app.app_number,
        "charset": read.call.envelope.charset.name,
        "timestamp": beijing(payment.paid_at or clock.now()),
        "out_trade_no": payment.reference,
        "total_amount": yuan(payment.amount_minor),
        "trade_no": payment.number,
        "seller_id": read.call.app.merchant_number,
    }


def _sent(read: _Read, batch: TransferBatch) -> dict[str, object]:
    return {
        "app_id": read.call.app.app_number,
        "order_id": batch.number,
        "out_biz_no": batch.reference,
        "status": status_of(batch, list(queries.lines_of(batch.id))),
        "timestamp": beijing(clock.now()),
    }


def _frozen(read: _Read, hold: wallet.HoldOutcome) -> dict[str, object]:
    authorisation, operation = hold.authorisation, hold.operation
    names = payer_names(read.call.app.app_number, authorisation)
    return {
        "auth_no": authorisation.number,
        "out_order_no": authorisation.reference,
        "operation_id": operation.number,
        "out_request_no": operation.request_no,
        "amount": yuan(operation.amount_minor),
        "fund_amount": yuan(operation.funds_minor),
        "credit_amount": yuan(operation.credit_minor),
        "status": operation.status.value,
        "gmt_trans": beijing(operation.done_at or clock.now()),
        **{name: value for name, value in names.items() if value},
    }


def _answer(read: _Read, facts: dict[str, object]) -> AppResult:
    """Sign the result node as an answer of the gateway's is signed."""
    envelope = read.call.envelope
    node: dict[str, object] = {"code": "10000", "msg": "Success", **facts}
    content = rules.serialise(node)
    sign_type = SignType(envelope.text("sign_type") or SignType.RSA2.value)
    signature = signing.sign(
        read.call.app.gateway_key.key, rules.encode(content, envelope.charset), sign_type
    )
    name = rules.node_name(read.method.name)
    result = f'{{"{name}":{content},"sign":"{signature}","sign_type":"{sign_type.value}"}}'
    return AppResult(PAID, "处理成功", result)
