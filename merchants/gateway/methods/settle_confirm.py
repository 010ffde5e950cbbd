"""alipay.trade.settle.confirm: the buyer has the goods, the merchant gets the money."""

from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries as acceptance
from merchants.consents.values import Scope
from merchants.escrow.usecases.release_escrow import release_escrow
from merchants.gateway.methods.escrow_parts import SettleInfoForm
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import ExtendForm
from merchants.gateway.schema import Answer, Call, Form, Method, part, text
from merchants.protocol.formats import yuan


@dataclass(kw_only=True, slots=True)
class ConfirmForm(Form):
    """The whole of what is left is released, whatever parts `settle_info` names."""

    out_request_no: str = text(required=True, longest=64, echoed=True)
    trade_no: str = text(required=True, longest=64)
    settle_info: SettleInfoForm | None = part(SettleInfoForm)
    extend_params: dict[str, Any] | None = part(ExtendForm, raw=True)


@dataclass(kw_only=True, slots=True)
class ConfirmAnswer(Answer):
    """What was released."""

    amount: str
    out_request_no: str
    trade_no: str


def confirm(call: Call, form: ConfirmForm) -> ConfirmAnswer:
    """Release a guaranteed trade; the request number is the key."""
    trade = acceptance.trade(merchant_id=call.app.merchant_id, number=form.trade_no)
    outcome = release_escrow(payment_id=trade.id, request_no=form.out_request_no)
    return ConfirmAnswer(
        amount=yuan(outcome.amount_minor),
        out_request_no=form.out_request_no,
        trade_no=trade.number,
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.settle.confirm", ConfirmForm, confirm, TRADE, Scope.PAY),
)
