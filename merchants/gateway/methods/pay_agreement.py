"""alipay.trade.pay under an agreement: the buyer has consented and is not asked."""

from typing import Final

from merchants.acceptance.rules import NoEscrowHere
from merchants.acceptance.usecases.debit_payer import debit_payer
from merchants.gateway.methods.pay_parts import PayForm, named_buyer, paid_answer
from merchants.gateway.methods.trade_parts import sale_of
from merchants.gateway.schema import Answer, Call, FieldMissing

PRODUCTS: Final = frozenset({"CYCLE_PAY_AUTH", "GENERAL_WITHHOLDING"})


def fits(form: PayForm) -> bool:
    """Whether an agreement is the means: by the product, or because one is named."""
    return form.product_code in PRODUCTS or form.agreement_params is not None


def by_agreement(call: Call, form: PayForm) -> Answer:
    """Debit the agreement's buyer, now or (`is_async_pay`) in the background."""
    if form.agreement_params is None:
        raise FieldMissing(field="agreement_params")
    sale = sale_of(call, form)
    if sale.escrow_days is not None:
        raise NoEscrowHere(field="settle_info")
    outcome = debit_payer(
        sale=sale,
        agreement_number=form.agreement_params.agreement_no,
        payer_number=named_buyer(call, form),
        deferred=form.is_async_pay,
    )
    return paid_answer(call, form, outcome)
