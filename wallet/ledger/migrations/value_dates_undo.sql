-- The functions without a value date, as post_pair.sql and posting.sql made them.

DROP FUNCTION ledger_post_pair(
    text, text, uuid, uuid, bigint, text, timestamptz, date, text, text, timestamptz);
DROP FUNCTION ledger_post_lines(
    text[], text[], timestamptz[], date[], text[], text[], uuid[], int[], smallint[], uuid[],
    text[], bigint[], text[], timestamptz[]);

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


-- Post a batch. The arrays of drafts are as long as each other, and so are those of
-- lines; the lines lie in order of their draft (1, 2, ..).
CREATE FUNCTION ledger_post_lines(
    p_key text[], p_kind text[], p_posted_at timestamptz[], p_business_date date[],
    p_reference text[], p_narrative text[], p_reverses uuid[],
    p_draft int[], p_line_no smallint[], p_account uuid[], p_side text[], p_amount bigint[],
    p_currency text[])
RETURNS TABLE (outcome text, journal_id uuid, account_id uuid)
LANGUAGE plpgsql
-- A connection keeps its plans. One made while the books were empty must not read them
-- from end to end when they are full.
SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    drafts int := cardinality(p_key);
    locked uuid[];
    folding uuid;
    clean boolean;
    outcomes text[];
    journals uuid[];
    replayed uuid[];
    culprits uuid[];
    accepted boolean[];
    written int;
    gate text;
BEGIN
    IF EXISTS (
        SELECT FROM unnest(p_draft, p_side, p_amount, p_currency)
            AS l(draft, side, amount, currency)
        GROUP BY l.draft, l.currency
        HAVING sum(CASE l.side WHEN 'DEBIT' THEN l.amount ELSE -l.amount END) <> 0)
    THEN
        RAISE EXCEPTION 'a journal moves money and makes none' USING ERRCODE = '23514';
    END IF;

    -- Which rows to lock: all but the hot ones that only rise or have no floor.
    SELECT array_agg(DISTINCT a.id ORDER BY a.id) INTO locked
        FROM unnest(p_account, p_side) AS l(account_id, side)
        JOIN ledger_account a ON a.id = l.account_id
        WHERE NOT a.hot OR (l.side <> a.normal_side AND a.floor_minor IS NOT NULL);
    -- By itself: a condition around it would be pushed inside and lock fewer rows.
    PERFORM FROM ledger_account a WHERE a.id = ANY (locked) ORDER BY a.id FOR NO KEY UPDATE;
    FOR folding IN
        SELECT a.id FROM ledger_account a WHERE a.id = ANY (locked) AND a.hot
    LOOP
        PERFORM ledger_fold(folding);
    END LOOP;

    -- The common case in one look: nothing stands in the way of any draft.
    SELECT coalesce(bool_and(
            l.normal_side IS NOT NULL
            AND l.currency = l.book_currency
            AND (l.state = 'OPEN' OR l.state = 'FROZEN' AND l.side = l.normal_side)
            AND (l.side = l.normal_side OR l.floor_minor IS NULL OR l.level >= l.floor_minor)),
            true)
        INTO clean
        FROM (
            SELECT l.side, l.currency, a.normal_side, a.currency AS book_currency, a.state,
                   a.floor_minor, a.posted_minor - a.held_minor + sum(
                       CASE WHEN l.side = a.normal_side THEN l.amount ELSE -l.amount END)
                       OVER (PARTITION BY l.account_id ORDER BY l.n ROWS UNBOUNDED PRECEDING)
                       AS level
            FROM unnest(p_account, p_side, p_amount, p_currency)
                WITH ORDINALITY AS l(account_id, side, amount, currency, n)
            LEFT JOIN ledger_account a ON a.id = l.account_id) l;
    clean := clean
        AND NOT EXISTS (SELECT FROM ledger_journal j WHERE j.key = ANY (p_key))
        AND (SELECT count(DISTINCT k) FROM unnest(p_key) k) = drafts
        AND (SELECT count(x) FROM unnest(p_reverses) x) = 0;
    SELECT array_agg(ledger_uuid7(at)) INTO journals FROM unnest(p_posted_at) at;
    IF clean THEN
        outcomes := array_fill('POSTED'::text, ARRAY[drafts]);
        accepted := array_fill(true, ARRAY[drafts]);
    ELSE
        SELECT d.outcomes, d.journals, d.accounts INTO outcomes, replayed, culprits
            FROM ledger_decide_in_order(p_key, p_kind, p_reverses, p_draft, p_account, p_side,
                                        p_amount, p_currency) d;
        SELECT array_agg(o.outcome = 'POSTED'), array_agg(CASE
                   WHEN o.outcome = 'POSTED' THEN journals[o.n]
                   WHEN o.outcome LIKE 'TWIN %' THEN journals[substr(o.outcome, 6)::int]
                   ELSE replayed[o.n] END),
               array_agg(CASE WHEN o.outcome LIKE 'TWIN %' THEN 'REPLAYED' ELSE o.outcome END)
            INTO accepted, journals, outcomes
            FROM unnest(outcomes) WITH ORDINALITY AS o(outcome, n);
    END IF;

    gate := set_config('saoma.posting', 'on', true);
    WITH line AS MATERIALIZED (
        SELECT l.n, l.draft, l.line_no, l.account_id, l.side, l.amount, l.currency,
               a.unit, a.hot,
               a.hot AND (a.floor_minor IS NULL
                          OR bool_and(l.side = a.normal_side) OVER (PARTITION BY l.account_id))
                   AS appended,
               CASE WHEN l.side = a.normal_side THEN l.amount ELSE -l.amount END AS change,
               a.posted_minor + sum(
                   CASE WHEN l.side = a.normal_side THEN l.amount ELSE -l.amount END) OVER run
                   AS after_minor,
               greatest(a.last_posted_at, max(p_posted_at[l.draft]) OVER run) AS at
        FROM unnest(p_draft, p_line_no, p_account, p_side, p_amount, p_currency)
            WITH ORDINALITY AS l(draft, line_no, account_id, side, amount, currency, n)
        JOIN ledger_account a ON a.id = l.account_id
        WHERE accepted[l.draft]
        WINDOW run AS (PARTITION BY l.account_id ORDER BY l.n ROWS UNBOUNDED PRECEDING)
    ), entry AS (
        INSERT INTO ledger_entry (posted_at, journal_id, account_id, amount_minor,
                balance_after_minor, business_date, line_no, unit, side, currency)
            SELECT at, journals[draft], account_id, amount,
                   CASE WHEN NOT hot THEN after_minor END, p_business_date[draft], line_no,
                   unit, side, currency
            FROM line ORDER BY n
    ), unfolded AS (
        INSERT INTO ledger_unfolded (account_id, change_minor, posted_at)
            SELECT account_id, sum(change), max(at) FROM line WHERE appended GROUP BY account_id
    ), book AS (
        UPDATE ledger_account a SET
                posted_minor = a.posted_minor + moved.change,
                last_posted_at = CASE WHEN a.hot THEN a.last_posted_at ELSE moved.at END
            FROM (SELECT account_id, sum(change) AS change, max(at) AS at
                  FROM line WHERE NOT appended GROUP BY account_id) moved
            WHERE a.id = moved.account_id
    ), journal AS (
        INSERT INTO ledger_journal (id, posted_at, reversal_of, business_date, unit, key, kind,
                reference, narrative)
            SELECT journals[d.n], d.posted_at, d.reverses, d.business_date, line.unit, d.key,
                   d.kind, d.reference, d.narrative
            FROM unnest(p_key, p_kind, p_posted_at, p_business_date, p_reference, p_narrative,
                        p_reverses) WITH ORDINALITY
                AS d(key, kind, posted_at, business_date, reference, narrative, reverses, n)
            JOIN line ON line.draft = d.n AND line.line_no = 1
            ON CONFLICT DO NOTHING
            RETURNING 1
    )
    SELECT count(*) INTO written FROM journal;
    gate := set_config('saoma.posting', 'off', true);
    IF written < (SELECT count(*) FROM unnest(accepted) yes WHERE yes) THEN
        RAISE EXCEPTION 'a key of this batch was taken a moment ago' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT * FROM unnest(outcomes, journals, coalesce(culprits, '{}'::uuid[]));
