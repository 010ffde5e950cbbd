"""Other ways to give money back: asked for and told of later, or taken by the buyer at a page."""

from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries
from merchants.consents.values import Scope
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import NAMED, TradeForm, check_named
from merchants.gateway.refund_offer import PageRefund, check_offer, page_token
from merchants.gateway.schema import Answer, Call, Form, Method, Redirect, amount, part, parts, text
from merchants.protocol.formats import yuan
from merchants.protocol.pages import REFUND
from merchants.protocol.trades import DEPOSIT_BACK
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from wallet import public as wallet

APPLY: Final = "alipay.trade.refund.apply"
REFUNDS: Final = "/refunds/"
_ON_ITS_WAY: Final = frozenset({wallet.DepositBackState.SENT})


@dataclass(kw_only=True, slots=True)
class RefundExtendForm(Form):
    """`extend_params` of a refund, agreed between the two sides and kept unread."""

    sys_service_provider_id: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class FundDetailForm(Form):
    """One of `refund_fund_details`: everything comes from the merchant's own money."""

    fund_type: str = text(longest=32)
    amount: int | None = amount(zero=True)


@dataclass(kw_only=True, slots=True)
class WayForm(TradeForm):
    """What both ways take; the request number is always needed."""

    out_request_no: str = text(required=True, longest=64, echoed=True)
    refund_amount: int = amount(required=True)
    refund_reason: str = text(longest=256, echoed=True)
    store_id: str = text(longest=32, echoed=True)
    terminal_id: str = text(longest=32, echoed=True)
    extend_params: dict[str, Any] | None = part(RefundExtendForm, raw=True)


@dataclass(kw_only=True, slots=True)
class ApplyForm(WayForm):
    """alipay.trade.refund.apply."""

    refund_fund_details: list[FundDetailForm] | None = parts(FundDetailForm)


@dataclass(kw_only=True, slots=True)
class PageRefundForm(WayForm):
    """alipay.trade.page.refund: `CREDIT_REFUND` is the one kind there is."""

    biz_type: str = text(required=True, one_of=frozenset({"CREDIT_REFUND"}))


@dataclass(kw_only=True, slots=True)
class ApplyAnswer(Answer):
    """A refund that was asked for, and whether it is on its way to a bank still."""

    out_request_no: str
    out_trade_no: str
    refund_amount: str
    refund_status: str
    trade_no: str


def apply(call: Call, form: ApplyForm) -> ApplyAnswer:
    """Give money back to the buyer; the request number is the key.

    Of a buyer whose refunds go on to a bank it is REFUND_PROCESSING until the bank has spoken,
    which `alipay.trade.refund.depositback.completed` tells.
    """
    check_named(form)
    outcome = refund_with_shares(
        seller=call.app,
        takes=[],
        amount_minor=form.refund_amount,
        number=form.trade_no,
        reference=form.out_trade_no,
        request_no=form.out_request_no,
        reason=form.refund_reason,
        operator=form.operator_id,
        details=kept(form),
    )
    return ApplyAnswer(
        out_request_no=outcome.refund.request_no,
        out_trade_no=outcome.payment.reference,
        refund_amount=yuan(outcome.refund.amount_minor),
        refund_status="REFUND_PROCESSING" if _is_on_its_way(outcome) else "REFUND_SUCCESS",
        trade_no=outcome.payment.number,
    )


def kept(form: WayForm) -> dict[str, object]:
    """What is kept with the refund."""
    extras = {
        "store_id": form.store_id,
        "terminal_id": form.terminal_id,
        "extend_params": form.extend_params,
        DEPOSIT_BACK: True,
    }
    return {name: value for name, value in extras.items() if value}


def _is_on_its_way(outcome: wallet.RefundOutcome) -> bool:
    """Whether the money still goes from the buyer's wallet to a bank."""
    row = wallet.deposit_back(outcome.refund.id)
    if row is not None:
        return row.state in _ON_ITS_WAY
    payer = outcome.payment.payer_id
    return payer is not None and wallet.user(payer).refunds_to_bank


def to_page(call: Call, form: PageRefundForm) -> Redirect:
    """Send the buyer to the page where the refund is taken; nothing moves before.

    Raises:
        wallet.PaymentNotPaid, wallet.PaymentClosed, wallet.RefundExceedsPaid: it could not be
            given; a refund that was given already is shown as given.
    """
    check_named(form)
    trade = queries.trade(
        merchant_id=call.app.merchant_id, number=form.trade_no, reference=form.out_trade_no
    )
    offer = PageRefund(
        app_number=call.app.app_number,
        acting_for=call.app.acting_for,
        payment_id=str(trade.id),
        request_no=form.out_request_no,
        amount_minor=form.refund_amount,
        reason=form.refund_reason,
        operator=form.operator_id,
        details=kept(form) | {"biz_type": form.biz_type},
        return_url=call.return_url(),
        charset=call.envelope.charset.name,
        sign_type=call.envelope.text("sign_type"),
    )
    check_offer(offer, trade)
    return Redirect(REFUNDS + page_token(offer))


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(APPLY, ApplyForm, apply, TRADE, Scope.PAY, NAMED),
    Method(REFUND, PageRefundForm, to_page, TRADE, Scope.PAY, page=True),
)
