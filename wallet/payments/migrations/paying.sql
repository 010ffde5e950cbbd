-- A payment by code in one round trip (PostgreSQL), judged by the limits of the payer's
-- person. The portable twin is wallet/payments/usecases/pay_in_steps.py; one test suite
-- holds the two together.
--
-- The caller has looked everything up and checked it; here it is claimed, posted, judged,
-- counted and written, or nothing is. Outcomes: PAID; CODE_TAKEN (somebody was faster:
-- look again); INSUFFICIENT, FROZEN, CLOSED and the ledger's other refusals, in which
-- case only the claim stays, marked with the refusal. A limit passed by a payment made
-- in the same moment, and a person joined to another one, raise SA001 and undo all: look
-- again. So does an order number taken in the same moment (23505).
--
-- Locks: the code, the payer's ledger account, the person's limit usage, activity.
-- The cut-off hour comes last and may be left out: a process of the version before goes on.
-- Each of these rows is changed soon after it is written, or again and again: room on the
-- page keeps the new version beside the old one and the indexes out of it.
ALTER TABLE payments_paymentcode SET (fillfactor = 50);
ALTER TABLE payments_payeractivity SET (fillfactor = 50);

CREATE FUNCTION payments_pay(
    p_id uuid, p_number text, p_code uuid, p_payer uuid, p_device uuid,
    p_payer_account uuid, p_payee uuid, p_payee_kind text, p_payee_account uuid,
    p_payee_owner uuid, p_payee_name text, p_payee_zone text, p_reference text,
    p_description text, p_amount bigint, p_currency text, p_now timestamptz,
    p_expires_at timestamptz, p_finish_at timestamptz, p_business_date date,
    p_details jsonb, p_unit smallint, p_day date, p_lifetime_limit bigint,
    p_year_limit bigint, p_no_pin_limit bigint, p_offline_limit bigint,
    p_offline_minor bigint, p_event uuid, p_payload jsonb,
    p_payee_cutoff smallint DEFAULT 0,
    OUT outcome text, OUT journal_id uuid)
LANGUAGE plpgsql AS $$
DECLARE
    posted record;
    v_year smallint := extract(year FROM p_day);
BEGIN
    UPDATE payments_paymentcode
       SET state = 'CLAIMED', claimed_at = p_now, claim_payee_id = p_payee,
           claim_reference = p_reference
     WHERE id = p_code AND state = 'ISSUED';
    IF NOT FOUND THEN
        outcome := 'CODE_TAKEN';
        RETURN;
    END IF;

    posted := ledger_post_pair('payment:' || p_id, 'payment', p_payer_account, p_payee_account,
                               p_amount, p_currency, p_now, p_business_date, p_number,
                               left(p_description, 200));
    outcome := posted.outcome;
    journal_id := posted.journal_id;
    IF outcome <> 'POSTED' THEN
        UPDATE payments_paymentcode
           SET refusal = CASE outcome WHEN 'INSUFFICIENT' THEN 'insufficient_funds'
                                      WHEN 'FROZEN' THEN 'account_frozen'
                                      WHEN 'CLOSED' THEN 'account_closed' ELSE '' END
         WHERE id = p_code;
        RETURN;
    END IF;

    -- A day or year that lies ahead goes on counting: no sum is reopened by another clock.
    UPDATE accounts_limitusage u
       SET lifetime_minor = u.lifetime_minor + p_amount,
           year_minor = CASE WHEN u.year >= v_year THEN u.year_minor ELSE 0 END + p_amount,
           year = greatest(u.year, v_year),
           day_no_pin_minor = CASE WHEN u.day >= p_day THEN u.day_no_pin_minor ELSE 0 END + p_amount,
           day_offline_minor =
               CASE WHEN u.day >= p_day THEN u.day_offline_minor ELSE 0 END + p_offline_minor,
           day_pin_minor = CASE WHEN u.day >= p_day THEN u.day_pin_minor ELSE 0 END,
           day_static_minor = CASE WHEN u.day >= p_day THEN u.day_static_minor ELSE 0 END,
           day = greatest(u.day, p_day)
      FROM accounts_walletuser w
     WHERE w.id = p_payer AND u.person_id = w.person_id
       AND (p_lifetime_limit IS NULL OR
            u.lifetime_minor + u.reserved_minor + p_amount <= p_lifetime_limit)
       AND (p_year_limit IS NULL OR
            CASE WHEN u.year >= v_year THEN u.year_minor ELSE 0 END
            + u.reserved_minor + p_amount <= p_year_limit)
       AND (p_no_pin_limit IS NULL OR
            CASE WHEN u.day >= p_day THEN u.day_no_pin_minor ELSE 0 END + p_amount
            <= p_no_pin_limit)
       AND (p_offline_limit IS NULL OR p_offline_minor = 0 OR
            CASE WHEN u.day >= p_day THEN u.day_offline_minor ELSE 0 END + p_offline_minor
            <= p_offline_limit);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a limit of the payer is passed' USING ERRCODE = 'SA001';
    END IF;

    UPDATE payments_payeractivity
       SET payments = payments + 1,
           total_minor = total_minor + p_amount,
           largest_minor = greatest(largest_minor, p_amount)
     WHERE payer_id = p_payer;
    IF NOT FOUND THEN
        INSERT INTO payments_payeractivity (payer_id, payments, total_minor, largest_minor)
        VALUES (p_payer, 1, p_amount, p_amount);
    END IF;

    INSERT INTO payments_payment
        (id, number, status, method, presented, payer_id, device_id, code_id, payee_id,
         payee_kind, payee_account_id, payee_owner_id, payee_name, payee_zone, reference,
         description, amount_minor, currency, refunded_minor, needs_pin, created_at,
         expires_at, paid_at, finish_at, close_reason, business_date, journal_id, details, unit,
         payee_cutoff_hour)
    VALUES
        (p_id, p_number, 'PAID', 'CODE', 'DYNAMIC', p_payer, p_device, p_code, p_payee,
         p_payee_kind, p_payee_account, p_payee_owner, p_payee_name, p_payee_zone, p_reference,
         p_description, p_amount, p_currency, 0, false, p_now,
         p_expires_at, p_now, p_finish_at, '', p_business_date, journal_id, p_details, p_unit,
         p_payee_cutoff);

    INSERT INTO outbox_outboxevent (id, topic, aggregate_id, payload, created_at)
    VALUES (p_event, 'payment.paid', p_id::text, p_payload, p_now);

    outcome := 'PAID';
END $$;
