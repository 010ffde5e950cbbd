-- Payments by code, many in one round trip each (PostgreSQL): looked up, then paid.

-- Everything that payments by code are decided on: a row for each of `p`, in its order.
-- Each has n (1, 2, ...), payee_id, token ("" for a malformed code), reference, and since, from
-- where recent payments are counted.
CREATE FUNCTION payments_look_up(p jsonb)
RETURNS TABLE (
    known_payment_id uuid, bad_since timestamptz, bad_count int, code_id uuid, code_state text,
    strikes smallint, code_expires_at timestamptz, claim_payee_id uuid, claim_reference text,
    refusal text, device_id uuid, key_version int, device_revoked_at timestamptz,
    device_seen_at timestamptz, device_made_at timestamptz, user_id uuid, person_id uuid,
    user_number text, user_phone text, user_state text, user_tier smallint, user_account_id uuid,
    lifetime_minor bigint, year smallint, year_minor bigint, reserved_minor bigint, day date,
    day_no_pin_minor bigint, day_offline_minor bigint, payments int, total_minor bigint,
    largest_minor bigint, device_to_payee bigint, device_payments bigint)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.id, b.since, b.count,
           c.id, c.state::text, c.strikes, c.expires_at, c.claim_payee_id,
           c.claim_reference::text, c.refusal::text,
           c.device_id, d.key_version, d.revoked_at, d.last_seen_at, d.created_at,
           u.id, u.person_id, u.user_number::text, u.phone::text, u.state::text, u.kyc_tier,
           u.available_account_id,
           o.lifetime_minor, o.year, o.year_minor, o.reserved_minor,
           o.day, o.day_no_pin_minor, o.day_offline_minor, a.payments, a.total_minor,
           a.largest_minor, r.to_payee, r.everywhere
      FROM jsonb_to_recordset(p) AS q(
           n int, payee_id uuid, token text, reference text, since timestamptz)
      LEFT JOIN payments_payment p ON p.payee_id = q.payee_id AND p.reference = q.reference
      LEFT JOIN payments_badcodecount b ON b.payee_id = q.payee_id
      LEFT JOIN payments_paymentcode c ON c.token = q.token
      LEFT JOIN accounts_device d ON d.id = c.device_id
      LEFT JOIN accounts_walletuser u ON u.id = c.user_id
      LEFT JOIN accounts_limitusage o ON o.person_id = u.person_id
      LEFT JOIN payments_payeractivity a ON a.payer_id = c.user_id
      LEFT JOIN LATERAL (
           SELECT count(*) FILTER (WHERE s.payee_id = q.payee_id) AS to_payee,
                  count(*) AS everywhere
             FROM (SELECT t.payee_id FROM payments_payment t
                    WHERE c.device_id IS NOT NULL AND t.payer_id = c.user_id
                      AND t.created_at > q.since AND t.device_id = c.device_id
                    LIMIT 30) s) r ON true
     ORDER BY q.n;
END $$;


-- The payments themselves. The portable twin is wallet/payments/usecases/pay_in_steps.py; one
-- test suite holds the two together.
--
-- The callers have looked everything up and checked it; here each payment is claimed, judged,
-- posted, counted and written, or nothing of it is, whatever becomes of the others. Outcomes:
-- PAID; CODE_TAKEN, ORDER_TAKEN, LIMIT_PASSED (somebody was faster, here or elsewhere: look
-- again; nothing is written); INSUFFICIENT, FROZEN, CLOSED and the ledger's other refusals, in
-- which case only the claim stays, marked with the refusal. An order number that another
-- connection takes in this very moment (23505) undoes the whole group: its callers go one by one.
--
-- Within a group the earlier payment has the code, the order number and the room of a limit. A
-- limit counts all those before it, also one that the ledger refuses then: who looks again is
-- judged anew, and nobody passes it.
--
-- Locks, each kind in the order of ids: codes, ledger accounts, limit usages, activities. One
-- payment waits for its locks as long as it takes; a group does not let one wait for another's.

CREATE TYPE payments_pay_item AS (
    id uuid, number text, code_id uuid, payer_id uuid, person_id uuid, device_id uuid,
    payer_account_id uuid,
    payee_id uuid, payee_kind text, payee_account_id uuid, payee_owner_id uuid,
    payee_name text, payee_zone text, payee_cutoff_hour smallint, reference text,
    description text, amount_minor bigint, currency text, created_at timestamptz,
    expires_at timestamptz, finish_at timestamptz, business_date date, details jsonb,
    unit smallint, day date, lifetime_limit bigint, year_limit bigint, no_pin_limit bigint,
    offline_limit bigint, offline_minor bigint, event_id uuid, payload jsonb, n int);

