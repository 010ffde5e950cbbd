"""Receipts of transfers: ordered by data.bill.ereceipt.apply, had by its query."""

from dataclasses import dataclass, replace
from typing import Any, Final

from config.kernel import clock
from merchants.consents.values import Scope
from merchants.funds import queries
from merchants.funds.usecases.order_receipt import offer_receipt, order_receipt
from merchants.gateway.methods.transfer_codes import GENERAL, MEANINGS, TRANSFERS
from merchants.gateway.schema import Answer, Call, FieldInvalid, Form, Method, text

KIND: Final = "FUND_DETAIL"
RECEIPTS: Final = replace(
    TRANSFERS,
    meanings=MEANINGS
    | {"RECEIPT_NOT_EXIST": "回单申请不存在", "ORDER_STATUS_ERROR": "转账未成功, 无法申请回单"},
    general=GENERAL
    | {"receipt_not_found": "RECEIPT_NOT_EXIST", "receipt_not_due": "ORDER_STATUS_ERROR"},
)


@dataclass(kw_only=True, slots=True)
class ApplyForm(Form):
    """alipay.data.bill.ereceipt.apply: `key` is our number of a transfer, or of its money."""

    type: str = text(required=True, one_of=frozenset({KIND}))
    key: str = text(required=True, longest=64)
    bill_user_id: str = text(longest=32)


@dataclass(kw_only=True, slots=True)
class ReceiptQueryForm(Form):
    """alipay.data.bill.ereceipt.query."""

    file_id: str = text(required=True, longest=64, echoed=True)


@dataclass(kw_only=True, slots=True)
class ApplyAnswer(Answer):
    """The receipt is being made."""

    file_id: str


@dataclass(kw_only=True, slots=True)
class ReceiptAnswer(Answer):
    """How a receipt stands; its address needs no signature and is good for half an hour."""

    download_url: str | None
    status: str


def apply(call: Call, form: ApplyForm) -> ApplyAnswer:
    """Order the receipt of a transfer; again gives the same one."""
    if form.bill_user_id not in ("", call.app.merchant_number):
        raise FieldInvalid(field="bill_user_id")
    receipt = order_receipt(merchant_id=call.app.merchant_id, key=form.key)
    return ApplyAnswer(file_id=receipt.number)


def receipt_query(call: Call, form: ReceiptQueryForm) -> ReceiptAnswer:
    """Tell whether a receipt is ready, and where its file is."""
    receipt = queries.receipt(merchant_id=call.app.merchant_id, number=form.file_id)
    if clock.now() < receipt.ready_at:
        return ReceiptAnswer(download_url=None, status="PROCESS")
    return ReceiptAnswer(download_url=offer_receipt(receipt), status="SUCCESS")


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.data.bill.ereceipt.apply", ApplyForm, apply, RECEIPTS, Scope.READ),
    Method(
        "alipay.data.bill.ereceipt.query", ReceiptQueryForm, receipt_query, RECEIPTS, Scope.READ
    ),
)
