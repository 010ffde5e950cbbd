-- Evidence is written once. It may be deleted when its retention ends, never changed.
CREATE OR REPLACE FUNCTION health_evidence_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'health_evidence is append-only' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER health_evidence_append_only BEFORE UPDATE ON health_evidence
    FOR EACH ROW EXECUTE FUNCTION health_evidence_refuse_change();
