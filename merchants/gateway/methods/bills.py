"""Bills: where a day's or a month's files are to be had."""

from dataclasses import dataclass
from typing import Any, Final

from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    Locked,
    NotFound,
    NotPermitted,
    Refused,
    Unauthenticated,
)
from merchants.bills.usecases.offer_bill import offer_bill
from merchants.bills.values import BillKind
from merchants.consents.values import Scope
from merchants.gateway.errors import Words
from merchants.gateway.schema import Answer, Call, Form, Method, text

BILLS: Final = Words(
    prefix="",
    meanings={
        "isp.bill_not_exist": "账单不存在",
        "INVALID_PARAMETER": "参数有误",
        "ACCESS_FORBIDDEN": "无权限使用接口",
    },
    general={"bill_not_found": "isp.bill_not_exist"},
    by_family=(
        (InvalidRequest, "INVALID_PARAMETER"),
        (NotFound, "isp.bill_not_exist"),
        (NotPermitted, "ACCESS_FORBIDDEN"),
        (Unauthenticated, "ACCESS_FORBIDDEN"),
        (Conflict, "isp.bill_not_exist"),
        (Gone, "isp.bill_not_exist"),
        (Refused, "isp.bill_not_exist"),
        (Locked, "isp.bill_not_exist"),
    ),
)


@dataclass(kw_only=True, slots=True)
class BillForm(Form):
    """alipay.data.dataservice.bill.downloadurl.query."""

    bill_type: str = text(required=True, one_of=frozenset(kind.value for kind in BillKind))
    bill_date: str = text(required=True, longest=10)


@dataclass(kw_only=True, slots=True)
class BillAnswer(Answer):
    """Where the file is; the address needs no signature and is good for a minute."""

    bill_download_url: str


def bill(call: Call, form: BillForm) -> BillAnswer:
    """Offer a bill of a day or a month."""
    address = offer_bill(
        merchant_id=call.app.merchant_id, kind=BillKind(form.bill_type), on=form.bill_date
    )
    return BillAnswer(bill_download_url=address)


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(
        "alipay.data.dataservice.bill.downloadurl.query",
        BillForm,
        bill,
        BILLS,
        Scope.READ,
        rest_verb="GET",
    ),
)
