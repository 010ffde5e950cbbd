"""Pay an order in the browser, as a wallet user who has an account and no phone at hand."""

from config.kernel import clock
from merchants.acceptance import queries
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.values import AGREEMENT
from wallet import public as wallet


def agreement_beside(order: Order) -> wallet.AgreementView | None:
    """The agreement offered beside an order, while it can be signed."""
    token = order.details.get(AGREEMENT)
    if not isinstance(token, str):
        return None
    offer = wallet.agreement_by_token(token)
    lapsed = offer.lapses_at is not None and offer.lapses_at <= clock.now()
    return offer if offer.status is wallet.AgreementStatus.TEMP and not lapsed else None


def pay_at_cashier(
    *, token: str, phone: str, password: str, address: str, pin: str, challenge: str = ""
) -> wallet.PaymentView:
    """Log in, open the order as its payer and confirm it with the PIN; the session ends here.

    Where an agreement was offered beside the order, the same PIN signs it once the order
    is paid. Doing it again after success gives the same payment. Call it outside a transaction:
    strikes for wrong passwords and PINs must survive the refusal.

    Args:
        token: the capability in the cashier's address.
        phone: the payer's login.
        password: the payer's login password.
        address: network address of the browser.
        pin: the payer's payment PIN.
        challenge: the digest that stood beside the terms of an agreement; "" for none.

    Raises:
        wallet.ChallengeMismatch: the agreement is not the one that was shown; nothing is paid.
        what `open_session` refuses: a wrong password, too many tries.
        what `scan_code` refuses: the order is over, or somebody else is paying it.
        what `confirm_payment` refuses: a wrong PIN, too little money, a limit, a risk.
    """
    offer = agreement_beside(queries.order_by_token(token))
    if offer is not None and challenge != offer.challenge:
        raise wallet.ChallengeMismatch(field="challenge")
    session, _ = wallet.open_session(
        phone=phone, password=password, address=address, label="cashier"
    )
    payer_id = session.user_id
    try:
        link = queries.order_link(token)
        scan = scan_code(payload=link, payer_id=payer_id)
        if scan.payment_id is None:
            raise wallet.PaymentUnknown()
        payment = wallet.confirm_payment(payment_id=scan.payment_id, payer_id=payer_id, pin=pin)
        if offer is not None:
            wallet.sign_agreement(
                agreement_id=offer.id, payer_id=payer_id, pin=pin, challenge=challenge
            )
    finally:
        wallet.close_session(user_id=payer_id, session_id=session.id)
    return payment.payment
