"""Giving money back: refund and refund query."""

from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries
from merchants.consents.values import Scope
from merchants.gateway.methods.split_parts import TakeForm, read_takes
from merchants.gateway.methods.splits import royalties_back
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import (
    NOTHING_REFUNDED,
    TradeForm,
    buyer_names,
    check_named,
    fund_bills,
)
from merchants.gateway.schema import Answer, Call, Form, Method, amount, number, parts, text, texts
from merchants.protocol.formats import CURRENCY, beijing, masked, yuan
from merchants.protocol.trades import DEPOSIT_BACK, deposit_back_info
from merchants.splits.rules import MOST_PAYEES
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from wallet import public as wallet


@dataclass(kw_only=True, slots=True)
class RefundGoodsForm(Form):
    """One of `refund_goods_detail`: what comes back, kept with the refund."""

    goods_id: str = text(longest=64, echoed=True)
    goods_name: str = text(longest=256, echoed=True)
    out_item_id: str = text(longest=64, echoed=True)
    out_sku_id: str = text(longest=64, echoed=True)
    refund_amount: int | None = amount(zero=True)
    quantity: str = number()


@dataclass(kw_only=True, slots=True)
class RefundForm(TradeForm):
    """alipay.trade.refund: all or part of a paid trade goes back."""

    refund_amount: int = amount(required=True)
    out_request_no: str = text(longest=64, echoed=True)
    refund_reason: str = text(longest=256, echoed=True)
    store_id: str = text(longest=32, echoed=True)
    refund_goods_detail: list[Any] | None = parts(RefundGoodsForm, raw=True)
    refund_royalty_parameters: list[TakeForm] | None = parts(TakeForm, most=MOST_PAYEES)
    query_options: list[str] | None = texts()
    refund_currency: str = text(one_of=frozenset({CURRENCY}))


@dataclass(kw_only=True, slots=True)
class RefundQueryForm(TradeForm):
    """alipay.trade.fastpay.refund.query: how a refund stands."""

    out_request_no: str = text(required=True, longest=64, echoed=True)
    query_options: list[str] | None = texts()


@dataclass(kw_only=True, slots=True)
class RefundAnswer(Answer):
    """A refund. `refund_fee` is all that has gone back so far, `send_back_fee` this time's."""

    buyer_logon_id: str | None
    buyer_open_id: str | None
    buyer_user_id: str | None
    fund_change: str
    gmt_refund_pay: str
    out_trade_no: str
    refund_detail_item_list: list[dict[str, str]] | None
    refund_fee: str
    send_back_fee: str
    trade_no: str


@dataclass(kw_only=True, slots=True)
class RefundQueryAnswer(Answer):
    """A refund found, or nothing but success where there is none of that number."""

    deposit_back_info: dict[str, str] | None = None
    gmt_refund_pay: str | None = None
    out_request_no: str | None = None
    out_trade_no: str | None = None
    refund_amount: str | None = None
    refund_detail_item_list: list[dict[str, str]] | None = None
    refund_goods_detail: list[Any] | None = None
    refund_reason: str | None = None
    refund_royaltys: list[dict[str, str]] | None = None
    refund_status: str | None = None
    total_amount: str | None = None
    trade_no: str | None = None


def refund(call: Call, form: RefundForm) -> RefundAnswer:
    """Give money back; the request number is the key, the trade's own for a full refund."""
    check_named(form)
    outcome = refund_with_shares(
        seller=call.app,
        takes=read_takes(form.refund_royalty_parameters, seller=call.app),
        amount_minor=form.refund_amount,
        number=form.trade_no,
        reference=form.out_trade_no,
        request_no=form.out_request_no,
        reason=form.refund_reason,
        operator=form.operator_id,
        details=kept_of(form, form.query_options) or None,
    )
    trade, sent_back = outcome.payment, yuan(outcome.refund.amount_minor)
    wants_items = "refund_detail_item_list" in (form.query_options or [])
    return RefundAnswer(
        buyer_logon_id=masked(trade.payer_phone),
        **buyer_names(call, trade),
        fund_change="Y" if outcome.changed else "N",
        gmt_refund_pay=beijing(outcome.refund.created_at),
        out_trade_no=trade.reference,
        refund_detail_item_list=fund_bills(sent_back) if wants_items else None,
        refund_fee=yuan(trade.refunded_minor),
        send_back_fee=sent_back,
        trade_no=trade.number,
    )


def refund_query(call: Call, form: RefundQueryForm) -> RefundQueryAnswer:
    """Tell how a refund stands; an unknown request number is no error."""
    check_named(form)
    trade = queries.trade(
        merchant_id=call.app.merchant_id, number=form.trade_no, reference=form.out_trade_no
    )
    given_back = wallet.refund(payment_id=trade.id, request_no=form.out_request_no)
    if given_back is None:
        return RefundQueryAnswer()
    options, sent_back = form.query_options or [], yuan(given_back.amount_minor)
    return RefundQueryAnswer(
        deposit_back_info=deposit_back_info(given_back) if DEPOSIT_BACK in options else None,
        gmt_refund_pay=beijing(given_back.created_at) if "gmt_refund_pay" in options else None,
        out_request_no=given_back.request_no,
        out_trade_no=trade.reference,
        refund_amount=sent_back,
        refund_detail_item_list=fund_bills(sent_back)
        if "refund_detail_item_list" in options
        else None,
        refund_goods_detail=_goods(given_back) if "refund_goods_detail" in options else None,
        refund_reason=given_back.reason or None,
        refund_royaltys=royalties_back(
            trade.id,
            given_back.request_no,
            call.app.merchant_number,
            app_number=call.app.app_number,
        )
        or None
        if "refund_royaltys" in options
        else None,
        refund_status="REFUND_SUCCESS",
        total_amount=yuan(trade.amount_minor),
        trade_no=trade.number,
    )


def kept_of(form: RefundForm, options: list[str] | None) -> dict[str, object]:
    """What is kept with a refund: for its query, and whether its way to a bank is told."""
    extras = {
        "store_id": form.store_id,
        "refund_goods_detail": form.refund_goods_detail,
        DEPOSIT_BACK: DEPOSIT_BACK in (options or []),
    }
    return {name: value for name, value in extras.items() if value}


def _goods(refund: wallet.RefundView) -> list[Any] | None:
    goods = refund.details.get("refund_goods_detail")
    return goods if isinstance(goods, list) else None


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.refund", RefundForm, refund, TRADE, Scope.PAY, NOTHING_REFUNDED),
    Method("alipay.trade.fastpay.refund.query", RefundQueryForm, refund_query, TRADE, Scope.PAY),
)
