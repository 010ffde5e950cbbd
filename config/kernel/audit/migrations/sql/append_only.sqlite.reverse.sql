DROP TRIGGER audit_event_no_update
;;
DROP TRIGGER audit_event_no_delete
;;
DROP TRIGGER audit_root_no_update
;;
DROP TRIGGER audit_root_no_delete
;;
