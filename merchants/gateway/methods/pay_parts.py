"""What all ways of alipay.trade.pay share: the form, the answers, the finding of repeats."""

from dataclasses import dataclass
from typing import ClassVar

from merchants.gateway.methods import products
from merchants.gateway.methods.trade_parts import SaleForm, buyer_names, fund_bills, shop_name
from merchants.gateway.schema import Answer, Call, Form, flag, part, person, text
from merchants.protocol.formats import ZERO, beijing, masked, yuan
from merchants.protocol.persons import number_of
from merchants.protocol.values import PersonBy
from wallet import public as wallet


@dataclass(kw_only=True, slots=True)
class AgreementParams(Form):
    """`agreement_params`: which agreement."""

    agreement_no: str = text(required=True, longest=64)


@dataclass(kw_only=True, slots=True)
class PayForm(SaleForm):
    """alipay.trade.pay: which fields name the means decides how it is paid."""

    product_code: str = text(one_of=products.PAY)
    scene: str = text(longest=32)
    auth_code: str = text(longest=64)
    agreement_params: AgreementParams | None = part(AgreementParams)
    buyer_id: str = person(PersonBy.NUMBER, longest=28)
    buyer_open_id: str = person(PersonBy.OPEN_ID)
    is_async_pay: bool = flag()
    auth_no: str = text(longest=64)
    auth_confirm_mode: str = text(one_of=frozenset({"COMPLETE", "NOT_COMPLETE"}))


@dataclass(kw_only=True, slots=True)
class PayAnswer(Answer):
    """A trade that has been paid."""

    buyer_logon_id: str | None
    buyer_pay_amount: str
    buyer_open_id: str | None
    buyer_user_id: str | None
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


def named_buyer(call: Call, form: PayForm) -> str:
    """The number of the buyer whom the merchant expects; "" for whoever pays."""
    return number_of(call.app, user_number=form.buyer_id, open_id=form.buyer_open_id)


def paid_answer(call: Call, form: PayForm, outcome: wallet.PayOutcome) -> Answer:
    """Answer what a call to pay did.

    The protocol answers a repeat of a paid order with a refusal, where the use case
    would give the first answer again.

    Raises:
        PaymentClosed, PaymentAlreadyPaid: the call is a repeat and the trade has ended.
    """
    trade = outcome.payment
    if outcome.outcome is wallet.PayResult.REPLAYED:
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
        **buyer_names(call, trade),
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
