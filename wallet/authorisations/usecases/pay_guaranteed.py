"""Pay a guaranteed capture: from the payer's funds, otherwise from the platform's."""

import uuid
from contextlib import suppress
from datetime import datetime

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.authorisations.usecases.collect_arrears import owe
from wallet.funding.queries import has_sources
from wallet.funding.usecases.draw_funds import draw_funds
from wallet.ledger import queries as ledger
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.change_state import locked_account
from wallet.ledger.values import Line, debit
from wallet.payments import queries as payments
from wallet.payments import rules as payment_rules
from wallet.payments.models import Payment
from wallet.payments.rules import PayerAuth
from wallet.payments.usecases.charge_payer import charge_payer
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.values import PaymentStatus, PayOutcome, PayRequest, PayResult
from wallet.risk import queries as risk
from wallet.risk.usecases.assess_movement import Assessed
from wallet.risk.values import Decision, Verdict


@transactions.atomic_retry
def pay_guaranteed(*, payer_id: uuid.UUID, request: PayRequest) -> PayOutcome:
    """Pay for what was used already, without its payer: what the wallet lacks is owed to us.

    The payee is paid whole (`asset:arrears:{payer}` takes the rest); the next money that
    comes in repays it. The caller knows that the payer agreed to it beforehand.

    Args:
        payer_id: who has used it.
        request: the payment; the same order number gives the first one again (REPLAYED).

    Raises:
        PaymentConflict, PaymentClosed, PayerMismatch: the order number is another payment's.
        AccountFrozen, AccountClosed, KycLimit: the payer's wallet may not pay now.

    Locks: the payment, the payer's ledger account, then the arrears account, limit usage.
    """
    earlier = payments.payment_by_reference(payee_id=request.payee_id, reference=request.reference)
    if earlier is not None and earlier.status is not PaymentStatus.PENDING:
        return PayOutcome(earlier, PayResult.REPLAYED)
    at, payer = clock.now(), accounts.user(payer_id)
    payment = ordered_payment(request, payer)
    locked_account(payer.available_account_id)
    charge_payer(
        payment=payment,
        payer=payer,
        auth=PayerAuth(with_pin=True, agreed=True),
        at=at,
        assessed=agreed_beforehand(),
        debits=guaranteed_lines(payer, payment, at),
    )
    payment.save()
    return PayOutcome(payments.view(payment, payer), PayResult.PAID)


def ordered_payment(request: PayRequest, payer: WalletUser) -> Payment:
    """The order's payment, locked: new, or one that waits for this payer."""
    created = create_payment(request=request, payer_id=payer.id)
    payment = payments.locked_payment(created.payment.id)
    payment_rules.check_move(PaymentStatus(payment.status), PaymentStatus.PAID)
    return payment


def agreed_beforehand() -> Assessed:
    """The verdict on what a payer has agreed to already: the rules are not asked again."""
    return Assessed(Verdict(Decision.ACCEPT, 0, (), False, risk.rules_in_force().version), {})


def guaranteed_lines(payer: WalletUser, payment: Payment, at: datetime) -> list[Line]:
    """What a capture is taken from: the available balance, else with the payer's sources, else
    the balance and then our own pocket.

    The holds have been released into the available balance, whose row is locked.
    """
    if has_sources(payer.id):
        with suppress(InsufficientFunds):
            return draw_funds(
                payer=payer, payment_id=payment.id, amount_minor=payment.amount_minor, at=at
            )
    available_minor = max(0, ledger.balance(payer.available_account_id).available_minor)
    spent_minor = min(payment.amount_minor, available_minor)
    lines = []
    if spent_minor:
        lines.append(debit(payer.available_account_id, spent_minor, payment.currency))
    if spent_minor < payment.amount_minor:
        lines.append(owe(payer, payment, payment.amount_minor - spent_minor, at=at))
    return lines
