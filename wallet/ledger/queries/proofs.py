"""Proofs of the books: the checks, as SQL that PostgreSQL and SQLite both read.

They share no code with posting, on purpose: a mistake made there must not be repeated
here. Each of BREAKS selects what should not exist; each of FIGURES gives one number for
each currency and the rule that it obeys.
"""

from collections.abc import Callable

from wallet.ledger.models import Proof

_SHORT = {
    "[signed]": "CASE e.side WHEN 'DEBIT' THEN e.amount_minor ELSE -e.amount_minor END",
    "[on normal side]": (
        "CASE WHEN e.side = a.normal_side THEN e.amount_minor ELSE -e.amount_minor END"
    ),
}

BREAKS: dict[str, str] = {
    "journals_balance": """
        SELECT e.journal_id, e.currency, sum([signed]) FROM ledger_entry e
        GROUP BY e.journal_id, e.currency HAVING sum([signed]) <> 0""",
    "journals_have_entries": """
        SELECT j.id, j.key FROM ledger_journal j
        WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.journal_id = j.id)""",
    "entries_belong": """
        SELECT e.id, e.journal_id, e.account_id FROM ledger_entry e
        LEFT JOIN ledger_journal j ON j.id = e.journal_id
        LEFT JOIN ledger_account a ON a.id = e.account_id
        WHERE j.id IS NULL OR a.id IS NULL OR a.currency <> e.currency OR a.unit <> e.unit""",
    "balances_equal_entries": """
        SELECT a.code, a.posted_minor + coalesce(u.pending, 0), coalesce(s.entries, 0)
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(change_minor) AS pending
                   FROM ledger_pending_delta GROUP BY account_id) u ON u.account_id = a.id
        LEFT JOIN (SELECT a.id, sum([on normal side]) AS entries FROM ledger_entry e
                   JOIN ledger_account a ON a.id = e.account_id GROUP BY a.id) s
            ON s.id = a.id
        WHERE a.posted_minor + coalesce(u.pending, 0) <> coalesce(s.entries, 0)""",
    "running_balances": """
        SELECT code, id, balance_after_minor, expected FROM (
            SELECT a.code, e.id, e.balance_after_minor, sum([on normal side]) OVER (
                PARTITION BY e.account_id ORDER BY e.posted_at, e.id
                ROWS UNBOUNDED PRECEDING) AS expected
            FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
            WHERE NOT a.hot) running
        WHERE balance_after_minor IS NULL OR balance_after_minor <> expected""",
    "nothing_below_floor": """
        SELECT a.code, a.posted_minor + coalesce(u.pending, 0) - a.held_minor, a.floor_minor
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(change_minor) AS pending
                   FROM ledger_pending_delta GROUP BY account_id) u ON u.account_id = a.id
        WHERE a.posted_minor + coalesce(u.pending, 0) - a.held_minor < a.floor_minor""",
    "closed_accounts_empty": """
        SELECT a.code, a.posted_minor + coalesce(u.pending, 0) FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(change_minor) AS pending
                   FROM ledger_pending_delta GROUP BY account_id) u ON u.account_id = a.id
        WHERE a.state = 'CLOSED' AND a.posted_minor + coalesce(u.pending, 0) <> 0""",
    "holds_consistent": """
        SELECT a.code, a.held_minor, coalesce(h.held, 0) FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(amount_minor) AS held FROM ledger_hold
                   WHERE state = 'HELD' GROUP BY account_id) h ON h.account_id = a.id
        WHERE a.held_minor <> coalesce(h.held, 0)""",
    "captured_holds_posted": """
        SELECT h.id, h.journal_id FROM ledger_hold h
        LEFT JOIN ledger_journal j ON j.id = h.journal_id
        WHERE h.state = 'CAPTURED' AND j.id IS NULL""",
    "checkpoints_hold": """
        SELECT a.code, c.taken_for, c.balance_minor FROM (
            SELECT account_id, taken_for, balance_minor,
                lag(taken_for, 1, '0001-01-01 00:00:00+00:00') OVER days AS since,
                lag(balance_minor, 1, 0) OVER days AS balance_before
            FROM ledger_checkpoint WINDOW days AS (PARTITION BY account_id ORDER BY taken_for)) c
        JOIN ledger_account a ON a.id = c.account_id
        LEFT JOIN ledger_entry e ON e.account_id = c.account_id
            AND e.posted_at >= c.since AND e.posted_at < c.taken_for
        GROUP BY a.code, c.taken_for, c.balance_minor, c.balance_before
        HAVING c.balance_minor - c.balance_before <> coalesce(sum([on normal side]), 0)""",
    "reversals_mirror": """
        SELECT r.id, r.reversal_of FROM ledger_journal r
        WHERE r.reversal_of IS NOT NULL AND (
            NOT EXISTS (SELECT 1 FROM ledger_journal j WHERE j.id = r.reversal_of)
            OR EXISTS (
                SELECT 1 FROM ledger_entry e WHERE e.journal_id = r.reversal_of
                AND NOT EXISTS (
                    SELECT 1 FROM ledger_entry x WHERE x.journal_id = r.id
                    AND x.account_id = e.account_id AND x.amount_minor = e.amount_minor
                    AND x.side <> e.side)))""",
}

_COVER = """
    SELECT a.currency, sum([signed])
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    WHERE a.kind IN ('CLIENT_MONEY', 'RECEIVABLE', 'CLIENT_LIABILITY')
    GROUP BY a.currency"""

FIGURES: dict[str, tuple[str, Callable[[int], bool]]] = {
    # Debits less credits of the whole books.
    "trial_balance_zero": (
        "SELECT e.currency, sum([signed]) FROM ledger_entry e GROUP BY e.currency",
        lambda figure: figure == 0,
    ),
    # What covers clients' money (the pool at the bank, what is owed to us) less what we
    # owe them: liabilities are on the credit side, so the signed sum is the surplus.
    "safeguarding": (_COVER, lambda figure: figure >= 0),
}


def spelled_out(sql: str) -> str:
    """A check's SQL with its abbreviations written out."""
    for short, full in _SHORT.items():
        sql = sql.replace(short, full)
    return sql


def latest_proof() -> Proof | None:
    """The last nightly proof of the books, or None before the first night."""
    return Proof.objects.order_by("-proved_at", "-id").first()
