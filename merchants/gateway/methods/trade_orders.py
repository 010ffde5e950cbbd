"""Making trades that are paid later: precreate (the buyer scans), create (for a known buyer)."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from config.kernel import clock
from merchants.acceptance import queries
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.consents.values import Scope
from merchants.gateway.methods import products
from merchants.gateway.methods.expiry import expires_at
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import SaleForm, sale_of
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldMissing,
    Lifetime,
    Method,
    lifetime,
    person,
    text,
)
from merchants.protocol.persons import person_of
from merchants.protocol.values import PersonBy


@dataclass(kw_only=True, slots=True)
class PrecreateForm(SaleForm):
    """alipay.trade.precreate: the till shows a code, the buyer will scan it."""

    product_code: str = text(one_of=products.PRECREATE)
    qr_code_timeout_express: Lifetime | None = lifetime()


@dataclass(kw_only=True, slots=True)
class CreateForm(SaleForm):
    """alipay.trade.create: the merchant knows the buyer."""

    product_code: str = text(one_of=products.CREATE)
    buyer_id: str = person(PersonBy.NUMBER, longest=28)
    buyer_open_id: str = person(PersonBy.OPEN_ID)
    buyer_logon_id: str = person(PersonBy.LOGIN, longest=100)


@dataclass(kw_only=True, slots=True)
class PrecreateAnswer(Answer):
    """The code to show; there is no trade yet, so no number of ours."""

    out_trade_no: str
    qr_code: str


@dataclass(kw_only=True, slots=True)
class CreateAnswer(Answer):
    """The trade that waits for its buyer."""

    out_trade_no: str
    trade_no: str


def precreate(call: Call, form: PrecreateForm) -> PrecreateAnswer:
    """Make an order and give its code."""
    ends = expires_at(clock.now(), form.qr_code_timeout_express, None)
    order = precreate_order(sale=sale_of(call, form), code_expires_at=ends)
    return PrecreateAnswer(out_trade_no=order.reference, qr_code=queries.order_link(order.token))


def create(call: Call, form: CreateForm) -> CreateAnswer:
    """Make a trade for a known buyer."""
    outcome = create_order(sale=sale_of(call, form), payer_id=_buyer(call, form))
    return CreateAnswer(out_trade_no=outcome.payment.reference, trade_no=outcome.payment.number)


def _buyer(call: Call, form: CreateForm) -> uuid.UUID:
    """Find the buyer by whichever of the three names is given; the first given decides."""
    buyer = person_of(
        call.app,
        user_number=form.buyer_id,
        open_id=form.buyer_open_id,
        logon_id=form.buyer_logon_id,
    )
    if buyer is None:
        raise FieldMissing(field="buyer_id")
    return buyer


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.precreate", PrecreateForm, precreate, TRADE, Scope.PAY),
    Method("alipay.trade.create", CreateForm, create, TRADE, Scope.PAY),
)
