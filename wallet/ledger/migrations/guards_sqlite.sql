-- What no code may do to the books, whoever runs it (SQLite).

CREATE TRIGGER ledger_journal_no_update BEFORE UPDATE ON ledger_journal
BEGIN
    SELECT RAISE(ABORT, 'UPDATE on ledger_journal is refused: the books are append-only');
END
;;
CREATE TRIGGER ledger_journal_no_delete BEFORE DELETE ON ledger_journal
BEGIN
    SELECT RAISE(ABORT, 'DELETE on ledger_journal is refused: the books are append-only');
END
;;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'UPDATE on ledger_entry is refused: the books are append-only');
END
;;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
BEGIN
    SELECT RAISE(ABORT, 'DELETE on ledger_entry is refused: the books are append-only');
END
;;
CREATE TRIGGER ledger_account_no_delete BEFORE DELETE ON ledger_account
BEGIN
    SELECT RAISE(ABORT, 'DELETE on ledger_account is refused: the books are append-only');
END
;;
CREATE TRIGGER ledger_account_nature BEFORE UPDATE OF id, code, currency, normal_side
    ON ledger_account
WHEN OLD.id <> NEW.id OR OLD.code <> NEW.code OR OLD.currency <> NEW.currency
    OR OLD.normal_side <> NEW.normal_side
BEGIN
    SELECT RAISE(ABORT, 'UPDATE on ledger_account is refused: what entries mean is kept');
END
