CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_auditevent
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
;;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_auditevent
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
;;
CREATE TRIGGER audit_root_no_update BEFORE UPDATE ON audit_auditroot
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
;;
CREATE TRIGGER audit_root_no_delete BEFORE DELETE ON audit_auditroot
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
;;
