"""Sign an agreement in the browser, as a wallet user who has no phone at hand."""

from wallet import public as wallet


def sign_at_page(
    *, token: str, phone: str, password: str, address: str, pin: str, challenge: str
) -> wallet.AgreementView:
    """Log in and consent with the PIN; the session ends here.

    Doing it again after success gives the same agreement. Call it outside a transaction:
    strikes for wrong passwords and PINs must survive the refusal.

    Args:
        token: the capability in the page's address.
        phone: the payer's login.
        password: the payer's login password.
        address: network address of the browser.
        pin: the payer's payment PIN.
        challenge: the digest that stood on the page with the terms.

    Raises:
        what `open_session` refuses: a wrong password, too many tries.
        what `sign_agreement` refuses: a wrong PIN, other terms, an offer that is over.
    """
    session, _ = wallet.open_session(
        phone=phone, password=password, address=address, label="agreement"
    )
    payer_id = session.user_id
    try:
        offer = wallet.agreement_by_token(token)
        outcome = wallet.sign_agreement(
            agreement_id=offer.id, payer_id=payer_id, pin=pin, challenge=challenge
        )
    finally:
        wallet.close_session(user_id=payer_id, session_id=session.id)
    return outcome.agreement
