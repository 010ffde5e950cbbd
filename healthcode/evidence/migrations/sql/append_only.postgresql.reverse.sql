DROP TRIGGER health_evidence_append_only ON health_evidence;
DROP FUNCTION health_evidence_refuse_change();
