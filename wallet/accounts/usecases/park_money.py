"""Book money from the bank that cannot be given to anybody yet."""

import uuid

from config.kernel import clock
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit


def park_money(*, key: str, amount_minor: int, currency: str, reference: str) -> uuid.UUID:
    """Debit `asset:custodian_bank`, credit `suspense:unmatched`. Returns the journal's id.

    Args:
        key: the journal's key; the same key again gives the same journal.
        amount_minor: in minor units of the currency, above zero.
        currency: ISO 4217 code of a currency the suspense account holds.
        reference: what an operator will look for.
    """
    return post_journal(
        Draft(
            key=key,
            kind="bank.unmatched",
            lines=(
                debit(open_system_account("asset:custodian_bank"), amount_minor, currency),
                credit(open_system_account("suspense:unmatched"), amount_minor, currency),
            ),
            posted_at=clock.now(),
            business_date=clock.house_day(),
            reference=reference,
            narrative="Money from the bank that matches nothing open",
        )
    )
