"""Open a session in which a terminal recognises one person."""

import secrets

from config.kernel import clock
from merchants.acceptance.rules import check_seller
from merchants.faces import queries, rules
from merchants.faces.models import FaceSession
from merchants.faces.values import Opened
from merchants.onboarding.values import AppCredentials


def open_session(*, seller: AppCredentials, serial: str) -> Opened:
    """Give the session and the nonce that a terminal's assertion must carry.

    Args:
        seller: the merchant's app that asks.
        serial: the terminal's number.

    Raises:
        MerchantNotActive, MerchantSuspended: the merchant takes no payments now.
        rules.TerminalUncertified: the terminal is not believed here.
    """
    check_seller(seller)
    terminal = queries.certified_terminal(serial, merchant_id=seller.merchant_id)
    now = clock.now()
    session = FaceSession.objects.create(
        name=secrets.token_hex(16),
        nonce=secrets.token_hex(16),
        terminal=terminal,
        created_at=now,
        expires_at=now + rules.SESSION_LIFE,
    )
    return Opened(session=session.name, nonce=session.nonce, expires_at=session.expires_at)
