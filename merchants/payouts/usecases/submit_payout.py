"""Hand a payout to the bank."""

import uuid

from config.kernel import clock, transactions
from merchants.payouts import rules
from merchants.payouts.models import Payout
from merchants.payouts.ports import PAYOUT_BANK
from merchants.payouts.usecases.lock_payout import lock_payout
from merchants.payouts.values import PayoutState
from merchants.terms.queries import is_on_hold


@transactions.atomic_retry
def submit_payout(*, payout_id: uuid.UUID) -> Payout:
    """Send a payout to the bank, once. Submitting again returns it unchanged.

    Raises:
        PayoutNotFound: there is no such payout.
        rules.PayoutHeld: the merchant's payouts are on hold.
        rules.PayoutStopped: the merchant is suspended; the payout waits.

    Locks: the payout.
    """
    payout = lock_payout(payout_id)
    if payout.state != PayoutState.CREATED:
        return payout
    on_hold = is_on_hold(payout.merchant_id)
    rules.check_payable(payout.merchant.state, on_hold=on_hold)
    now = clock.now()
    payout.bank_reference = PAYOUT_BANK.adapter().accept(payout, at=now)
    payout.state = rules.check_transition(payout.state, PayoutState.SUBMITTED)
    payout.submitted_at = now
    payout.save(update_fields=["state", "submitted_at", "bank_reference"])
    return payout
