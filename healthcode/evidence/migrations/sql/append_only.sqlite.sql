CREATE TRIGGER health_evidence_append_only BEFORE UPDATE ON health_evidence
BEGIN SELECT RAISE(ABORT, 'health_evidence is append-only'); END
;;
