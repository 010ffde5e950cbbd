-- One journal of two lines, as in posting.sql, in fewer statements (PostgreSQL).
--
-- The common case, a debit of an ordinary account and a credit that is only appended to a
-- hot one, reads and locks everything in one statement. Every other case locks one row
-- after another in id order. No statement depends on an array: PostgreSQL would plan it
-- anew at each call. Whether the key is known is asked only where the journal is not
-- written: the unique key itself stops a second one.

CREATE OR REPLACE FUNCTION ledger_post_pair(
    p_key text, p_kind text, p_debit uuid, p_credit uuid, p_amount bigint, p_currency text,
    p_posted_at timestamptz, p_business_date date, p_reference text, p_narrative text,
    OUT outcome text, OUT journal_id uuid, OUT account_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
    r record;
    held record;
    turn uuid;
    d_change bigint;
    c_change bigint;
    d_locked boolean;
    c_locked boolean;
    d_posted bigint;
    c_posted bigint;
    d_free bigint;
    c_free bigint;
    d_at timestamptz;
    c_at timestamptz;
    gate text;
BEGIN
    IF p_amount <= 0 OR p_debit = p_credit THEN
        RAISE EXCEPTION 'a journal moves money between accounts' USING ERRCODE = '23514';
    END IF;
    SELECT d.currency AS d_currency, d.normal_side AS d_side, d.state AS d_state,
           d.hot AS d_hot, d.floor_minor AS d_floor, d.last_posted_at AS d_at, d.unit AS d_unit,
           d.posted_minor AS d_posted, d.posted_minor - d.held_minor - d.floor_minor AS d_free,
           c.currency AS c_currency, c.normal_side AS c_side, c.state AS c_state,
           c.hot AS c_hot, c.floor_minor AS c_floor, c.last_posted_at AS c_at, c.unit AS c_unit
        INTO r
        FROM ledger_account d, ledger_account c
        WHERE d.id = p_debit AND NOT d.hot
          AND c.id = p_credit AND c.hot AND (c.normal_side = 'CREDIT' OR c.floor_minor IS NULL)
        FOR NO KEY UPDATE OF d;
    IF FOUND THEN
        d_locked := true;
        c_locked := false;
        d_change := CASE WHEN r.d_side = 'DEBIT' THEN p_amount ELSE -p_amount END;
        c_change := CASE WHEN r.c_side = 'CREDIT' THEN p_amount ELSE -p_amount END;
        d_posted := r.d_posted;
        d_free := r.d_free;
    ELSE
        SELECT d.currency AS d_currency, d.normal_side AS d_side, d.state AS d_state,
               d.hot AS d_hot, d.floor_minor AS d_floor, d.last_posted_at AS d_at,
               d.unit AS d_unit, c.currency AS c_currency, c.normal_side AS c_side,
               c.state AS c_state, c.hot AS c_hot, c.floor_minor AS c_floor,
               c.last_posted_at AS c_at, c.unit AS c_unit
            INTO r
            FROM (SELECT) AS one
            LEFT JOIN ledger_account d ON d.id = p_debit
            LEFT JOIN ledger_account c ON c.id = p_credit;
        d_change := CASE WHEN r.d_side = 'DEBIT' THEN p_amount ELSE -p_amount END;
        c_change := CASE WHEN r.c_side = 'CREDIT' THEN p_amount ELSE -p_amount END;
        d_locked := NOT r.d_hot OR (d_change < 0 AND r.d_floor IS NOT NULL);
        c_locked := NOT r.c_hot OR (c_change < 0 AND r.c_floor IS NOT NULL);
    END IF;
    d_at := greatest(p_posted_at, r.d_at);
    c_at := greatest(p_posted_at, r.c_at);
    outcome := CASE
        WHEN r.d_currency IS NULL OR r.c_currency IS NULL THEN 'UNKNOWN_ACCOUNT'
        WHEN r.d_currency <> p_currency OR r.c_currency <> p_currency THEN 'CURRENCY_MISMATCH'
    END;
    IF outcome IS NULL AND d_posted IS NULL THEN
        turn := least(p_debit, p_credit);
        LOOP
            IF turn = p_debit AND d_locked OR turn = p_credit AND c_locked THEN
                SELECT a.state, a.hot, a.posted_minor, a.last_posted_at,
                       a.posted_minor - a.held_minor - a.floor_minor AS free
                    INTO held
                    FROM ledger_account a WHERE a.id = turn FOR NO KEY UPDATE;
                IF held.hot THEN
                    held.free := held.free + ledger_fold(turn) - held.posted_minor;
                END IF;
                IF turn = p_debit THEN
                    d_posted := held.posted_minor;
                    d_free := held.free;
                    r.d_state := held.state;
                    d_at := greatest(p_posted_at, held.last_posted_at);
                ELSE
                    c_posted := held.posted_minor;
                    c_free := held.free;
                    r.c_state := held.state;
                    c_at := greatest(p_posted_at, held.last_posted_at);
                END IF;
            END IF;
            EXIT WHEN turn = greatest(p_debit, p_credit);
            turn := greatest(p_debit, p_credit);
        END LOOP;
    END IF;
    outcome := coalesce(outcome, CASE
        WHEN r.d_state = 'CLOSED' OR r.c_state = 'CLOSED' THEN 'CLOSED'
        WHEN r.d_state = 'FROZEN' AND d_change < 0 OR r.c_state = 'FROZEN' AND c_change < 0
            THEN 'FROZEN'
        WHEN d_change < 0 AND d_free < p_amount OR c_change < 0 AND c_free < p_amount
            THEN 'INSUFFICIENT'
        ELSE 'POSTED' END);

    IF outcome = 'POSTED' THEN
        journal_id := ledger_uuid7(p_posted_at);
        gate := set_config('saoma.posting', 'on', true);
        INSERT INTO ledger_journal (id, posted_at, reversal_of, business_date, unit, key, kind,
                                    reference, narrative)
            VALUES (journal_id, p_posted_at, NULL, p_business_date, r.d_unit, p_key, p_kind,
                    p_reference, p_narrative)
            ON CONFLICT (key) DO NOTHING;
        IF FOUND THEN
            INSERT INTO ledger_entry (posted_at, journal_id, account_id, amount_minor,
                    balance_after_minor, business_date, line_no, unit, side, currency)
                VALUES (d_at, journal_id, p_debit, p_amount,
                        CASE WHEN NOT r.d_hot THEN d_posted + d_change END,
                        p_business_date, 1, r.d_unit, 'DEBIT', p_currency),
                       (c_at, journal_id, p_credit, p_amount,
                        CASE WHEN NOT r.c_hot THEN c_posted + c_change END,
                        p_business_date, 2, r.c_unit, 'CREDIT', p_currency);
            gate := set_config('saoma.posting', 'off', true);
            IF d_locked THEN
                UPDATE ledger_account SET posted_minor = posted_minor + d_change,
                        last_posted_at = CASE WHEN hot THEN last_posted_at ELSE d_at END
                    WHERE id = p_debit;
            ELSE
                INSERT INTO ledger_unfolded (account_id, change_minor, posted_at)
                    VALUES (p_debit, d_change, d_at);
            END IF;
            IF c_locked THEN
                UPDATE ledger_account SET posted_minor = posted_minor + c_change,
                        last_posted_at = CASE WHEN hot THEN last_posted_at ELSE c_at END
                    WHERE id = p_credit;
            ELSE
                INSERT INTO ledger_unfolded (account_id, change_minor, posted_at)
                    VALUES (p_credit, c_change, c_at);
            END IF;
            RETURN;
        END IF;
        gate := set_config('saoma.posting', 'off', true);
        outcome := 'REPLAYED';
    END IF;

    -- Not posted. The key may be known, or a caller with the same key may have committed
    -- while this one waited.
    SELECT j.id INTO journal_id FROM ledger_journal j WHERE j.key = p_key;
    IF journal_id IS NOT NULL THEN
        outcome := ledger_replay(journal_id, p_kind, NULL, ARRAY[
            concat_ws(' ', p_debit, 'DEBIT', p_amount, p_currency),
            concat_ws(' ', p_credit, 'CREDIT', p_amount, p_currency)]);
        IF outcome = 'KEY_CONFLICT' THEN
            journal_id := NULL;
        END IF;
        RETURN;
    END IF;
    account_id := CASE
        WHEN outcome = 'UNKNOWN_ACCOUNT' AND r.d_currency IS NOT NULL
          OR outcome = 'CURRENCY_MISMATCH' AND r.d_currency = p_currency
          OR outcome = 'CLOSED' AND r.d_state <> 'CLOSED'
          OR outcome = 'FROZEN' AND NOT (r.d_state = 'FROZEN' AND d_change < 0)
          OR outcome = 'INSUFFICIENT' AND NOT coalesce(d_change < 0 AND d_free < p_amount, false)
        THEN p_credit ELSE p_debit END;
END $$;
