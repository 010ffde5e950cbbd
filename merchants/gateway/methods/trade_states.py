"""Asking after trades and ending them: query, cancel, close."""

from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.close import close_trade
from merchants.consents.values import Scope
from merchants.gateway.methods.splits import settle_info
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import (
    NAMED,
    NOTHING_PAID,
    TradeAnswer,
    TradeForm,
    check_named,
    trade_facts,
)
from merchants.gateway.schema import Answer, Call, Method, texts
from merchants.protocol.formats import beijing
from merchants.protocol.trades import STATUS, detail
from wallet import public as wallet
from wallet.public import CancelAction


@dataclass(kw_only=True, slots=True)
class QueryForm(TradeForm):
    """alipay.trade.query."""

    query_options: list[str] | None = texts()


@dataclass(kw_only=True, slots=True)
class QueryAnswer(TradeAnswer):
    """How a trade stands."""

    buyer_user_type: str | None
    send_pay_date: str | None
    store_id: str | None
    terminal_id: str | None
    trade_settle_info: dict[str, Any] | None
    trade_status: str


@dataclass(kw_only=True, slots=True)
class CancelAnswer(Answer):
    """What the cancellation did; number and action only where there was a trade."""

    action: str | None = None
    out_trade_no: str | None
    retry_flag: str = "N"
    trade_no: str | None = None


@dataclass(kw_only=True, slots=True)
class CloseAnswer(Answer):
    """The trade that is closed."""

    out_trade_no: str
    trade_no: str


def query(call: Call, form: QueryForm) -> QueryAnswer:
    """Tell how a trade stands."""
    check_named(form)
    trade = queries.trade(
        merchant_id=call.app.merchant_id, number=form.trade_no, reference=form.out_trade_no
    )
    store_id = detail(trade, "store_id")
    splits_wanted = "trade_settle_info" in (form.query_options or [])
    return QueryAnswer(
        **trade_facts(call, trade, store_id=store_id),
        buyer_user_type="PRIVATE" if trade.payer_number else None,
        send_pay_date=None if trade.paid_at is None else beijing(trade.paid_at),
        store_id=store_id,
        terminal_id=detail(trade, "terminal_id"),
        trade_settle_info=settle_info(
            trade, call.app.merchant_number, app_number=call.app.app_number
        )
        if splits_wanted
        else None,
        trade_status=STATUS[trade.status],
    )


def cancel(call: Call, form: TradeForm) -> CancelAnswer:
    """Undo a trade; for one that does not exist there is nothing to undo, and that is success."""
    check_named(form)
    outcome = cancel_trade(seller=call.app, number=form.trade_no, reference=form.out_trade_no)
    if outcome is None:
        return CancelAnswer(out_trade_no=form.out_trade_no or None)
    trade = outcome.payment
    refunded = outcome.action is CancelAction.REFUND or trade.paid_at is not None
    return CancelAnswer(
        action="refund" if refunded else "close",
        out_trade_no=trade.reference,
        trade_no=trade.number,
    )


def close(call: Call, form: TradeForm) -> CloseAnswer:
    """Close an unpaid trade.

    Raises:
        wallet.PaymentClosed, wallet.PaymentAlreadyPaid: it has ended before, by this call's
            own first sending too; the refusal carries the merchant's number.
    """
    check_named(form)
    before = queries.trade(
        merchant_id=call.app.merchant_id, number=form.trade_no, reference=form.out_trade_no
    )
    if before.status is wallet.PaymentStatus.CLOSED:
        raise wallet.PaymentClosed(out_trade_no=before.reference)
    if before.status is not wallet.PaymentStatus.PENDING:
        raise wallet.PaymentAlreadyPaid(out_trade_no=before.reference)
    trade = close_trade(seller=call.app, number=form.trade_no, reference=form.out_trade_no)
    return CloseAnswer(out_trade_no=trade.reference, trade_no=trade.number)


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.query", QueryForm, query, TRADE, Scope.PAY, NOTHING_PAID),
    Method("alipay.trade.cancel", TradeForm, cancel, TRADE, Scope.PAY),
    Method("alipay.trade.close", TradeForm, close, TRADE, Scope.PAY, NAMED),
)
