"""Transfers that the merchant's owner pays: fund.trans.page.pay; app.pay asks for the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from merchants.consents.values import Scope
from merchants.funds import queries
from merchants.funds.models import TransferBatch
from merchants.funds.rules import BatchEnded
from merchants.funds.usecases.open_batch import open_batch
from merchants.funds.values import Batch, Order, TransferKind
from merchants.gateway.batch_offer import PagePayment, page_token
from merchants.gateway.methods.transfer_batches import (
    BATCHES,
    PAID_BY_OWNER,
    PAY_SCENE,
    waits_until,
)
from merchants.gateway.methods.transfers import (
    RED_PACKET,
    TO_ACCOUNT,
    TO_CARD,
    TRANSFER_NUMBER,
    PayeeForm,
    ProductNotSigned,
    payee_of,
)
from merchants.gateway.schema import (
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    Redirect,
    amount,
    moment,
    part,
    text,
)
from merchants.protocol.pages import PAY_TRANSFERS
from merchants.protocol.transfers import status_of

APP: Final = "alipay.fund.trans.app.pay"
BATCHES_AT: Final = "/batches/"
_CREATED: Final = "alipay.fund.batch.create"
_PRODUCTS: Final = PAID_BY_OWNER | {TO_ACCOUNT, TO_CARD, RED_PACKET}


@dataclass(kw_only=True, slots=True)
class TransferOrderForm(Form):
    """What both ways take: a batch by `order_id`, or one transfer by its own numbers."""

    product_code: str = text(required=True, one_of=_PRODUCTS)
    biz_scene: str = text(required=True, longest=64)
    order_id: str = text(longest=64, echoed=True)
    out_biz_no: str = text(pattern=TRANSFER_NUMBER, echoed=True)
    trans_amount: int | None = amount()
    payee_info: PayeeForm | None = part(PayeeForm)
    order_title: str = text(longest=128, echoed=True)
    remark: str = text(longest=200, echoed=True)
    time_expire: datetime | None = moment()
    passback_params: str = text(longest=512)
    business_params: str = text(longest=2048)


def to_page(call: Call, form: TransferOrderForm) -> Redirect:
    """Send the merchant's owner to the page where the money is released."""
    batch = order_of(call, form, PAY_TRANSFERS)
    payment = PagePayment(
        batch_id=str(batch.id),
        app_number=call.app.app_number,
        acting_for=call.app.acting_for,
        return_url=call.return_url(),
        charset=call.envelope.charset.name,
        sign_type=call.envelope.text("sign_type"),
    )
    return Redirect(BATCHES_AT + page_token(payment))


def order_of(call: Call, form: TransferOrderForm, origin: str) -> TransferBatch:
    """What is to be paid: a batch that was created, or a new one of one transfer.

    Raises:
        ProductNotSigned: red packets.
        FieldMissing, FieldInvalid: it is named by neither.
        BatchUnknown, BatchEnded, TransferConflict: there is none, or it cannot be paid any more.
    """
    if form.product_code == RED_PACKET:
        raise ProductNotSigned()
    if form.product_code in PAID_BY_OWNER:
        if form.biz_scene != PAY_SCENE:
            raise FieldInvalid(field="biz_scene")
        if not form.order_id:
            raise FieldMissing(field="order_id")
        row = queries.batch(merchant_id=call.app.merchant_id, number=form.order_id)
    else:
        row = _single(call, form, origin)
    if status_of(row, []) == "INVALID" or row.origin not in {origin, _CREATED}:
        raise BatchEnded()
    return row


def _single(call: Call, form: TransferOrderForm, origin: str) -> TransferBatch:
    for name in ("out_biz_no", "trans_amount", "payee_info"):
        if not getattr(form, name):
            raise FieldMissing(field=name)
    if form.biz_scene != "DIRECT_TRANSFER":
        raise FieldInvalid(field="biz_scene")
    payee, sum_minor = form.payee_info or PayeeForm(), form.trans_amount or 0
    to_card = form.product_code == TO_CARD
    order = Order(
        reference=form.out_biz_no,
        kind=TransferKind.BANK_CARD if to_card else TransferKind.WALLET,
        payee=payee_of(call, payee, to_card=to_card),
        amount_minor=sum_minor,
        title=form.order_title,
        remark=form.remark,
    )
    batch = Batch(
        reference=form.out_biz_no,
        orders=(order,),
        total_minor=sum_minor,
        title=form.order_title,
        app_number=call.app.app_number,
        product=form.product_code,
        scene=form.biz_scene,
        origin=origin,
    )
    return open_batch(
        merchant_id=call.app.merchant_id,
        batch=batch,
        waits_until=waits_until(form.time_expire),
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(PAY_TRANSFERS, TransferOrderForm, to_page, BATCHES, Scope.TRANSFER, page=True),
)
