"""Ask a payer to authorise money for a merchant: by a code, by an offer, by name."""

import uuid
from datetime import datetime

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.acceptance import rules
from merchants.acceptance.values import Deposit
from wallet import public as wallet
from wallet.qr.merchant_code import new_token


def hold_by_code(*, deposit: Deposit, code: str) -> wallet.HoldOutcome:
    """Freeze a deposit of the payer behind a payment code, at once.

    The same request number is answered as the first time.

    Raises:
        rules.MerchantNotActive, rules.PlaceClosed, rules.AmountOutOfRange: see the rules.
        what the wallet's `hold_by_code` refuses.
    """
    return wallet.hold_by_code(request=_request(deposit), code=code)


def offer_hold(*, deposit: Deposit) -> wallet.HoldOutcome:
    """Offer a freeze to whoever scans its code; its token is the operation's.

    Raises:
        as `hold_by_code`, without what a payer's code can do wrong.
    """
    return wallet.request_hold(request=_request(deposit), token=new_token())


def request_hold(*, deposit: Deposit, payer_id: uuid.UUID) -> wallet.HoldOutcome:
    """Ask a known payer for a freeze, who agrees to it with the PIN.

    Raises:
        as `hold_by_code`, without what a payer's code can do wrong.
    """
    return wallet.request_hold(request=_request(deposit), payer_id=payer_id)


def _request(deposit: Deposit) -> wallet.HoldRequest:
    rules.check_deposit(deposit)
    try:
        rules.check_seller(deposit.seller)
    except SaomaError:
        # As with a sale: the repeat of a freeze that was given is answered.
        if not _is_given(deposit):
            raise
    now = clock.now()
    return wallet.HoldRequest(
        **rules.payee_of(deposit.seller),
        payee_since=deposit.seller.merchant_since,
        reference=deposit.reference,
        request_no=deposit.request_no,
        title=deposit.title,
        amount_minor=deposit.amount_minor,
        currency=deposit.currency,
        pay_expires_at=_ends(deposit, now),
        waiver=deposit.waiver,
        details=rules.details_of_deposit(deposit),
    )


def _is_given(deposit: Deposit) -> bool:
    try:
        authorisation = wallet.find_authorisation(
            payee_id=deposit.seller.merchant_id, reference=deposit.reference
        )
        operation = wallet.authorisation_operation(
            authorisation_id=authorisation.id,
            request_no=deposit.request_no,
            kind=wallet.OperationKind.FREEZE,
        )
    except (wallet.AuthorisationUnknown, wallet.OperationUnknown):
        return False
    return operation.status is not wallet.OperationStatus.INIT


def _ends(deposit: Deposit, now: datetime) -> datetime:
    return deposit.pay_expires_at or now + wallet.FREEZE_PAY_LIFE
