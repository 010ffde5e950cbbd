"""Payments declared to a customs office: trade.customs.declare and its query."""

from dataclasses import dataclass, replace
from typing import Any, Final

from merchants.consents.values import Scope
from merchants.customs import queries
from merchants.customs.models import CustomsDeclaration
from merchants.customs.usecases.declare_payment import declare_payment
from merchants.customs.values import Declaration, DeclarationState
from merchants.gateway.methods.trade_codes import MEANINGS, TRADE
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    amount,
    flag,
    part,
    text,
)
from merchants.protocol.formats import beijing, yuan

STATUS: Final = {
    DeclarationState.SENT: "sending",
    DeclarationState.ACCEPTED: "succ",
    DeclarationState.REFUSED: "fail",
}
# Who verifies a payment for the customs: neither UnionPay (1) nor NetsUnion (2).
_VERIFIED_BY_OTHERS: Final = "3"
_MOST_NUMBERS: Final = 10
_REFUSED: Final = {"trade_refunded": "支付单已全额退款"}
CUSTOMS: Final = replace(
    TRADE,
    meanings=MEANINGS | {"CUSTOMS_PLACE_ERROR": "海关编号有误", "REPEAT_REPORT": "报关请求号重复"},
    general={
        **TRADE.general,
        "customs_amount_too_large": "TOTAL_FEE_EXCEED",
        "customs_declaration_conflict": "REPEAT_REPORT",
        "customs_place_unknown": "CUSTOMS_PLACE_ERROR",
        "customs_trade_not_paid": "TRADE_STATUS_ERROR",
    },
)


@dataclass(kw_only=True, slots=True)
class BuyerInfoForm(Form):
    """`buyer_info`: whom the office is to be told as the buyer; nothing of it is kept."""

    name: str = text(longest=128)
    cert_type: str = text(longest=32)
    cert_no: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class DeclareForm(Form):
    """alipay.trade.customs.declare; a declaration of a part says `is_split` and names it."""

    out_request_no: str = text(required=True, longest=64, echoed=True)
    trade_no: str = text(required=True, longest=64)
    merchant_customs_code: str = text(required=True, longest=20, echoed=True)
    merchant_customs_name: str = text(required=True, longest=256, echoed=True)
    amount: int = amount(required=True)
    customs_place: str = text(required=True, longest=32)
    is_split: bool = flag()
    sub_out_biz_no: str = text(longest=64, echoed=True)
    declare_mode: str = text(longest=32)
    buyer_info: BuyerInfoForm | None = part(BuyerInfoForm)


@dataclass(kw_only=True, slots=True)
class CustomsQueryForm(Form):
    """alipay.trade.customs.query: up to ten of the merchant's numbers, with commas between."""

    out_request_nos: str = text(required=True, longest=650, echoed=True)


@dataclass(kw_only=True, slots=True)
class DeclareAnswer(Answer):
    """A declaration that is with the office."""

    alipay_declare_no: str
    currency: str
    out_trade_no: str
    pay_transaction_id: str
    total_amount: str
    trade_no: str
    ver_dept: str = _VERIFIED_BY_OTHERS


@dataclass(kw_only=True, slots=True)
class CustomsQueryAnswer(Answer):
    """The declarations found, and the numbers that stand for none."""

    not_found: str | None
    records: list[dict[str, str]] | None


def declare(call: Call, form: DeclareForm) -> DeclareAnswer:
    """Declare a paid trade, or a part of it; the request number is the key."""
    if form.is_split and not form.sub_out_biz_no:
        raise FieldMissing(field="sub_out_biz_no")
    declaration = Declaration(
        request_no=form.out_request_no,
        place=form.customs_place.upper(),
        customs_code=form.merchant_customs_code,
        customs_name=form.merchant_customs_name,
        amount_minor=form.amount,
        part=form.sub_out_biz_no if form.is_split else "",
    )
    row = declare_payment(seller=call.app, trade_number=form.trade_no, declaration=declaration)
    return DeclareAnswer(
        alipay_declare_no=row.number,
        currency=row.currency,
        out_trade_no=row.part or row.request_no,
        pay_transaction_id=row.trade_number,
        total_amount=yuan(row.amount_minor),
        trade_no=row.trade_number,
    )


def customs_query(call: Call, form: CustomsQueryForm) -> CustomsQueryAnswer:
    """Tell how declarations stand."""
    numbers = [number for part in form.out_request_nos.split(",") if (number := part.strip())]
    if not 0 < len(numbers) <= _MOST_NUMBERS:
        raise FieldInvalid(field="out_request_nos")
    rows = list(queries.by_request_nos(call.app.merchant_id, numbers))
    declared = {row.request_no for row in rows}
    missing = [number for number in numbers if number not in declared]
    return CustomsQueryAnswer(
        not_found=",".join(missing) or None,
        records=[_record(row) for row in rows] or None,
    )


def _record(row: CustomsDeclaration) -> dict[str, str]:
    record = {
        "alipay_declare_no": row.number,
        "amount": yuan(row.amount_minor),
        "customs_place": row.place,
        "customs_result_info": _REFUSED.get(row.reason, ""),
        "customs_result_return_time": beijing(row.answered_at) if row.answered_at else "",
        "is_split": "T" if row.part else "F",
        "last_modified_time": beijing(row.answered_at or row.created_at),
        "merchant_customs_code": row.customs_code,
        "merchant_customs_name": row.customs_name,
        "out_request_no": row.request_no,
        "status": STATUS[DeclarationState(row.state)],
        "sub_out_biz_no": row.part,
        "trade_no": row.trade_number,
    }
    return {name: value for name, value in record.items() if value}


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.customs.declare", DeclareForm, declare, CUSTOMS, Scope.PAY),
    Method("alipay.trade.customs.query", CustomsQueryForm, customs_query, CUSTOMS, Scope.PAY),
)
