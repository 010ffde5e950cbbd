-- What a gate must know of a pass. A function, so that its plan is made once a session.
CREATE OR REPLACE FUNCTION health_pass_state(wanted text, moment timestamptz)
RETURNS TABLE (subject_id uuid, revoked boolean, colour text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT p.subject_id,
           p.revoked_at IS NOT NULL OR v.revoked_at IS NOT NULL,
           CASE WHEN d.valid_until IS NULL OR d.valid_until > moment THEN d.colour::text END
    FROM health_pass p
    LEFT JOIN health_device v ON v.id = p.device_id
    LEFT JOIN health_decision_head h ON h.subject_id = p.subject_id
    LEFT JOIN health_decision d ON d.id = h.decision_id
    WHERE p.cti_hash = wanted;
END;
$$;
