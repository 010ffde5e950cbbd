"""Let somebody show at a page that they are who an app says."""

from merchants.consents.models import Certification
from merchants.consents.usecases.certify_identity import answer_certification
from wallet import public as wallet


def certify_at_page(
    *, certify_id: str, phone: str, password: str, address: str, pin: str
) -> Certification:
    """Log in, prove it with the PIN, and let the answer be worked out; the session ends here.

    The two secrets stand for the face that the real page looks at. Call it outside a
    transaction: strikes for wrong passwords and PINs must survive the refusal.

    Args:
        certify_id: the certification, from the page's address.
        phone: the person's login.
        password: their login password.
        address: network address of the browser.
        pin: their payment PIN.

    Raises:
        what `open_session` and `check_pin` refuse: nothing is answered then.
        and what `answer_certification` raises.
    """
    session, _ = wallet.open_session(
        phone=phone, password=password, address=address, label="certify"
    )
    try:
        wallet.check_pin(user_id=session.user_id, pin=pin)
        return answer_certification(certify_id=certify_id, user_id=session.user_id)
    finally:
        wallet.close_session(user_id=session.user_id, session_id=session.id)
