"""What operators may do to wallet accounts under four eyes only.

Each executor is the use case and nothing else. `admin` imports this module, and every
process loads the admin, so that web and worker know the same actions.
"""

import uuid

from config.kernel.actors import operator_actor
from config.kernel.approvals import Approved, Facts, Link, Parameters, action, change, id_in
from config.kernel.errors import required
from config.kernel.panel import money
from wallet.accounts import queries, rules
from wallet.accounts.models import BankCallback, BankInstruction, Topup, WalletUser, Withdrawal
from wallet.accounts.usecases.freeze_user import user_target
from wallet.accounts.usecases.release_parked_topup import release_parked_topup
from wallet.accounts.usecases.review_withdrawal import approve_withdrawal, withdrawal_target
from wallet.accounts.usecases.suspend_kyc import restore_kyc
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.accounts.values import Disposition, UserState, WithdrawalState
from wallet.money import exponent

UNFREEZE = "accounts.unfreeze"
RESTORE_KYC = "accounts.restore_kyc"
APPROVE_WITHDRAWAL = "accounts.approve_withdrawal"
RELEASE_TOPUP = "accounts.release_parked_topup"


def actors(approved: Approved) -> str:
    """Who stands behind an execution, as the audit log names them."""
    return operator_actor(approved.maker, *approved.checkers)


def _id(parameters: Parameters) -> uuid.UUID:
    return id_in(parameters, "id", queries.ObjectUnknown)


def amount_in_words(amount_minor: int, currency: str) -> str:
    """Minor units as people read them, with the currency."""
    return money(amount_minor, currency, exponent(currency))


def customer_facts(user: WalletUser) -> Facts:
    """Whose it is: the name with a link, the phone masked."""
    name = f"{user.name}, {rules.mask_phone(user.phone)}"
    return {
        "customer": Link(name, "accounts.WalletUser", str(user.id)),
        "customer number": user.user_number,
    }


def _user(parameters: Parameters) -> WalletUser:
    return queries.user(_id(parameters))


def _withdrawal(parameters: Parameters) -> Withdrawal:
    rows = Withdrawal.objects.select_related("user").filter(id=_id(parameters))
    return queries.own(rows)


def _callback(parameters: Parameters) -> BankCallback:
    return queries.own(BankCallback.objects.filter(id=_id(parameters)))


def _topup(callback: BankCallback) -> Topup | None:
    instruction = BankInstruction.objects.filter(id=callback.instruction_id).first()
    if instruction is None:
        return None
    return Topup.objects.select_related("user").filter(id=instruction.subject_id).first()


def show_user(parameters: Parameters) -> Facts:
    """Whose account, and how it stands."""
    user = _user(parameters)
    return {
        **customer_facts(user),
        "account": user.state,
        "verification": queries.kyc_state(user).value,
    }


def show_withdrawal(parameters: Parameters) -> Facts:
    """Whose withdrawal, of how much, to where."""
    withdrawal = _withdrawal(parameters)
    amount = amount_in_words(withdrawal.amount_minor, withdrawal.currency)
    return {
        "withdrawal": Link(amount, "accounts.Withdrawal", str(withdrawal.id)),
        "currency": withdrawal.currency,
        "bank": "the customer's own bank account",
        "ordered at": f"{withdrawal.created_at:%Y-%m-%d %H:%M %Z}",
        **customer_facts(withdrawal.user),
    }


def show_callback(parameters: Parameters) -> Facts:
    """Which money came late, from which bank message, for whom."""
    callback = _callback(parameters)
    topup = _topup(callback)
    amount = amount_in_words(callback.amount_minor, callback.currency)
    return {
        "late money": amount,
        "currency": callback.currency,
        "bank message": Link(callback.bank_reference, "accounts.BankCallback", str(callback.id)),
        "received at": f"{callback.received_at:%Y-%m-%d %H:%M %Z}",
        **(customer_facts(topup.user) if topup else {"customer": "nobody we know"}),
    }


def state_of_user(parameters: Parameters) -> Facts:
    """How the account stands."""
    user = _user(parameters)
    suspended = user.kyc_suspended_tier
    return {
        "account": user.state,
        "tier": user.kyc_tier,
        "suspended tier": "none" if suspended is None else suspended,
    }


def state_of_withdrawal(parameters: Parameters) -> Facts:
    """How the withdrawal and its customer stand."""
    withdrawal = _withdrawal(parameters)
    return {
        "withdrawal": withdrawal.state,
        "amount": amount_in_words(withdrawal.amount_minor, withdrawal.currency),
        "customer's account": withdrawal.user.state,
    }


def state_of_callback(parameters: Parameters) -> Facts:
    """What became of the money so far."""
    callback = _callback(parameters)
    topup = _topup(callback)
    return {
        "bank message": callback.disposition,
        "amount": amount_in_words(callback.amount_minor, callback.currency),
        "customer's account": topup.user.state if topup else "none",
    }


