DROP FUNCTION IF EXISTS ledger_post_lines;
DROP FUNCTION IF EXISTS ledger_decide_in_order;
DROP FUNCTION IF EXISTS ledger_post_pair;
DROP FUNCTION IF EXISTS ledger_replay;
DROP FUNCTION IF EXISTS ledger_roll_up;
DROP FUNCTION IF EXISTS ledger_fold;
DROP FUNCTION IF EXISTS ledger_uuid7;