END $$;


-- The batch as one JSON document, for callers in SQL.
CREATE OR REPLACE FUNCTION ledger_post(p jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
BEGIN
    WITH draft AS (
        SELECT d.n::int AS n, d.draft FROM jsonb_array_elements(p) WITH ORDINALITY d(draft, n)
    ), drafts AS (
        SELECT array_agg(draft ->> 'key' ORDER BY n) AS keys,
               array_agg(draft ->> 'kind' ORDER BY n) AS kinds,
               array_agg((draft ->> 'posted_at')::timestamptz ORDER BY n) AS times,
               array_agg((draft ->> 'business_date')::date ORDER BY n) AS dates,
               array_agg(coalesce(draft ->> 'reference', '') ORDER BY n) AS refs,
               array_agg(coalesce(draft ->> 'narrative', '') ORDER BY n) AS narratives,
               array_agg((draft ->> 'reverses')::uuid ORDER BY n) AS reverses
        FROM draft
    ), lines AS (
        SELECT array_agg(d.n ORDER BY d.n, l.no) AS draft,
               array_agg(l.no::smallint ORDER BY d.n, l.no) AS no,
               array_agg((l.line ->> 'account_id')::uuid ORDER BY d.n, l.no) AS account,
               array_agg(l.line ->> 'side' ORDER BY d.n, l.no) AS side,
               array_agg((l.line ->> 'amount_minor')::bigint ORDER BY d.n, l.no) AS amount,
               array_agg(l.line ->> 'currency' ORDER BY d.n, l.no) AS currency
        FROM draft d, jsonb_array_elements(d.draft -> 'lines') WITH ORDINALITY l(line, no)
    )
    SELECT jsonb_agg(jsonb_build_object('outcome', r.outcome, 'journal_id', r.journal_id,
                                        'account_id', r.account_id) ORDER BY r.n)
        INTO answer
        FROM drafts d, lines l, ledger_post_lines(
            d.keys, d.kinds, d.times, d.dates, d.refs, d.narratives, d.reverses,
            l.draft, l.no, l.account, l.side, l.amount, l.currency)
            WITH ORDINALITY AS r(outcome, journal_id, account_id, n);
    RETURN coalesce(answer, '[]'::jsonb);
END $$;