CREATE FUNCTION payments_pay_group(p jsonb)
RETURNS TABLE (outcome text, journal_id uuid)
LANGUAGE plpgsql
-- A connection keeps its plans: one for groups of any size, made while the tables may have been
-- empty, that reads no table from end to end.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    items payments_pay_item[];
    free uuid[];
    verdicts text[];
    go int[];
    journals uuid[];
    posted text[];
    entered uuid[];
    -- The journals to be posted, and their lines: what ledger_post_lines takes.
    keys text[];
    kinds text[];
    times timestamptz[];
    dates date[];
    refs text[];
    narratives text[];
    reverses uuid[];
    draft int[];
    line_no smallint[];
    account uuid[];
    side text[];
    amount bigint[];
    currency text[];
BEGIN
    -- Items lie in order of their number, and so does what is made of them: no aggregate sorts
    -- for itself.
    SELECT array_agg(i) INTO items FROM jsonb_populate_recordset(NULL::payments_pay_item, p) i;
    IF cardinality(items) > 1 THEN
        PERFORM set_config('lock_timeout', '250ms', true);
    END IF;

    -- Each by itself: a condition around it would be pushed inside and lock fewer rows.
    SELECT array_agg(c.id) INTO free FROM (
        SELECT c.id FROM payments_paymentcode c
        WHERE c.id = ANY (ARRAY(SELECT i.code_id FROM unnest(items) i)) AND c.state = 'ISSUED'
        ORDER BY c.id FOR NO KEY UPDATE) c;
    PERFORM FROM ledger_account a
        WHERE NOT a.hot AND a.id = ANY (ARRAY(
            SELECT unnest(ARRAY[i.payer_account_id, i.payee_account_id]) FROM unnest(items) i))
        ORDER BY a.id FOR NO KEY UPDATE;
    PERFORM FROM accounts_limitusage u
        WHERE u.person_id = ANY (ARRAY(SELECT i.person_id FROM unnest(items) i))
        ORDER BY u.person_id FOR NO KEY UPDATE;

    SELECT array_agg(v.verdict), array_agg(v.n) FILTER (WHERE v.verdict IS NULL)
        INTO verdicts, go
        FROM (
            SELECT i.n, CASE
                WHEN (i.code_id = ANY (free)) IS NOT TRUE
                    OR row_number() OVER (PARTITION BY i.code_id ORDER BY i.n) > 1
                    THEN 'CODE_TAKEN'
                WHEN row_number() OVER (PARTITION BY i.payee_id, i.reference ORDER BY i.n) > 1
                    THEN 'ORDER_TAKEN'
                WHEN w.person_id = i.person_id
                    AND (u.lifetime_minor + u.reserved_minor + sum(i.amount_minor) OVER run
                          <= i.lifetime_limit OR i.lifetime_limit IS NULL)
                    AND (CASE WHEN u.year >= extract(year FROM i.day) THEN u.year_minor ELSE 0 END
                             + u.reserved_minor + sum(i.amount_minor) OVER run
                         <= i.year_limit OR i.year_limit IS NULL)
                    AND (CASE WHEN u.day >= i.day THEN u.day_no_pin_minor ELSE 0 END
                             + sum(i.amount_minor) OVER run
                         <= i.no_pin_limit OR i.no_pin_limit IS NULL)
                    AND (CASE WHEN u.day >= i.day THEN u.day_offline_minor ELSE 0 END
                             + sum(i.offline_minor) OVER run
                         <= i.offline_limit OR i.offline_limit IS NULL OR i.offline_minor = 0)
                    THEN NULL
                ELSE 'LIMIT_PASSED' END AS verdict
            FROM unnest(items) i
            LEFT JOIN accounts_walletuser w ON w.id = i.payer_id
            LEFT JOIN accounts_limitusage u ON u.person_id = i.person_id
            WINDOW run AS (PARTITION BY i.person_id ORDER BY i.n) ORDER BY i.n) v;
    IF go IS NULL THEN
        RETURN QUERY SELECT v, NULL::uuid FROM unnest(verdicts) v;
        RETURN;
    END IF;

    IF cardinality(go) = 1 THEN
        SELECT ARRAY[r.outcome], ARRAY[r.journal_id] INTO posted, entered
            FROM unnest(items) i, LATERAL ledger_post_pair(
                'payment:' || i.id, 'payment', i.payer_account_id, i.payee_account_id,
                i.amount_minor, i.currency, i.created_at, i.business_date, i.number,
                left(i.description, 200)) r
            WHERE i.n = go[1];
    ELSE
        SELECT array_agg('payment:' || i.id), array_agg('payment'::text),
               array_agg(i.created_at), array_agg(i.business_date), array_agg(i.number),
               array_agg(left(i.description, 200)), array_agg(NULL::uuid)
            INTO keys, kinds, times, dates, refs, narratives, reverses
            FROM unnest(items) i WHERE verdicts[i.n] IS NULL;
        SELECT array_agg(l.draft), array_agg(l.no), array_agg(l.account), array_agg(l.side),
               array_agg(l.amount), array_agg(l.currency)
            INTO draft, line_no, account, side, amount, currency
            FROM (SELECT array_position(go, i.n) AS draft, l.no, l.account, l.side,
                         i.amount_minor AS amount, i.currency
                    FROM unnest(items) i, LATERAL (VALUES
                        (1::smallint, i.payer_account_id, 'DEBIT'),
                        (2::smallint, i.payee_account_id, 'CREDIT')) AS l(no, account, side)
                    WHERE verdicts[i.n] IS NULL ORDER BY i.n, l.no) l;
        SELECT array_agg(r.outcome), array_agg(r.journal_id) INTO posted, entered
            FROM ledger_post_lines(keys, kinds, times, dates, refs, narratives, reverses,
                draft, line_no, account, side, amount, currency) r;
    END IF;
    FOR k IN 1 .. cardinality(go) LOOP
        verdicts[go[k]] := posted[k];
        journals[go[k]] := entered[k];
    END LOOP;

    -- A day or year that lies ahead goes on counting: no sum is reopened by another clock.
    WITH claimed AS MATERIALIZED (
        SELECT i.*, verdicts[i.n] AS verdict FROM unnest(items) i WHERE i.n = ANY (go)
    ), paid AS MATERIALIZED (
        SELECT i.*, journals[i.n] AS journal_id FROM claimed i WHERE i.verdict = 'POSTED'
    ), code AS (
        UPDATE payments_paymentcode c
           SET state = 'CLAIMED', claimed_at = i.created_at, claim_payee_id = i.payee_id,
               claim_reference = i.reference,
               refusal = CASE i.verdict WHEN 'INSUFFICIENT' THEN 'insufficient_funds'
                                        WHEN 'FROZEN' THEN 'account_frozen'
                                        WHEN 'CLOSED' THEN 'account_closed' ELSE '' END
          FROM claimed i WHERE c.id = i.code_id
    ), usage AS (
        UPDATE accounts_limitusage u
           SET lifetime_minor = u.lifetime_minor + s.amount,
               year_minor = CASE WHEN u.year >= s.year THEN u.year_minor ELSE 0 END + s.amount,
               year = greatest(u.year, s.year),
               day_no_pin_minor =
                   CASE WHEN u.day >= s.day THEN u.day_no_pin_minor ELSE 0 END + s.amount,
               day_offline_minor =
                   CASE WHEN u.day >= s.day THEN u.day_offline_minor ELSE 0 END + s.offline,
               day_pin_minor = CASE WHEN u.day >= s.day THEN u.day_pin_minor ELSE 0 END,
               day_static_minor = CASE WHEN u.day >= s.day THEN u.day_static_minor ELSE 0 END,
               day = greatest(u.day, s.day)
          FROM (SELECT i.person_id, sum(i.amount_minor) AS amount,
                       sum(i.offline_minor) AS offline, max(i.day) AS day,
                       extract(year FROM max(i.day))::smallint AS year
                FROM paid i GROUP BY 1) s
         WHERE u.person_id = s.person_id
    ), activity AS (
        INSERT INTO payments_payeractivity AS a (payer_id, payments, total_minor, largest_minor)
            SELECT i.payer_id, count(*), sum(i.amount_minor), max(i.amount_minor)
            FROM paid i GROUP BY 1 ORDER BY 1
            ON CONFLICT (payer_id) DO UPDATE
               SET payments = a.payments + excluded.payments,
                   total_minor = a.total_minor + excluded.total_minor,
                   largest_minor = greatest(a.largest_minor, excluded.largest_minor)
    ), payment AS (
        INSERT INTO payments_payment
            (id, number, status, method, presented, payer_id, device_id, code_id, payee_id,
             payee_kind, payee_account_id, payee_owner_id, payee_name, payee_zone,
             payee_cutoff_hour, reference, description, amount_minor, currency, refunded_minor,
             needs_pin, created_at, expires_at, paid_at, finish_at, close_reason, business_date,
             journal_id, details, unit)
            SELECT i.id, i.number, 'PAID', 'CODE', 'DYNAMIC', i.payer_id, i.device_id, i.code_id,
                   i.payee_id, i.payee_kind, i.payee_account_id, i.payee_owner_id, i.payee_name,
                   i.payee_zone, i.payee_cutoff_hour, i.reference, i.description, i.amount_minor,
                   i.currency, 0, false, i.created_at, i.expires_at, i.created_at, i.finish_at,
                   '', i.business_date, i.journal_id, i.details, i.unit
            FROM paid i
    )
    INSERT INTO outbox_outboxevent (id, topic, aggregate_id, payload, created_at)
        SELECT i.event_id, 'payment.paid', i.id::text, i.payload, i.created_at
        FROM paid i;

    RETURN QUERY SELECT CASE WHEN r.v = 'POSTED' THEN 'PAID' ELSE r.v END, r.j
        FROM unnest(verdicts, journals) WITH ORDINALITY AS r(v, j, n) ORDER BY r.n;
END $$;
