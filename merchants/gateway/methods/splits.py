"""Parts of trades that go to others: order.settle, its query, and what is left."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from merchants.acceptance import queries as acceptance
from merchants.consents.values import Scope
from merchants.gateway.methods.split_parts import PartForm, read_parts
from merchants.gateway.methods.trade_codes import SPLITS
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldMissing,
    Form,
    Method,
    flag,
    part,
    parts,
    text,
)
from merchants.protocol.formats import beijing, yuan
from merchants.protocol.persons import payee_field
from merchants.protocol.splits import split_details
from merchants.splits import queries, rules
from merchants.splits.usecases.split_trade import split_trade
from wallet.public import PaymentView


@dataclass(kw_only=True, slots=True)
class SettleExtendForm(Form):
    """`extend_params` of a split."""

    royalty_finish: bool = flag()
    entity_seller_id: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class SettleForm(Form):
    """alipay.trade.order.settle: `royalty_finish` in `extend_params` ends the splitting."""

    out_request_no: str = text(required=True, longest=64, echoed=True)
    trade_no: str = text(required=True, longest=64)
    royalty_parameters: list[PartForm] | None = parts(PartForm, most=rules.MOST_PAYEES)
    operator_id: str = text(longest=64)
    extend_params: SettleExtendForm | None = part(SettleExtendForm)
    royalty_mode: str = text(one_of=frozenset({"sync", "async"}))


@dataclass(kw_only=True, slots=True)
class SettleQueryForm(Form):
    """alipay.trade.order.settle.query: our number, or both of the merchant's."""

    settle_no: str = text(longest=64)
    out_request_no: str = text(longest=64)
    trade_no: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class UnsettledForm(Form):
    """alipay.trade.order.onsettle.query."""

    trade_no: str = text(required=True, longest=64)


@dataclass(kw_only=True, slots=True)
class SettleAnswer(Answer):
    """A split that has been made, or waits for its time."""

    settle_no: str
    trade_no: str


@dataclass(kw_only=True, slots=True)
class SettleQueryAnswer(Answer):
    """How a split stands, part by part."""

    operation_dt: str
    out_request_no: str
    royalty_detail_list: list[dict[str, str]] | None


@dataclass(kw_only=True, slots=True)
class UnsettledAnswer(Answer):
    """What of a trade can still be split."""

    unsettled_amount: str


def settle(call: Call, form: SettleForm) -> SettleAnswer:
    """Split a trade; the request number is the key."""
    ends = form.extend_params is not None and form.extend_params.royalty_finish
    if not form.royalty_parameters and not ends:
        raise FieldMissing(field="royalty_parameters")
    shares = read_parts(
        form.royalty_parameters,
        seller=call.app,
        total_minor=lambda: (
            acceptance.trade(merchant_id=call.app.merchant_id, number=form.trade_no).amount_minor
        ),
    )
    if not shares and not ends:
        raise rules.SplitAmountInvalid(field="amount", reason="comes to nothing")
    split = split_trade(
        seller=call.app,
        number=form.trade_no,
        request_no=form.out_request_no,
        parts=shares,
        at_once=form.royalty_mode != "async",
        ends=ends,
        operator=form.operator_id,
    )
    return SettleAnswer(settle_no=split.number, trade_no=split.trade_number)


def settle_query(call: Call, form: SettleQueryForm) -> SettleQueryAnswer:
    """Tell how a split stands."""
    if not form.settle_no and not (form.out_request_no and form.trade_no):
        raise FieldMissing(field="settle_no")
    split = queries.split(
        merchant_id=call.app.merchant_id,
        number=form.settle_no,
        request_no=form.out_request_no,
        trade_number=form.trade_no,
    )
    return SettleQueryAnswer(
        operation_dt=beijing(split.created_at),
        out_request_no=split.request_no,
        royalty_detail_list=list(
            split_details(split, call.app.merchant_number, app_number=call.app.app_number)
        )
        or None,
    )


def unsettled(call: Call, form: UnsettledForm) -> UnsettledAnswer:
    """Tell what of a trade can still be split."""
    trade = acceptance.trade(merchant_id=call.app.merchant_id, number=form.trade_no)
    return UnsettledAnswer(unsettled_amount=yuan(queries.splittable(trade)))


def settle_info(
    trade: PaymentView, merchant_number: str, *, app_number: str
) -> dict[str, Any] | None:
    """`trade_settle_info` of a query: what went to whom, and what is left."""
    if trade.paid_at is None:
        return None
    details = [
        {
            "amount": yuan(share.amount_minor),
            "operation_dt": beijing(share.moved_at),
            "operation_serial_no": share.split.number,
            "operation_type": "transfer",
            "trans_in": payee_field(app_number, share.payee_number)[0],
            "trans_out": merchant_number,
        }
        for share in queries.moved_shares(trade.id)
        if share.moved_at
    ]
    details += [
        {
            "amount": yuan(back.amount_minor),
            "operation_dt": beijing(back.created_at),
            "operation_serial_no": back.number,
            "operation_type": "transfer_refund",
            "trans_in": merchant_number,
            "trans_out": payee_field(app_number, back.share.payee_number)[0],
        }
        for back in queries.returns_of(trade.id)
    ]
    fields: dict[str, Any] = {"trade_settle_detail_list": details} if details else {}
    return fields | {"trade_unsettled_amount": yuan(queries.splittable(trade))}


def royalties_back(
    payment_id: uuid.UUID, request_no: str, merchant_number: str, *, app_number: str
) -> list[dict[str, str]]:
    """`refund_royaltys` of a refund: what each payee gave back with it."""
    return [
        {
            "refund_amount": yuan(back.amount_minor),
            "result_code": "SUCCESS",
            "royalty_type": "transfer",
            "trans_in": merchant_number,
            "trans_out": payee_field(app_number, back.share.payee_number)[0],
        }
        for back in queries.returns_with(payment_id, request_no)
    ]


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.order.settle", SettleForm, settle, SPLITS, Scope.SPLIT),
    Method(
        "alipay.trade.order.settle.query",
        SettleQueryForm,
        settle_query,
        SPLITS,
        Scope.SPLIT,
        rest_verb="GET",
    ),
    Method(
        "alipay.trade.order.onsettle.query",
        UnsettledForm,
        unsettled,
        SPLITS,
        Scope.SPLIT,
        rest_verb="GET",
    ),
)
