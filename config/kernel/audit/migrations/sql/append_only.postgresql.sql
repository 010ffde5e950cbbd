-- Audit rows and signed roots are written once: neither the application nor an operator
-- with a shell on its account can change or remove them.
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_root_append_only BEFORE UPDATE OR DELETE ON audit_auditroot
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
