"""Payers with savings and a pay-later line."""

from tests.factories.settlement import make_payer
from wallet.accounts.models import WalletUser
from wallet.funding.models import CreditLine
from wallet.funding.usecases.choose_sources import apply_for_line
from wallet.funding.usecases.save_money import move_savings
from wallet.funding.values import SavingsKind


def make_saver(*, balance_minor: int, saved_minor: int = 0, line: bool = True) -> WalletUser:
    """A payer with so much in the balance and in savings, in fen."""
    payer = make_payer(balance_minor + saved_minor)
    if saved_minor:
        move_savings(
            user_id=payer.id, key="first", kind=SavingsKind.DEPOSIT, amount_minor=saved_minor
        )
    if line:
        apply_for_line(user_id=payer.id)
    return payer


def owed_minor(payer: WalletUser) -> int:
    """What a payer owes the lender, in fen."""
    return CreditLine.objects.get(user_id=payer.id).owed_minor
