"""Write a merchant's debt off: it becomes our loss."""

import uuid

from config.kernel import clock, ids, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.exposure import queries, rules
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms.queries import today_of
from wallet.public import Draft, credit, debit, open_system_account, post_journal

LOSS = "expense:fraud_loss"


@transactions.atomic_retry
def write_off(*, merchant_id: uuid.UUID, amount_minor: int, actor: str) -> uuid.UUID:
    """Take a debt out of the books: Dr `expense:fraud_loss`, Cr the merchant's receivable.

    What the merchant has with us pays its debt first. Only the approval of two operators calls
    it. Gives the journal's id.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.NothingOwed: what is left of the debt is less than that.

    Locks: the merchant's version, the merchant, then the ledger accounts.
    """
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    owed_minor = collect_debt(merchant)
    rules.check_write_off(amount_minor=amount_minor, owed_minor=owed_minor)
    journal_id = post_journal(
        Draft(
            key=f"write_off:{ids.uuid7()}",
            kind="debt_written_off",
            lines=(
                debit(open_system_account(LOSS), amount_minor, merchant.currency),
                credit(queries.accounts_of(merchant).receivable, amount_minor, merchant.currency),
            ),
            posted_at=clock.now(),
            business_date=today_of(merchant),
            reference=merchant.merchant_number,
            narrative="debt written off",
        )
    )
    record(
        action="merchant.debt_written_off",
        actor=actor,
        target=f"merchant:{merchant.id}",
        before={"owed_minor": owed_minor},
        after={"owed_minor": owed_minor - amount_minor, "journal_id": str(journal_id)},
    )
    return journal_id
