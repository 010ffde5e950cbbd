"""alipay.trade.pay with a face token (`scene=security_code`)."""

from merchants.faces.usecases.pay_by_face import pay_by_face
from merchants.gateway.methods.pay_parts import PayForm, named_buyer, paid_answer
from merchants.gateway.methods.trade_parts import sale_of
from merchants.gateway.schema import Answer, Call, FieldMissing


def fits(form: PayForm) -> bool:
    """Whether a face token is the means."""
    return form.scene == "security_code"


def by_face(call: Call, form: PayForm) -> Answer:
    """A certified terminal has recognised the buyer; its token is the code."""
    if not form.auth_code:
        raise FieldMissing(field="auth_code")
    outcome = pay_by_face(
        sale=sale_of(call, form), token=form.auth_code, buyer=named_buyer(call, form)
    )
    return paid_answer(call, form, outcome)
