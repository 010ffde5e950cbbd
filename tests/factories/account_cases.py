"""Cases of the approvals about customers' accounts and the risk desk."""

import uuid
from collections.abc import Callable

from config.kernel import clock
from tests.factories.accounts import PIN, make_topup, make_user
from tests.factories.authorisations import late_arrears
from tests.factories.clock import advance
from tests.factories.merchants import make_merchant
from tests.factories.operator_cases import BY, Case
from tests.factories.payments import Shop
from tests.factories.risk import draft_risk_rules
from wallet.accounts import approvals as accounts
from wallet.accounts.forced_ends import FORCE_END
from wallet.accounts.models import BankCallback, BankInstruction
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.suspend_kyc import restore_kyc, suspend_kyc
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.accounts.values import BankResult
from wallet.authorisations.approvals import DECIDE as DECIDE_TRUST_DISPUTE
from wallet.authorisations.usecases.decide_trust_dispute import decide_trust_dispute
from wallet.authorisations.usecases.dispute_trust import dispute_trust
from wallet.risk import approvals as risk
from wallet.risk.usecases.draft_rule_set import publish_rule_set
from wallet.risk.usecases.list_subject import list_subject, unlist
from wallet.risk.values import ListedKind, ListKind


def frozen() -> Case:
    """A frozen account that is unfrozen and frozen anew."""
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, **BY)

    def move() -> None:
        unfreeze_user(user_id=user.id, **BY)
        freeze_user(user_id=user.id, **BY)

    return Case({"id": str(user.id)}, move)


def suspended() -> Case:
    """A suspended verification that is restored and suspended anew."""
    user = make_user(kyc_tier=2)
    suspend_kyc(user_id=user.id, **BY)

    def move() -> None:
        restore_kyc(user_id=user.id, **BY)
        suspend_kyc(user_id=user.id, **BY)

    return Case({"id": str(user.id)}, move)


def in_review() -> Case:
    """A large withdrawal whose customer is frozen."""
    user = make_user(balance_minor=50_000_00)
    withdrawal, _ = request_withdrawal(user_id=user.id, key="w1", amount_minor=50_000_00, pin=PIN)
    return Case({"id": str(withdrawal.id)}, lambda: freeze_user(user_id=user.id, **BY))


def silent_withdrawal() -> Case:
    """A withdrawal of which the bank says nothing, until its answer comes meanwhile."""
    user = make_user(balance_minor=200_00)
    withdrawal, _ = request_withdrawal(user_id=user.id, key="w1", amount_minor=100_95, pin=PIN)
    advance(hours=2)
    instruction = BankInstruction.objects.get(subject_id=withdrawal.id)

    def move() -> None:
        callback, _ = receive_callback(
            bank_reference="bank-1", instruction_id=instruction.id, amount_minor=100_95,
            currency="CNY", result=BankResult.SUCCEEDED, reason="", now=clock.now(),
        )  # fmt: skip
        process_callback(callback_id=callback.id)

    return Case(
        {"id": str(instruction.id), "result": "SUCCEEDED", "bank_reference": "letter-17"}, move
    )


def late_money() -> Case:
    """Late money whose customer is frozen."""
    user = make_user()
    make_topup(user, 100_94)
    advance(days=2)
    callback = BankCallback.objects.get(amount_minor=100_94)
    return Case({"id": str(callback.id)}, lambda: freeze_user(user_id=user.id, **BY))


def drafted_risk_rules() -> Case:
    """A draft of risk rules, before which another one is published meanwhile."""
    draft, other = draft_risk_rules("2027-01"), draft_risk_rules("2027-02")

    def move() -> None:
        publish_rule_set(draft_id=other.id, approved_by=["carl"])

    return Case({"draft": str(draft.id)}, move)


def blocked_payer() -> Case:
    """A blocked payer who is taken off the list meanwhile."""
    entry = list_subject(
        listed=ListedKind.PAYER, subject_id=uuid.uuid4(), kind=ListKind.BLOCK,
        reason="stolen wallet", actor="operator:ann",
    )  # fmt: skip
    return Case({"entry": str(entry.id)}, lambda: unlist(entry_id=entry.id, **BY))


def disputed_mark() -> Case:
    """A disputed late mark that others take out meanwhile."""
    arrears = late_arrears(Shop(id=make_merchant().id))
    dispute, _ = dispute_trust(
        user_id=arrears.payer_id, arrears_id=arrears.id, grounds="the reminder never came"
    )

    def move() -> None:
        decide_trust_dispute(
            dispute_id=dispute.id, uphold=True, finding=BY["reason"], actor=BY["actor"]
        )

    return Case({"dispute": str(dispute.id), "uphold": True}, move)


CASES: dict[str, Callable[[], Case]] = {
    accounts.UNFREEZE: frozen,
    accounts.RESTORE_KYC: suspended,
    accounts.APPROVE_WITHDRAWAL: in_review,
    accounts.RELEASE_TOPUP: late_money,
    FORCE_END: silent_withdrawal,
    DECIDE_TRUST_DISPUTE: disputed_mark,
    risk.PUBLISH: drafted_risk_rules,
    risk.UNLIST: blocked_payer,
}
