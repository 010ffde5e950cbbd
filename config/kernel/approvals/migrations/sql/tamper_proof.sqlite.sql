-- A request begins as PENDING, is never edited, and moves on only as its votes allow; a vote
-- is another operator's, is given once while the request waits, and stands. Nothing of it is
-- ever removed: INSERT OR REPLACE would do it without a DELETE, so an INSERT looks first.
CREATE TRIGGER approvals_request_begins BEFORE INSERT ON approvals_approvalrequest
BEGIN
    SELECT RAISE(ABORT, 'a request begins as PENDING')
        WHERE NEW.status <> 'PENDING' OR NEW.decided_at IS NOT NULL
            OR NEW.executed_at IS NOT NULL OR NEW.failure_code <> '' OR NEW.result <> '{}';
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept')
        WHERE EXISTS (SELECT 1 FROM approvals_approvalrequest
            WHERE id = NEW.id OR rowid = NEW.rowid);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals_one_pending')
        WHERE NEW.target <> '' AND EXISTS (
            SELECT 1 FROM approvals_approvalrequest
            WHERE action = NEW.action AND target = NEW.target AND status = 'PENDING');
END
;;
CREATE TRIGGER approvals_request_moves BEFORE UPDATE ON approvals_approvalrequest
BEGIN
    SELECT RAISE(ABORT, 'a request is never edited')
        WHERE NEW.rowid IS NOT OLD.rowid
            OR NEW.id IS NOT OLD.id
            OR NEW.action IS NOT OLD.action
            OR NEW.parameters IS NOT OLD.parameters
            OR NEW.target IS NOT OLD.target
            OR NEW.target_version IS NOT OLD.target_version
            OR NEW.state IS NOT OLD.state
            OR NEW.state_hash IS NOT OLD.state_hash
            OR NEW.effect IS NOT OLD.effect
            OR NEW.reason IS NOT OLD.reason
            OR NEW.maker_id IS NOT OLD.maker_id
            OR NEW.checkers_needed IS NOT OLD.checkers_needed
            OR NEW.requested_at IS NOT OLD.requested_at
            OR NEW.expires_at IS NOT OLD.expires_at;
    SELECT RAISE(ABORT, 'a request does not move like this')
        WHERE NOT (NEW.status IS OLD.status
            AND NEW.decided_at IS OLD.decided_at AND NEW.executed_at IS OLD.executed_at
            AND NEW.result IS OLD.result AND NEW.failure_code IS OLD.failure_code)
            AND NOT (OLD.status = 'PENDING' AND NEW.status IN
                ('APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'STALE'))
            AND NOT (OLD.status = 'APPROVED' AND NEW.status IN ('EXECUTED', 'FAILED', 'STALE'));
    SELECT RAISE(ABORT, 'a request is approved by votes')
        WHERE NEW.status IN ('APPROVED', 'EXECUTED') AND NEW.checkers_needed >
            (SELECT count(DISTINCT checker_id) FROM approvals_approvalvote
            WHERE request_id = NEW.id AND approves AND checker_id <> NEW.maker_id);
    SELECT RAISE(ABORT, 'a request is rejected by a vote')
        WHERE NEW.status = 'REJECTED' AND NOT
            EXISTS (SELECT 1 FROM approvals_approvalvote
            WHERE request_id = NEW.id AND NOT approves AND checker_id <> NEW.maker_id);
END
;;
CREATE TRIGGER approvals_request_kept BEFORE DELETE ON approvals_approvalrequest
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_vote_fixed BEFORE UPDATE ON approvals_approvalvote
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_vote_kept BEFORE DELETE ON approvals_approvalvote
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_sponsor_fixed BEFORE UPDATE ON approvals_operatorsponsor
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_sponsor_kept BEFORE DELETE ON approvals_operatorsponsor
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_version_kept BEFORE DELETE ON approvals_targetversion
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept');
END
;;
CREATE TRIGGER approvals_vote_given BEFORE INSERT ON approvals_approvalvote
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept')
        WHERE EXISTS (SELECT 1 FROM approvals_approvalvote WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'UNIQUE constraint failed: approvals_one_vote_each')
        WHERE EXISTS (SELECT 1 FROM approvals_approvalvote
            WHERE request_id = NEW.request_id AND checker_id = NEW.checker_id);
    SELECT RAISE(ABORT, 'a vote is another operator''s than the maker')
        WHERE NEW.checker_id = NEW.maker_id OR EXISTS (SELECT 1 FROM approvals_approvalrequest
            WHERE id = NEW.request_id
            AND (maker_id <> NEW.maker_id OR maker_id = NEW.checker_id));
    SELECT RAISE(ABORT, 'a vote is given while the request waits')
        WHERE EXISTS (SELECT 1 FROM approvals_approvalrequest
            WHERE id = NEW.request_id AND status <> 'PENDING');
END
;;
CREATE TRIGGER approvals_sponsor_given BEFORE INSERT ON approvals_operatorsponsor
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept')
        WHERE EXISTS (SELECT 1 FROM approvals_operatorsponsor WHERE id = NEW.id);
END
;;
CREATE TRIGGER approvals_version_begins BEFORE INSERT ON approvals_targetversion
BEGIN
    SELECT RAISE(ABORT, 'rows of the approvals are written once and kept')
        WHERE EXISTS (SELECT 1 FROM approvals_targetversion
            WHERE target = NEW.target OR rowid = NEW.rowid);
END
;;
CREATE TRIGGER approvals_version_counts BEFORE UPDATE ON approvals_targetversion
BEGIN
    SELECT RAISE(ABORT, 'a version is never set back')
        WHERE NEW.rowid IS NOT OLD.rowid
            OR NEW.target <> OLD.target OR NEW.version < OLD.version;
END
;;