def check_frozen(parameters: Parameters) -> None:
    """Only a frozen account can be unfrozen."""
    state = _user(parameters).state
    if state != UserState.FROZEN:
        raise rules.InvalidState(state=state, target=UserState.ACTIVE.value)


def check_suspended(parameters: Parameters) -> None:
    """Only a suspended verification can be restored."""
    user = _user(parameters)
    if user.kyc_suspended_tier is None:
        raise rules.InvalidState(state=f"tier {user.kyc_tier}", target="restored")


def check_in_review(parameters: Parameters) -> None:
    """Only what waits for a review goes on, and only out of an account that may pay."""
    withdrawal = _withdrawal(parameters)
    target = WithdrawalState.SUBMITTED.value
    if withdrawal.state != WithdrawalState.REVIEW:
        raise rules.InvalidState(state=withdrawal.state, target=target)
    if withdrawal.user.state != UserState.ACTIVE:
        raise rules.InvalidState(state=withdrawal.user.state, target=target)


def check_late(parameters: Parameters) -> None:
    """Only parked money can be released, once, to an account that is still there."""
    callback = _callback(parameters)
    target = Disposition.RELEASED.value
    if callback.disposition != Disposition.LATE:
        raise rules.InvalidState(state=callback.disposition, target=target)
    topup = _topup(callback)
    if topup is None or topup.user.state == UserState.CLOSED:
        raise rules.InvalidState(state=UserState.CLOSED.value, target=target)


def foretell_unfreeze(parameters: Parameters) -> Facts:
    """Money may leave again."""
    return {
        "account": change(_user(parameters).state, UserState.ACTIVE.value),
        "money": "may leave the wallet again; no balance changes",
    }


def foretell_restoration(parameters: Parameters) -> Facts:
    """The tier comes back."""
    user = _user(parameters)
    tier = required(user.kyc_suspended_tier, "checked: a tier is suspended")
    return {
        "tier": change(user.kyc_tier, tier),
        "money": f"the limits of tier {tier} hold again; no balance changes",
    }


def foretell_withdrawal(parameters: Parameters) -> Facts:
    """The journal that is posted."""
    withdrawal = _withdrawal(parameters)
    amount = amount_in_words(withdrawal.amount_minor, withdrawal.currency)
    return {
        "withdrawal": change(withdrawal.state, WithdrawalState.SUBMITTED.value),
        "debit user available": amount,
        "credit bank:payout_in_transit": amount,
    }


def foretell_release(parameters: Parameters) -> Facts:
    """The journal that is posted."""
    callback = _callback(parameters)
    amount = amount_in_words(callback.amount_minor, callback.currency)
    return {
        "bank message": change(callback.disposition, Disposition.RELEASED.value),
        "debit suspense:unmatched": amount,
        "credit user available": amount,
    }


def target_user(parameters: Parameters) -> str:
    """The customer's account."""
    return user_target(_id(parameters))


def target_withdrawal(parameters: Parameters) -> str:
    """The withdrawal."""
    return withdrawal_target(_id(parameters))


def target_callback(parameters: Parameters) -> str:
    """The bank's message."""
    return f"callback:{_id(parameters)}"


@action(
    UNFREEZE,
    title="Unfreeze a wallet account",
    parameters={"id": show_user},
    target=target_user,
    state=state_of_user,
    check=check_frozen,
    effect=foretell_unfreeze,
)
def unfreeze(approved: Approved) -> Facts:
    """Lift the freeze."""
    user = unfreeze_user(
        user_id=_id(approved.parameters), actor=actors(approved), reason=approved.reason
    )
    return {"account": user.state}


@action(
    RESTORE_KYC,
    title="Restore a suspended verification",
    parameters={"id": show_user},
    target=target_user,
    state=state_of_user,
    check=check_suspended,
    effect=foretell_restoration,
)
def restore(approved: Approved) -> Facts:
    """Give the tier back."""
    user = restore_kyc(
        user_id=_id(approved.parameters), actor=actors(approved), reason=approved.reason
    )
    return {"tier": user.kyc_tier}


@action(
    APPROVE_WITHDRAWAL,
    title="Approve a large withdrawal",
    parameters={"id": show_withdrawal},
    target=target_withdrawal,
    state=state_of_withdrawal,
    check=check_in_review,
    effect=foretell_withdrawal,
)
def approve(approved: Approved) -> Facts:
    """Send the withdrawal to the bank."""
    withdrawal = approve_withdrawal(
        withdrawal_id=_id(approved.parameters), actor=actors(approved), reason=approved.reason
    )
    return {"withdrawal": withdrawal.state}


@action(
    RELEASE_TOPUP,
    title="Give late top-up money to the customer",
    parameters={"id": show_callback},
    target=target_callback,
    state=state_of_callback,
    check=check_late,
    effect=foretell_release,
)
def release(approved: Approved) -> Facts:
    """Move the parked money to the wallet."""
    journal_id = release_parked_topup(
        callback_id=_id(approved.parameters), actor=actors(approved), reason=approved.reason
    )
    return {"journal_id": str(journal_id)}
