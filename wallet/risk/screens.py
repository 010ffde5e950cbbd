"""Asks the rules about withdrawals; accounts stands below risk and calls it by a port."""

import uuid

from config.kernel import clock
from wallet.accounts.ports import WITHDRAWAL_SCREENS
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Decision, Movement, Subject


def screen_withdrawal(
    *, withdrawal_id: uuid.UUID, user_id: uuid.UUID, amount_minor: int, currency: str
) -> bool:
    """Whether operators look at a withdrawal before the bank has it.

    Raises:
        PaymentDeclined, PaymentDelayed: the rules refuse it, for now or for good.
    """
    assessed = screen_movement(
        subject=Subject(
            payment_id=withdrawal_id,
            payer_id=user_id,
            payee_id=user_id,
            device_id=None,
            amount_minor=amount_minor,
            currency=currency,
            movement=Movement.WITHDRAWAL,
        ),
        context={"pin_given": True},
        at=clock.now(),
    )
    return assessed.verdict.decision is Decision.REVIEW


def register() -> None:
    """Have the rules asked about every withdrawal of this process."""
    if screen_withdrawal not in WITHDRAWAL_SCREENS:
        WITHDRAWAL_SCREENS.append(screen_withdrawal)
