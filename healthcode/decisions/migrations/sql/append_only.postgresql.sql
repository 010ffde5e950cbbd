-- A decision is written once. It may be deleted when its retention ends, never changed.
CREATE OR REPLACE FUNCTION health_decision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'health_decision is append-only' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER health_decision_append_only BEFORE UPDATE ON health_decision
    FOR EACH ROW EXECUTE FUNCTION health_decision_refuse_change();
