-- Posting in one round trip (PostgreSQL). The portable twin is wallet/ledger/rules.py
-- with usecases/post_by_rows.py; tests/usecases/wallet/ledger holds both to one suite.
--
-- Callable from other SQL functions:
--
--   ledger_post_pair(
--       p_key text, p_kind text, p_debit uuid, p_credit uuid, p_amount bigint,
--       p_currency text, p_posted_at timestamptz, p_business_date date,
--       p_reference text, p_narrative text,
--       OUT outcome text, OUT journal_id uuid, OUT account_id uuid)
--     One journal of two lines. The lean one: a payment is exactly this.
--
--   ledger_roll_up(p_account uuid) RETURNS bigint   the balance, pending deltas added up
--
-- Outcomes, first that fits: REPLAYED KEY_CONFLICT ALREADY_REVERSED UNKNOWN_ACCOUNT
-- CURRENCY_MISMATCH CLOSED FROZEN INSUFFICIENT POSTED. A refusal writes nothing and
-- raises nothing; the caller decides what it means. Two callers with one key at the same
-- moment: the later one waits, then is REPLAYED (a batch raises 40001 and is repeated).
--
-- Locks: account rows FOR NO KEY UPDATE in id order. Hot accounts are not locked while
-- they only rise, or have no floor: their changes are appended to ledger_pending_delta.

CREATE FUNCTION ledger_uuid7(p_at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- gen_random_uuid() has the variant bits already; 0x7 replaces its version 4.
    SELECT encode(
        overlay(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM p_at) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6)
            PLACING substring(int4send(112 | (random() * 15)::int) FROM 4) FROM 7 FOR 1),
        'hex')::uuid
$$;


-- Roll a hot account up under its row lock; returns the balance that results.
CREATE FUNCTION ledger_roll_up(p_account uuid) RETURNS bigint
LANGUAGE plpgsql
SET enable_seqscan = off SET jit = off  -- as for ledger_post_lines
AS $$
DECLARE
    posted bigint;
    change bigint;
BEGIN
    SELECT posted_minor INTO posted FROM ledger_account
        WHERE id = p_account FOR NO KEY UPDATE;
    WITH pending_delta AS (
        DELETE FROM ledger_pending_delta WHERE account_id = p_account RETURNING change_minor)
    SELECT sum(change_minor) INTO change FROM pending_delta;
    IF change IS NOT NULL THEN
        UPDATE ledger_account SET posted_minor = posted_minor + change
            WHERE id = p_account RETURNING posted_minor INTO posted;
    END IF;
    RETURN posted;
END $$;


-- What a key that is known means for a draft: the same content again, or other content.
-- p_lines: 'account side amount currency' of each line, in order.
CREATE FUNCTION ledger_replay(p_journal uuid, p_kind text, p_reverses uuid, p_lines text[])
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN j.kind = p_kind
            AND j.reversal_of IS NOT DISTINCT FROM p_reverses
            AND p_lines = (
                SELECT array_agg(
                    concat_ws(' ', e.account_id, e.side, e.amount_minor, e.currency)
                    ORDER BY e.line_no)
                FROM ledger_entry e WHERE e.journal_id = j.id)
        THEN 'REPLAYED' ELSE 'KEY_CONFLICT' END
    FROM ledger_journal j WHERE j.id = p_journal
$$;


