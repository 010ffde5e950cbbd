-- What no code may do to the books, whoever runs it (PostgreSQL).

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the books are append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = '23514', HINT = 'post a reversal';
END $$;

CREATE TRIGGER ledger_journal_append_only BEFORE UPDATE OR DELETE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- An account is closed, never removed, and what its entries mean never changes.
CREATE TRIGGER ledger_account_kept BEFORE DELETE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_account_nature BEFORE UPDATE OF id, code, currency, normal_side
    ON ledger_account FOR EACH ROW
    WHEN ((OLD.id, OLD.code, OLD.currency, OLD.normal_side)
          IS DISTINCT FROM (NEW.id, NEW.code, NEW.currency, NEW.normal_side))
    EXECUTE FUNCTION ledger_refuse_change();

-- Journals and entries come from the posting functions alone: they open this gate for
-- themselves and shut it again. A statement that forgot them is stopped; one that opens
-- the gate on purpose answers to the nightly proof. Checking each journal's balance in a
-- trigger instead was measured at two thirds of the whole cost of posting.
CREATE FUNCTION ledger_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'INSERT on % is refused: post a journal instead', TG_TABLE_NAME
        USING ERRCODE = '23514';
END $$;

CREATE TRIGGER ledger_journal_gate BEFORE INSERT ON ledger_journal FOR EACH STATEMENT
    WHEN (current_setting('saoma.posting', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION ledger_refuse_insert();
CREATE TRIGGER ledger_entry_gate BEFORE INSERT ON ledger_entry FOR EACH STATEMENT
    WHEN (current_setting('saoma.posting', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION ledger_refuse_insert();

-- Room on each page for the next version of a balance, so that no index is touched.
ALTER TABLE ledger_account SET (fillfactor = 50);
-- Keys are compared byte by byte.
ALTER TABLE ledger_journal ALTER COLUMN key TYPE varchar(128) COLLATE "C";
-- Each roll-up empties this table all the time.
ALTER TABLE ledger_unfolded
    SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
