"""What the trade methods share: the sale's form, the trade's fields, the protocol's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from config.kernel import clock
from config.kernel.errors import NotFound, Refused
from merchants.acceptance.values import Sale
from merchants.consents.values import Scope
from merchants.gateway.methods.escrow_parts import SettleInfoForm, escrow_days
from merchants.gateway.methods.expiry import expires_at
from merchants.gateway.methods.split_parts import RoyaltyForm, read_plan
from merchants.gateway.schema import (
    ORDER_NUMBER,
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Lifetime,
    amount,
    flag,
    lifetime,
    moment,
    number,
    part,
    parts,
    text,
)
from merchants.gateway.scopes import check_scope
from merchants.onboarding.queries import store_name
from merchants.protocol.formats import CURRENCY, ZERO, masked, yuan
from merchants.protocol.persons import person_fields
from merchants.splits.usecases.plan_split import plan_split
from wallet.public import PaymentView

# The empty value stands for the order number that was asked for.
NOTHING_PAID: Final = (
    ("buyer_pay_amount", ZERO),
    ("invoice_amount", ZERO),
    ("out_trade_no", ""),
    ("point_amount", ZERO),
    ("receipt_amount", ZERO),
)
NAMED: Final = (("out_trade_no", ""),)
NOTHING_REFUNDED: Final = (("out_trade_no", ""), ("refund_fee", ZERO), ("send_back_fee", ZERO))
WALLET_CHANNEL: Final = "balance"
# What stands for a wallet's money, or allows it, in a list of channels.
_WALLET_CHANNELS: Final = frozenset({WALLET_CHANNEL, "moneyFund", "CREDITZHIMA"})


class SellerUnknown(NotFound):
    """The seller named is not the app's merchant."""

    code = "merchant_not_found"
    message = "The seller is not this app's merchant."


class NoInstrument(Refused):
    """The merchant takes nothing that a buyer of ours could pay with."""

    code = "payment_channels_exclude_wallet"
    message = "The sale takes no money from a wallet, and buyers have nothing else here."


@dataclass(kw_only=True, slots=True)
class GoodsForm(Form):
    """One of `goods_detail`; kept with the trade, never added up."""

    goods_id: str = text(longest=64)
    alipay_goods_id: str = text(longest=64)
    goods_name: str = text(longest=256)
    quantity: str = number()
    price: str = number()
    goods_category: str = text(longest=64)
    categories_tree: str = text(longest=128)
    body: str = text(longest=1000)
    show_url: str = text(longest=400)
    out_item_id: str = text(longest=64)
    out_sku_id: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class ExtendForm(Form):
    """`extend_params` of a sale; kept with the trade."""

    sys_service_provider_id: str = text(longest=64)
    hb_fq_num: str = text(longest=5)
    hb_fq_seller_percent: str = text(longest=3)
    industry_reflux_info: str = text(longest=512)
    card_type: str = text(longest=32)
    specified_seller_name: str = text(longest=32)
    royalty_finish: bool = flag()


@dataclass(kw_only=True, slots=True)
class SaleForm(Form):
    """What every method that makes an order takes."""

    out_trade_no: str = text(required=True, pattern=ORDER_NUMBER)
    total_amount: int = amount(required=True)
    subject: str = text(required=True, longest=256)
    body: str = text(longest=400)
    seller_id: str = text(longest=28)
    store_id: str = text(longest=32, echoed=True)
    terminal_id: str = text(longest=32, echoed=True)
    operator_id: str = text(longest=28)
    product_code: str = text(longest=64)
    timeout_express: Lifetime | None = lifetime()
    time_expire: datetime | None = moment()
    passback_params: str = text(longest=512)
    trans_currency: str = text(one_of=frozenset({CURRENCY}))
    settle_currency: str = text(one_of=frozenset({CURRENCY}))
    goods_detail: list[Any] | None = parts(GoodsForm, raw=True)
    extend_params: dict[str, Any] | None = part(ExtendForm, raw=True)
    settle_info: SettleInfoForm | None = part(SettleInfoForm)
    royalty_info: RoyaltyForm | None = part(RoyaltyForm)
    enable_pay_channels: str = text(longest=512)
    disable_pay_channels: str = text(longest=512)
    discountable_amount: int | None = amount(zero=True)
    undiscountable_amount: int | None = amount(zero=True)


@dataclass(kw_only=True, slots=True)
class TradeForm(Form):
    """What every method takes that is about one trade; `trade_no` wins over the other."""

    out_trade_no: str = text(longest=64, echoed=True)
    trade_no: str = text(longest=64)
    operator_id: str = text(longest=28)


