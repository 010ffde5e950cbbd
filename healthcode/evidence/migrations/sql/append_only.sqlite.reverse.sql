DROP TRIGGER health_evidence_append_only
;;
