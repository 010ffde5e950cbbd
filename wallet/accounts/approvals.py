"""What operators may do to wallet accounts under four eyes only.

Each executor is the use case and nothing else. `admin` imports this module, and every
process loads the admin, so that web and worker know the same actions.
"""

import uuid

from config.kernel.approvals.registry import action
from config.kernel.approvals.values import Approved, Facts, Parameters
from wallet.accounts import queries
from wallet.accounts.models import BankCallback, Withdrawal
from wallet.accounts.usecases.release_parked_topup import release_parked_topup
from wallet.accounts.usecases.review_withdrawal import approve_withdrawal
from wallet.accounts.usecases.suspend_kyc import restore_kyc
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.money import format_amount

UNFREEZE = "accounts.unfreeze"
RESTORE_KYC = "accounts.restore_kyc"
APPROVE_WITHDRAWAL = "accounts.approve_withdrawal"
RELEASE_TOPUP = "accounts.release_parked_topup"


def _actor(approved: Approved) -> str:
    return f"operator:{approved.maker}, operator:{', operator:'.join(approved.checkers)}"


def _target(parameters: Parameters) -> uuid.UUID:
    return uuid.UUID(str(parameters["id"]))


def _user_state(parameters: Parameters) -> Facts:
    user = queries.user(_target(parameters))
    return {
        "user": user.user_id,
        "state": user.state,
        "kyc_tier": user.kyc_tier,
        "kyc_suspended_tier": user.kyc_suspended_tier,
    }


def _withdrawal_state(parameters: Parameters) -> Facts:
    found = queries.own(Withdrawal.objects.filter(id=_target(parameters)))
    return {"withdrawal": found.id, "state": found.state, "amount_minor": found.amount_minor}


def _withdrawal_effect(parameters: Parameters) -> Facts:
    found = queries.own(Withdrawal.objects.filter(id=_target(parameters)))
    return {
        "debit user available": format_amount(found.amount_minor, found.currency),
        "credit bank:payout_in_transit": format_amount(found.amount_minor, found.currency),
    }


def _callback_state(parameters: Parameters) -> Facts:
    found = queries.own(BankCallback.objects.filter(id=_target(parameters)))
    return {
        "callback": found.bank_reference,
        "disposition": found.disposition,
        "amount_minor": found.amount_minor,
    }


def _callback_effect(parameters: Parameters) -> Facts:
    found = queries.own(BankCallback.objects.filter(id=_target(parameters)))
    return {
        "debit suspense:unmatched": format_amount(found.amount_minor, found.currency),
        "credit user available": format_amount(found.amount_minor, found.currency),
    }


@action(
    UNFREEZE,
    title="Unfreeze a wallet account",
    permission="accounts.unfreeze_walletuser",
    maker_permission="accounts.unfreeze_walletuser",
    state=_user_state,
)
def unfreeze(approved: Approved) -> Facts:
    """Lift the freeze."""
    user = unfreeze_user(
        user_id=_target(approved.parameters), actor=_actor(approved), reason=approved.reason
    )
    return {"state": user.state}


@action(
    RESTORE_KYC,
    title="Restore a suspended verification",
    permission="accounts.restore_kyc",
    maker_permission="accounts.restore_kyc",
    state=_user_state,
)
def restore(approved: Approved) -> Facts:
    """Give the tier back."""
    user = restore_kyc(
        user_id=_target(approved.parameters), actor=_actor(approved), reason=approved.reason
    )
    return {"kyc_tier": user.kyc_tier}


@action(
    APPROVE_WITHDRAWAL,
    title="Approve a large withdrawal",
    permission="accounts.review_withdrawal",
    maker_permission="accounts.review_withdrawal",
    state=_withdrawal_state,
    effect=_withdrawal_effect,
)
def approve(approved: Approved) -> Facts:
    """Send the withdrawal to the bank."""
    withdrawal = approve_withdrawal(
        withdrawal_id=_target(approved.parameters), actor=_actor(approved), reason=approved.reason
    )
    return {"state": withdrawal.state}


@action(
    RELEASE_TOPUP,
    title="Give late top-up money to the customer",
    permission="accounts.release_bankcallback",
    maker_permission="accounts.release_bankcallback",
    state=_callback_state,
    effect=_callback_effect,
)
def release(approved: Approved) -> Facts:
    """Move the parked money to the wallet."""
    journal_id = release_parked_topup(
        callback_id=_target(approved.parameters), actor=_actor(approved), reason=approved.reason
    )
    return {"journal_id": str(journal_id)}
