DROP TRIGGER health_decision_append_only ON health_decision;
DROP FUNCTION health_decision_refuse_change();
