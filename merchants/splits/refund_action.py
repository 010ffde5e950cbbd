"""A refund that operators give for a merchant, once a second one agrees."""

from config.kernel import approvals
from config.kernel.errors import Refused
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import App, Merchant
from merchants.onboarding.values import AppCredentials
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from wallet import public as wallet
from wallet.money import format_amount

# The panel of payments asks for it by this name.
REFUND = "payments.refund"


class RefundNotPossible(Refused):
    """Operators refund paid trades of merchants, up to what is left of them."""

    code = "refund_not_possible"
    message = "Only a paid trade of a merchant is refunded, up to what is left of it."


def show_payment(parameters: approvals.Parameters) -> approvals.Facts:
    """Which payment, of whom to whom."""
    payment = _payment(parameters)
    return {
        "payment": approvals.Link(payment.number, "payments.Payment", str(payment.id)),
        "payer": payment.payer_number or "nobody",
        "payee": approvals.Link(payment.payee_name, "onboarding.Merchant", str(payment.payee_id)),
        "order": payment.reference,
    }


def show_amount(parameters: approvals.Parameters) -> approvals.Facts:
    """How much goes back to the payer."""
    return {"refund": _words(_payment(parameters), _amount_minor(parameters))}


def payment_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a refund rests on."""
    payment = _payment(parameters)
    return {
        "status": payment.status,
        "paid": _words(payment, payment.amount_minor),
        "refunded so far": _words(payment, payment.refunded_minor),
    }


def foretell_refund(parameters: approvals.Parameters) -> approvals.Facts:
    """What moves: from the merchant's pending money to where the payer's came from."""
    payment = _payment(parameters)
    after_minor = payment.refunded_minor + _amount_minor(parameters)
    before, after = _words(payment, payment.refunded_minor), _words(payment, after_minor)
    return {
        "refunded": approvals.change(before, after),
        "from": f"the pending money of {payment.payee_name}; shares are taken back in proportion",
        "to": "where the payer's money came from",
    }


def check_refund(parameters: approvals.Parameters) -> None:
    """The trade is a merchant's, paid, and so much is left of it.

    Raises:
        RefundNotPossible: it is not.
    """
    payment = _payment(parameters)
    left_minor = payment.amount_minor - payment.refunded_minor
    possible = (
        payment.payee_kind is wallet.PayeeKind.MERCHANT
        and payment.status is wallet.PaymentStatus.PAID
        and 0 < _amount_minor(parameters) <= left_minor
    )
    if not possible:
        raise RefundNotPossible(left_minor=left_minor, status=payment.status)
    _seller(payment)


def target_payment(parameters: approvals.Parameters) -> str:
    """The payment."""
    return f"payment:{_payment(parameters).id}"


@approvals.action(
    REFUND,
    title="Refund a payment",
    parameters={"id": show_payment, "amount_minor": show_amount},
    target=target_payment,
    state=payment_facts,
    check=check_refund,
    effect=foretell_refund,
)
def refund_approved(approved: approvals.Approved) -> approvals.Facts:
    """Give back what two operators agreed on; the request's id is the refund's number."""
    payment = _payment(approved.parameters)
    outcome = refund_with_shares(
        seller=_seller(payment),
        takes=(),
        amount_minor=_amount_minor(approved.parameters),
        number=payment.number,
        request_no=approved.request_id.hex,
        reason=approved.reason[:200],
        operator=approved.maker[:28],
    )
    return {
        "refund": outcome.refund.request_no,
        "amount": _words(payment, outcome.refund.amount_minor),
        "status": outcome.payment.status,
    }


def _payment(parameters: approvals.Parameters) -> wallet.PaymentView:
    return wallet.payment(approvals.id_in(parameters, "id", wallet.PaymentUnknown))


def _amount_minor(parameters: approvals.Parameters) -> int:
    amount = parameters["amount_minor"]
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise RefundNotPossible(field="amount_minor")
    return amount


def _seller(payment: wallet.PaymentView) -> AppCredentials:
    """The merchant as its own programs act for it."""
    merchant = Merchant.objects.filter(id=payment.payee_id).first()
    app = App.objects.filter(merchant=merchant).order_by("created_at").first()
    seller = onboarding.app_credentials(app.app_number) if app else None
    if seller is None:
        raise RefundNotPossible(payee=payment.payee_name)
    return seller


def _words(payment: wallet.PaymentView, amount_minor: int) -> str:
    return f"{format_amount(amount_minor, payment.currency)} {payment.currency}"
