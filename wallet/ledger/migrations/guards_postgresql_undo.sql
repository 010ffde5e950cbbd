DROP TRIGGER IF EXISTS ledger_entry_gate ON ledger_entry;
DROP TRIGGER IF EXISTS ledger_journal_gate ON ledger_journal;
DROP TRIGGER IF EXISTS ledger_account_nature ON ledger_account;
DROP TRIGGER IF EXISTS ledger_account_kept ON ledger_account;
DROP TRIGGER IF EXISTS ledger_entry_append_only ON ledger_entry;
DROP TRIGGER IF EXISTS ledger_journal_append_only ON ledger_journal;
DROP FUNCTION IF EXISTS ledger_refuse_insert;
DROP FUNCTION IF EXISTS ledger_refuse_change;
