DROP TRIGGER IF EXISTS ledger_entry_balanced ON ledger_entry;
DROP TRIGGER IF EXISTS ledger_account_nature ON ledger_account;
DROP TRIGGER IF EXISTS ledger_account_kept ON ledger_account;
DROP TRIGGER IF EXISTS ledger_entry_append_only ON ledger_entry;
DROP TRIGGER IF EXISTS ledger_journal_append_only ON ledger_journal;
DROP FUNCTION IF EXISTS ledger_refuse_unbalanced;
DROP FUNCTION IF EXISTS ledger_refuse_change;
