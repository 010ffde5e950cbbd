DROP TRIGGER IF EXISTS ledger_account_nature
;;
DROP TRIGGER IF EXISTS ledger_account_no_delete
;;
DROP TRIGGER IF EXISTS ledger_entry_no_delete
;;
DROP TRIGGER IF EXISTS ledger_entry_no_update
;;
DROP TRIGGER IF EXISTS ledger_journal_no_delete
;;
DROP TRIGGER IF EXISTS ledger_journal_no_update
