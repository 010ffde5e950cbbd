DROP FUNCTION IF EXISTS ledger_post_lines;
DROP FUNCTION IF EXISTS ledger_decide_in_order;
DROP FUNCTION IF EXISTS ledger_post_pair;
DROP FUNCTION IF EXISTS ledger_replay;
DROP FUNCTION IF EXISTS ledger_roll_up;
DROP FUNCTION IF EXISTS ledger_uuid7;
DROP FUNCTION IF EXISTS ledger_refuse_insert CASCADE;
DROP FUNCTION IF EXISTS ledger_refuse_change CASCADE;