def sale_of(call: Call, form: SaleForm) -> Sale:
    """Turn a form into what acceptance sells.

    Raises:
        SellerUnknown: the form names another merchant.
        what `plan_split` refuses: the sale names payees who cannot be paid from it.
        FieldInvalid: its end is past, its amounts do not add up, or nothing could be sent
            to its notify_url.
    """
    seller = call.app
    if form.seller_id and form.seller_id != seller.merchant_number:
        raise SellerUnknown(field="seller_id")
    check_discounts(form)
    check_channels(form)
    envelope = call.envelope
    extras: dict[str, object] = {
        "goods_detail": form.goods_detail,
        "extend_params": form.extend_params,
    }
    parts = read_plan(form.royalty_info, seller=seller, total_minor=form.total_amount)
    if parts:
        check_scope(seller, Scope.SPLIT)
        extras |= plan_split(seller=seller, parts=parts, amount_minor=form.total_amount)
    days = escrow_days(form.settle_info)
    extras["escrow_days"] = days
    ends = None
    if form.time_expire is not None or form.timeout_express is not None:
        ends = expires_at(clock.now(), form.timeout_express, form.time_expire)
    return Sale(
        seller=seller,
        reference=form.out_trade_no,
        subject=form.subject,
        amount_minor=form.total_amount,
        expires_at=ends,
        store_code=form.store_id,
        till_code=form.terminal_id,
        operator=form.operator_id,
        body=form.body,
        notify_url=call.notify_url,
        passback_params=form.passback_params,
        product=form.product_code,
        charset=envelope.charset.name,
        sign_type=envelope.text("sign_type"),
        extras={name: part for name, part in extras.items() if part},
        escrow_days=days,
    )


@dataclass(kw_only=True, slots=True)
class TradeAnswer(Answer):
    """What every answer tells of a trade that somebody pays or has paid."""

    buyer_logon_id: str | None
    buyer_pay_amount: str
    buyer_open_id: str | None
    buyer_user_id: str | None
    fund_bill_list: list[dict[str, str]] | None
    invoice_amount: str
    out_trade_no: str
    point_amount: str
    receipt_amount: str
    store_name: str | None
    total_amount: str
    trade_no: str


def trade_facts(call: Call, trade: PaymentView, *, store_id: str | None) -> dict[str, Any]:
    """The fields of `TradeAnswer` for a trade; amounts paid are zero before it is."""
    total = yuan(trade.amount_minor)
    paid = ZERO if trade.paid_at is None else total
    return {
        "buyer_logon_id": masked(trade.payer_phone),
        "buyer_pay_amount": paid,
        **buyer_names(call, trade),
        "fund_bill_list": None if trade.paid_at is None else fund_bills(total),
        "invoice_amount": paid,
        "out_trade_no": trade.reference,
        "point_amount": ZERO,
        "receipt_amount": paid,
        "store_name": shop_name(call, store_id),
        "total_amount": total,
        "trade_no": trade.number,
    }


def check_discounts(form: SaleForm) -> None:
    """Check what a sale says may be discounted: within the total, and both parts make it up.

    Raises:
        FieldInvalid: naming the part that cannot be.
    """
    may, may_not = form.discountable_amount, form.undiscountable_amount
    for name, share in (("discountable_amount", may), ("undiscountable_amount", may_not)):
        if share is not None and share > form.total_amount:
            raise FieldInvalid(field=name)
    if may is not None and may_not is not None and may + may_not != form.total_amount:
        raise FieldInvalid(field="undiscountable_amount")


def check_channels(form: SaleForm) -> None:
    """Check that the sale may be paid from a wallet, which is all that buyers have here.

    Raises:
        NoInstrument: the wallet's money is among what is disabled, or not among what is enabled.
    """
    allowed = {name.strip() for name in form.enable_pay_channels.split(",") if name.strip()}
    barred = {name.strip() for name in form.disable_pay_channels.split(",")}
    if WALLET_CHANNEL in barred or (allowed and not allowed & _WALLET_CHANNELS):
        raise NoInstrument(field="disable_pay_channels")


def check_named(form: TradeForm) -> None:
    """Check that a form names its trade.

    Raises:
        FieldMissing: neither number is there.
    """
    if not (form.out_trade_no or form.trade_no):
        raise FieldMissing(field="out_trade_no")


def fund_bills(paid: str) -> list[dict[str, str]]:
    """The sources of a payment: everything comes from the buyer's wallet."""
    return [{"amount": paid, "fund_channel": "ALIPAYACCOUNT"}]


def shop_name(call: Call, store_id: str | None) -> str | None:
    """The name of the store that a trade was made in; None if it is not one we know."""
    return store_name(call.app.merchant_id, store_id) if store_id else None


def buyer_names(call: Call, trade: PaymentView) -> dict[str, Any]:
    """The buyer as the app wants to have them named; what it does not want is None."""
    names = person_fields(
        call.app.app_number,
        trade.payer_id,
        trade.payer_number,
        user_id="buyer_user_id",
        open_id="buyer_open_id",
    )
    return {name: names.get(name) for name in ("buyer_open_id", "buyer_user_id")}
