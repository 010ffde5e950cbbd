"""Ours: one journal of two lines, posted by the wallet's front door."""

import os
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

# isort: split
from config.kernel import clock
from lab.bench.peer_programs.transfers import main
from wallet import public as wallet

CURRENCY = "CNY"


def _code(number: int) -> str:
    return f"peers:{number}"


def set_up(count: int) -> None:
    """Open the accounts; the first is hot, as a merchant's is."""
    for number in range(count):
        wallet.open_account(
            code=_code(number),
            kind=wallet.AccountKind.CLIENT_LIABILITY,
            currency=CURRENCY,
            normal_side=wallet.Side.CREDIT,
            hot=number == 0,
            floor_minor=None,
        )


def accounts(count: int) -> list[uuid.UUID]:
    """The accounts' ids."""
    return [wallet.account_id(_code(number)) for number in range(count)]


def transfer(payer: uuid.UUID, payee: uuid.UUID) -> None:
    """Move a fen."""
    now = clock.now()
    wallet.post_journal(
        wallet.Draft(
            key=f"peers:{uuid.uuid4().hex}",
            kind="transfer",
            lines=(wallet.debit(payer, 1, CURRENCY), wallet.credit(payee, 1, CURRENCY)),
            posted_at=now,
            business_date=now.date(),
        )
    )


if __name__ == "__main__":
    main(set_up, accounts, transfer)
