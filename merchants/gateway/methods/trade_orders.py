"""Making trades: pay by code, precreate (the buyer scans), create (for a known buyer)."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final

from config.kernel import clock
from merchants.acceptance import queries
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.gateway.declarations import (
    Answer,
    Call,
    FieldMissing,
    Lifetime,
    Method,
    beijing,
    lifetime,
    text,
)
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import (
    NOTHING_PAID,
    ZERO,
    SaleForm,
    fund_bills,
    masked,
    sale_of,
    shop_name,
    yuan,
)
from wallet import public as wallet

_SCENES: Final = frozenset({"bar_code", "wave_code"})


@dataclass(kw_only=True, slots=True)
class PayForm(SaleForm):
    """alipay.trade.pay: the buyer's phone shows a code, the till has read it."""

    scene: str = text(required=True, one_of=_SCENES)
    auth_code: str = text(required=True, longest=64)


@dataclass(kw_only=True, slots=True)
class PrecreateForm(SaleForm):
    """alipay.trade.precreate: the till shows a code, the buyer will scan it."""

    qr_code_timeout_express: Lifetime | None = lifetime()


@dataclass(kw_only=True, slots=True)
class CreateForm(SaleForm):
    """alipay.trade.create: the merchant knows the buyer."""

    buyer_id: str = text(longest=28)
    buyer_open_id: str = text(longest=128)
    buyer_logon_id: str = text(longest=100)


@dataclass(kw_only=True, slots=True)
class PayAnswer(Answer):
    """A trade that has been paid."""

    buyer_logon_id: str | None
    buyer_pay_amount: str
    buyer_user_id: str
    fund_bill_list: list[dict[str, str]] | None
    gmt_payment: str | None
    invoice_amount: str
    out_trade_no: str
    point_amount: str
    receipt_amount: str
    store_name: str | None
    total_amount: str
    trade_no: str


@dataclass(kw_only=True, slots=True)
class AwaitingAnswer(PayAnswer):
    """A trade that waits for the buyer's PIN: the merchant is to query."""

    code: ClassVar[str] = "10003"
    msg: ClassVar[str] = "order success pay inprocess"


@dataclass(kw_only=True, slots=True)
class PrecreateAnswer(Answer):
    """The code to show; there is no trade yet, so no number of ours."""

    out_trade_no: str
    qr_code: str


@dataclass(kw_only=True, slots=True)
class CreateAnswer(Answer):
    """The trade that waits for its buyer."""

    out_trade_no: str
    trade_no: str


def pay(call: Call, form: PayForm) -> Answer:
    """Take a payment by code.

    The protocol answers a repeat of a paid order with a refusal, where the use case
    would give the first answer again.
    """
    sale = sale_of(call, form)
    done = pay_by_code(sale=sale, code=form.auth_code)
    trade = done.payment
    if done.outcome is wallet.PayResult.REPLAYED:
        if trade.status is wallet.PaymentStatus.CLOSED:
            raise wallet.PaymentClosed(status=trade.status.value)
        if trade.status is not wallet.PaymentStatus.PENDING:
            raise wallet.PaymentAlreadyPaid(status=trade.status.value)
    paid_at = trade.paid_at
    total = yuan(trade.amount_minor)
    paid = ZERO if paid_at is None else total
    return (PayAnswer if paid_at is not None else AwaitingAnswer)(
        buyer_logon_id=masked(trade.payer_phone),
        buyer_pay_amount=paid,
        buyer_user_id=trade.payer_number,
        fund_bill_list=None if paid_at is None else fund_bills(total),
        gmt_payment=None if paid_at is None else beijing(paid_at),
        invoice_amount=paid,
        out_trade_no=trade.reference,
        point_amount=ZERO,
        receipt_amount=paid,
        store_name=shop_name(call, form.store_id),
        total_amount=total,
        trade_no=trade.number,
    )


def precreate(call: Call, form: PrecreateForm) -> PrecreateAnswer:
    """Make an order and give its code."""
    life = form.qr_code_timeout_express
    ends = None
    if life is not None and life.minutes is not None:
        ends = clock.now() + timedelta(minutes=life.minutes)
    order = precreate_order(sale=sale_of(call, form), code_expires_at=ends)
    return PrecreateAnswer(out_trade_no=order.reference, qr_code=queries.order_link(order.token))


def create(call: Call, form: CreateForm) -> CreateAnswer:
    """Make a trade for a known buyer."""
    done = create_order(sale=sale_of(call, form), payer_id=_buyer(form))
    return CreateAnswer(out_trade_no=done.payment.reference, trade_no=done.payment.number)


def _buyer(form: CreateForm) -> uuid.UUID:
    """Find the buyer by whichever of the three names is given; the first given decides."""
    number = form.buyer_id or form.buyer_open_id
    if number:
        return wallet.user_by_number(number).id
    if form.buyer_logon_id:
        return wallet.user_by_phone(form.buyer_logon_id).id
    raise FieldMissing(field="buyer_id")


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.pay", PayForm, pay, TRADE, NOTHING_PAID),
    Method("alipay.trade.precreate", PrecreateForm, precreate, TRADE),
    Method("alipay.trade.create", CreateForm, create, TRADE),
)
