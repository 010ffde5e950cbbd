"""Record a guarantee in memo accounts: an amount promised without money held."""

import uuid
from datetime import datetime

from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.authorisations.models import Authorisation
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import AccountKind, Draft, Side, credit, debit
from wallet.payments import rules as payments
from wallet.payments.values import CURRENCY


def guarantee(
    *, row: Authorisation, payer: WalletUser, key: str, amount_minor: int, at: datetime
) -> None:
    """Debit `memo:exposure:{payer}`, credit `memo:exposure_contra`; nothing for nothing."""
    _post(row, payer, key, amount_minor, at, "authorisation.vouched")


def end_guarantee(
    *, row: Authorisation, payer: WalletUser, key: str, amount_minor: int, at: datetime
) -> None:
    """End a guarantee: the same memo the other way round."""
    _post(row, payer, key, -amount_minor, at, "authorisation.unvouched")


def exposure_minor(payer: WalletUser) -> int:
    """What is guaranteed for a payer's person now, all their wallets together.

    True while the person's limit usage is locked.
    """
    wallets = accounts.wallets_of_person(payer.person_id)
    return sum(ledger.balance(_exposure(wallet)).posted_minor for wallet in wallets)


def _exposure(payer: WalletUser) -> uuid.UUID:
    return open_account(
        code=f"memo:exposure:{payer.id}",
        kind=AccountKind.MEMO,
        currency=CURRENCY,
        owner_id=payer.id,
        normal_side=Side.DEBIT,
        unit=payer.unit,
    )


def _post(
    row: Authorisation,
    payer: WalletUser,
    key: str,
    amount_minor: int,
    at: datetime,
    kind: str,
) -> None:
    if not amount_minor:
        return
    one, other = _exposure(payer), open_system_account("memo:exposure_contra")
    if amount_minor < 0:
        one, other = other, one
    post_journal(
        Draft(
            key=key,
            kind=kind,
            lines=(
                debit(one, abs(amount_minor), row.currency),
                credit(other, abs(amount_minor), row.currency),
            ),
            posted_at=at,
            business_date=payments.business_date(at, row.payee_zone),
            reference=row.number,
            narrative=row.title[: payments.NARRATIVE_MAXIMUM],
        )
    )