CREATE FUNCTION ledger_post_pair(
    p_key text, p_kind text, p_debit uuid, p_credit uuid, p_amount bigint, p_currency text,
    p_posted_at timestamptz, p_business_date date, p_reference text, p_narrative text,
    p_value_at timestamptz DEFAULT NULL,
    OUT outcome text, OUT journal_id uuid, OUT account_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
    r record;
    snapshot record;
    turn uuid;
    d_change bigint;
    c_change bigint;
    d_locked boolean;
    c_locked boolean;
    d_posted bigint;
    c_posted bigint;
    d_headroom bigint;
    c_headroom bigint;
    d_at timestamptz;
    c_at timestamptz;
    gate text;
    value_at timestamptz := coalesce(p_value_at, p_posted_at);
BEGIN
    IF p_amount <= 0 OR p_debit = p_credit THEN
        RAISE EXCEPTION 'a journal moves money between accounts' USING ERRCODE = '23514';
    END IF;
    SELECT d.currency AS d_currency, d.normal_side AS d_side, d.state AS d_state,
           d.hot AS d_hot, d.floor_minor AS d_floor, d.last_posted_at AS d_at, d.unit AS d_unit,
           d.posted_minor AS d_posted,
           d.posted_minor - d.held_minor - d.floor_minor AS d_headroom,
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
        d_headroom := r.d_headroom;
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
                       a.posted_minor - a.held_minor - a.floor_minor AS headroom
                    INTO snapshot
                    FROM ledger_account a WHERE a.id = turn FOR NO KEY UPDATE;
                IF snapshot.hot THEN
                    snapshot.headroom := snapshot.headroom - snapshot.posted_minor
                        + ledger_roll_up(turn);
                END IF;
                IF turn = p_debit THEN
                    d_posted := snapshot.posted_minor;
                    d_headroom := snapshot.headroom;
                    r.d_state := snapshot.state;
                    d_at := greatest(p_posted_at, snapshot.last_posted_at);
                ELSE
                    c_posted := snapshot.posted_minor;
                    c_headroom := snapshot.headroom;
                    r.c_state := snapshot.state;
                    c_at := greatest(p_posted_at, snapshot.last_posted_at);
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
        WHEN d_change < 0 AND d_headroom < p_amount OR c_change < 0 AND c_headroom < p_amount
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
            INSERT INTO ledger_entry (posted_at, value_at, journal_id, account_id, amount_minor,
                    balance_after_minor, business_date, line_no, unit, side, currency)
                VALUES (d_at, nullif(value_at, d_at), journal_id, p_debit, p_amount,
                        CASE WHEN NOT r.d_hot THEN d_posted + d_change END,
                        p_business_date, 1, r.d_unit, 'DEBIT', p_currency),
                       (c_at, nullif(value_at, c_at), journal_id, p_credit, p_amount,
                        CASE WHEN NOT r.c_hot THEN c_posted + c_change END,
                        p_business_date, 2, r.c_unit, 'CREDIT', p_currency);
            gate := set_config('saoma.posting', 'off', true);
            IF d_locked THEN
                UPDATE ledger_account SET posted_minor = posted_minor + d_change,
                        last_posted_at = CASE WHEN hot THEN last_posted_at ELSE d_at END
                    WHERE id = p_debit;
            ELSE
                INSERT INTO ledger_pending_delta (account_id, change_minor, posted_at)
                    VALUES (p_debit, d_change, d_at);
            END IF;
            IF c_locked THEN
                UPDATE ledger_account SET posted_minor = posted_minor + c_change,
                        last_posted_at = CASE WHEN hot THEN last_posted_at ELSE c_at END
                    WHERE id = p_credit;
            ELSE
                INSERT INTO ledger_pending_delta (account_id, change_minor, posted_at)
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
          OR outcome = 'INSUFFICIENT'
             AND NOT coalesce(d_change < 0 AND d_headroom < p_amount, false)
        THEN p_credit ELSE p_debit END;
END $$;


-- Decide the drafts of a batch one after another, each seeing what those before it did.
-- Only for a batch in which something stands in the way; the accounts are locked.
CREATE FUNCTION ledger_decide_in_order(
    p_key text[], p_kind text[], p_reverses uuid[],
    p_draft int[], p_account uuid[], p_side text[], p_amount bigint[], p_currency text[],
    OUT outcomes text[], OUT journals uuid[], OUT accounts uuid[])
LANGUAGE plpgsql AS $$
DECLARE
    drafts int := cardinality(p_key);
    place int[];      -- of each line: where its account is in the arrays below
    snapshot_id uuid[];
    snapshot_currency text[];
    snapshot_side text[];
    snapshot_state text[];
    headroom bigint[];  -- posted - held - floor; NULL without a floor
    net bigint[];
    first_line int := 1;
    last_line int;
    duplicate int;
    found_id uuid;
    verdict text;
    culprit uuid;
BEGIN
    SELECT array_agg(b.id), array_agg(b.currency), array_agg(b.normal_side),
           array_agg(b.state), array_agg(b.posted_minor - b.held_minor - b.floor_minor)
        INTO snapshot_id, snapshot_currency, snapshot_side, snapshot_state, headroom
        FROM ledger_account b WHERE b.id = ANY (p_account);
    SELECT array_agg(array_position(snapshot_id, l.account_id) ORDER BY l.n) INTO place
        FROM unnest(p_account) WITH ORDINALITY AS l(account_id, n);
    outcomes := array_fill(NULL::text, ARRAY[drafts]);
    journals := array_fill(NULL::uuid, ARRAY[drafts]);
    accounts := array_fill(NULL::uuid, ARRAY[drafts]);

    FOR draft IN 1..drafts LOOP
        last_line := first_line;
        WHILE p_draft[last_line + 1] = draft LOOP
            last_line := last_line + 1;
        END LOOP;
        verdict := NULL;
        culprit := NULL;

        SELECT j.id INTO found_id FROM ledger_journal j WHERE j.key = p_key[draft];
        IF found_id IS NOT NULL THEN
            SELECT ledger_replay(found_id, p_kind[draft], p_reverses[draft],
                array_agg(concat_ws(' ', p_account[i], p_side[i], p_amount[i], p_currency[i])
                          ORDER BY i)) INTO verdict
                FROM generate_series(first_line, last_line) i;
            journals[draft] := CASE WHEN verdict = 'REPLAYED' THEN found_id END;
        END IF;
        IF verdict IS NULL THEN
            -- The same key earlier in this batch, posted there.
            SELECT max(i) INTO duplicate FROM generate_series(1, draft - 1) i
                WHERE p_key[i] = p_key[draft] AND outcomes[i] = 'POSTED';
            IF duplicate IS NOT NULL THEN
                verdict := CASE WHEN p_kind[duplicate] = p_kind[draft]
                    AND p_reverses[duplicate] IS NOT DISTINCT FROM p_reverses[draft]
                    AND (SELECT array_agg((p_account[i], p_side[i], p_amount[i], p_currency[i])
                                          ORDER BY i)
                         FROM generate_subscripts(p_draft, 1) i WHERE p_draft[i] = duplicate)
                      = (SELECT array_agg((p_account[i], p_side[i], p_amount[i], p_currency[i])
                                          ORDER BY i)
                         FROM generate_series(first_line, last_line) i)
                    THEN 'REPLAYED' ELSE 'KEY_CONFLICT' END;
                IF verdict = 'REPLAYED' THEN
                    -- Its journal has no id yet: point at the duplicate, filled in afterwards.
                    verdict := 'DUPLICATE_IN_BATCH ' || duplicate;
                END IF;
            END IF;
        END IF;
        IF verdict IS NULL AND p_reverses[draft] IS NOT NULL AND (
            EXISTS (SELECT FROM ledger_journal j WHERE j.reversal_of = p_reverses[draft])
            OR EXISTS (SELECT FROM generate_series(1, draft - 1) i
                WHERE p_reverses[i] = p_reverses[draft] AND outcomes[i] = 'POSTED'))
        THEN
            verdict := 'ALREADY_REVERSED';
        END IF;

        IF verdict IS NULL THEN
            FOR i IN first_line..last_line LOOP
                IF place[i] IS NULL THEN
                    verdict := 'UNKNOWN_ACCOUNT'; culprit := p_account[i]; EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict IS NULL THEN
            FOR i IN first_line..last_line LOOP
                IF snapshot_currency[place[i]] <> p_currency[i] THEN
                    verdict := 'CURRENCY_MISMATCH'; culprit := p_account[i]; EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict IS NULL THEN
            FOR i IN first_line..last_line LOOP
                IF snapshot_state[place[i]] = 'CLOSED' THEN
                    verdict := 'CLOSED'; culprit := p_account[i]; EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict IS NULL THEN
            net := array_fill(0::bigint, ARRAY[cardinality(snapshot_id)]);
            FOR i IN first_line..last_line LOOP
                net[place[i]] := net[place[i]]
                    + CASE WHEN p_side[i] = snapshot_side[place[i]] THEN p_amount[i]
                           ELSE -p_amount[i] END;
            END LOOP;
            FOR i IN first_line..last_line LOOP
                IF net[place[i]] < 0 AND snapshot_state[place[i]] = 'FROZEN' THEN
                    verdict := 'FROZEN'; culprit := p_account[i]; EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict IS NULL THEN
            FOR i IN first_line..last_line LOOP
                IF net[place[i]] < 0 AND headroom[place[i]] + net[place[i]] < 0 THEN
                    verdict := 'INSUFFICIENT'; culprit := p_account[i]; EXIT;
                END IF;
            END LOOP;
        END IF;
        IF verdict IS NULL THEN
            verdict := 'POSTED';
            FOR i IN first_line..last_line LOOP
                headroom[place[i]] := headroom[place[i]]
                    + CASE WHEN p_side[i] = snapshot_side[place[i]] THEN p_amount[i]
                           ELSE -p_amount[i] END;
            END LOOP;
        END IF;
        outcomes[draft] := verdict;
        accounts[draft] := culprit;
        first_line := last_line + 1;
    END LOOP;
END $$;


-- Post a batch. The arrays of drafts are as long as each other, and so are those of
-- lines; the lines lie in order of their draft (1, 2, ..).
CREATE FUNCTION ledger_post_lines(
    p_key text[], p_kind text[], p_posted_at timestamptz[], p_business_date date[],
    p_reference text[], p_narrative text[], p_reverses uuid[],
    p_draft int[], p_line_no smallint[], p_account uuid[], p_side text[], p_amount bigint[],
    p_currency text[], p_value_at timestamptz[] DEFAULT NULL)
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
    hot_id uuid;
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
    FOR hot_id IN
        SELECT a.id FROM ledger_account a WHERE a.id = ANY (locked) AND a.hot
    LOOP
        PERFORM ledger_roll_up(hot_id);
    END LOOP;

    -- The common case in one look: nothing stands in the way of any draft.
    SELECT coalesce(bool_and(
            l.normal_side IS NOT NULL
            AND l.currency = l.snapshot_currency
            AND (l.state = 'OPEN' OR l.state = 'FROZEN' AND l.side = l.normal_side)
            AND (l.side = l.normal_side OR l.floor_minor IS NULL OR l.level >= l.floor_minor)),
            true)
        INTO clean
        FROM (
            SELECT l.side, l.currency, a.normal_side, a.currency AS snapshot_currency, a.state,
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
                   WHEN o.outcome LIKE 'DUPLICATE_IN_BATCH %'
                       THEN journals[split_part(o.outcome, ' ', 2)::int]
                   ELSE replayed[o.n] END),
               array_agg(CASE WHEN o.outcome LIKE 'DUPLICATE_IN_BATCH %' THEN 'REPLAYED'
                              ELSE o.outcome END)
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
               greatest(a.last_posted_at, max(p_posted_at[l.draft]) OVER run) AS at,
               coalesce(p_value_at[l.draft], p_posted_at[l.draft]) AS value_at
        FROM unnest(p_draft, p_line_no, p_account, p_side, p_amount, p_currency)
            WITH ORDINALITY AS l(draft, line_no, account_id, side, amount, currency, n)
        JOIN ledger_account a ON a.id = l.account_id
        WHERE accepted[l.draft]
        WINDOW run AS (PARTITION BY l.account_id ORDER BY l.n ROWS UNBOUNDED PRECEDING)
    ), entry AS (
        INSERT INTO ledger_entry (posted_at, value_at, journal_id, account_id, amount_minor,
                balance_after_minor, business_date, line_no, unit, side, currency)
            SELECT at, nullif(value_at, at), journals[draft], account_id, amount,
                   CASE WHEN NOT hot THEN after_minor END, p_business_date[draft], line_no,
                   unit, side, currency
            FROM line ORDER BY n
    ), pending_delta AS (
        INSERT INTO ledger_pending_delta (account_id, change_minor, posted_at)
            SELECT account_id, sum(change), max(at) FROM line WHERE appended GROUP BY account_id
    ), balance AS (
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
