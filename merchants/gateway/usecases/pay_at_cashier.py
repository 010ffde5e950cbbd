"""Pay an order in the browser, as a wallet user who has an account and no phone at hand."""

from merchants.acceptance import queries
from merchants.acceptance.usecases.scan import scan_code
from wallet import public as wallet


def pay_at_cashier(*, token: str, phone: str, password: str, pin: str) -> wallet.PaymentView:
    """Log in, open the order as its payer and confirm it with the PIN; the session ends here.

    Doing it again after success gives the same payment. Call it outside a transaction:
    strikes for wrong passwords and PINs must survive the refusal.

    Args:
        token: the capability in the cashier's address.
        phone: the payer's login.
        password: the payer's login password.
        pin: the payer's payment PIN.

    Raises:
        what `open_session` refuses: a wrong password, too many tries.
        what `scan_code` refuses: the order is over, or somebody else is paying it.
        what `confirm_payment` refuses: a wrong PIN, too little money, a limit, a risk.
    """
    session, _ = wallet.open_session(phone=phone, password=password, label="cashier")
    payer_id = session.user_id
    try:
        link = queries.order_link(token)
        scan = scan_code(payload=link, payer_id=payer_id)
        if scan.payment_id is None:
            raise wallet.PaymentUnknown()
        done = wallet.confirm_payment(payment_id=scan.payment_id, payer_id=payer_id, pin=pin)
    finally:
        wallet.close_session(user_id=payer_id, session_id=session.id)
    return done.payment
