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

-- The entries of a journal are written by one statement, and balance in every currency.
CREATE FUNCTION ledger_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh GROUP BY journal_id, currency
        HAVING sum(CASE side WHEN 'DEBIT' THEN amount_minor ELSE -amount_minor END) <> 0)
    THEN
        RAISE EXCEPTION 'a journal does not balance' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_unbalanced();
