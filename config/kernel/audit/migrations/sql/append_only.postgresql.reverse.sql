DROP TRIGGER audit_event_append_only ON audit_auditevent;
DROP TRIGGER audit_root_append_only ON audit_auditroot;
DROP FUNCTION audit_refuse_change();
