CREATE TRIGGER health_decision_append_only BEFORE UPDATE ON health_decision
BEGIN SELECT RAISE(ABORT, 'health_decision is append-only'); END
;;
