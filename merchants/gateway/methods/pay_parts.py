"""What all ways of alipay.trade.pay share: the form, the answers, the finding of repeats."""

from dataclasses import dataclass
from typing import ClassVar

from merchants.gateway.methods import products
from merchants.gateway.methods.trade_parts import SaleForm, TradeAnswer, trade_facts
from merchants.gateway.schema import Answer, Call, Form, flag, part, person, text
from merchants.protocol.formats import beijing
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
class PayAnswer(TradeAnswer):
    """A trade that has been paid."""

    gmt_payment: str | None


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
    facts = trade_facts(call, trade, store_id=form.store_id)
    if trade.paid_at is None:
        return AwaitingAnswer(**facts, gmt_payment=None)
    return PayAnswer(**facts, gmt_payment=beijing(trade.paid_at))
