DROP TRIGGER health_decision_append_only
;;
