"""alipay.trade.pay: one method, several means of paying, one module each.

The first way that fits the form takes it; a new means is a module and its line in PAYMENT_SCENES.
"""

from collections.abc import Callable
from typing import Any, Final

from merchants.acceptance.usecases.pay import pay_by_code
from merchants.consents.values import Scope
from merchants.gateway.methods import pay_agreement, pay_face
from merchants.gateway.methods.pay_by_authorisation import names_authorisation, pay_by_authorisation
from merchants.gateway.methods.pay_parts import PayForm, named_buyer, paid_answer
from merchants.gateway.methods.trade_codes import TRADE
from merchants.gateway.methods.trade_parts import NOTHING_PAID, sale_of
from merchants.gateway.schema import Answer, Call, FieldInvalid, FieldMissing, Method

Way = tuple[Callable[[PayForm], bool], Callable[[Call, PayForm], Answer]]

_SCENES: Final = frozenset({"bar_code", "wave_code"})


def pay(call: Call, form: PayForm) -> Answer:
    """Take a payment by whichever means the form names."""
    for fits, take in PAYMENT_SCENES:
        if fits(form):
            return take(call, form)
    if not form.scene:
        raise FieldMissing(field="scene")
    raise FieldInvalid(field="scene")


def by_code(call: Call, form: PayForm) -> Answer:
    """The buyer's phone shows a code, the till has read it."""
    if not form.auth_code:
        raise FieldMissing(field="auth_code")
    outcome = pay_by_code(
        sale=sale_of(call, form), code=form.auth_code, buyer=named_buyer(call, form)
    )
    return paid_answer(call, form, outcome)


PAYMENT_SCENES: Final[tuple[Way, ...]] = (
    (pay_agreement.fits, pay_agreement.by_agreement),
    (names_authorisation, pay_by_authorisation),
    (lambda form: form.scene in _SCENES, by_code),
    (pay_face.fits, pay_face.by_face),
)

METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.pay", PayForm, pay, TRADE, Scope.PAY, NOTHING_PAID),
)
