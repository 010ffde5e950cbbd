"""Reading the books: balances, statements, journals, proofs."""

from wallet.ledger.queries.balances import (
    account,
    account_id,
    accounts_of,
    balance,
    balance_at,
    balances,
    balances_at,
    balances_by_prefix,
    change_minor,
    hot_accounts_with_pending_deltas,
    is_open,
    trial_balance,
)
from wallet.ledger.queries.journal_sums import credited_by
from wallet.ledger.queries.journals import (
    PostedEntry,
    hold,
    journal,
    journal_by_key,
    journals_for,
    latest_journals,
    posted_between,
)
from wallet.ledger.queries.proofs import latest_proof
from wallet.ledger.queries.statements import (
    MAX_PAGE,
    Page,
    StatementLine,
    entries_between,
    statement,
)

__all__ = [
    "MAX_PAGE",
    "Page",
    "PostedEntry",
    "StatementLine",
    "account",
    "account_id",
    "accounts_of",
    "balance",
    "balance_at",
    "balances",
    "balances_at",
    "balances_by_prefix",
    "change_minor",
    "credited_by",
    "entries_between",
    "hold",
    "hot_accounts_with_pending_deltas",
    "is_open",
    "journal",
    "journal_by_key",
    "journals_for",
    "latest_journals",
    "latest_proof",
    "posted_between",
    "statement",
    "trial_balance",
]
